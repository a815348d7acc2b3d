using System.Diagnostics;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Sections that are not what they say: bits turned, bytes cut and put in, lengths that lie. Nothing throws or hangs, and what comes out is XML and JSON.</summary>
public sealed class TablesRobustnessTests
{
    private const int Seed = 20260301;
    private const int Mutations = 12_000;

    private static readonly int[] SystemPids = [0, 1, 2, 0x10, 0x11, 0x12, 0x13, 0x14, 0x1F, 0x112, 0x7D1, 0x7D2, 0x81];

    [RecordingFact]
    public void Mutated_sections_of_every_recording_are_documents_still()
    {
        var sections = Directory.GetFiles(Recordings.File("ts", "real"), "*.ts").Append(Recordings.File("ts", "synth", "cn_si.ts")).Order(StringComparer.Ordinal)
            .SelectMany(path => TablesWalker.Of(path, SystemPids).Sections).Select(section => section.Bytes).DistinctBy(Convert.ToHexString)
            .Concat(JsonDocument.Parse(File.ReadAllText(Recordings.File("content", "scte35", "cues.json"))).RootElement.EnumerateArray().Select(cue => Convert.FromBase64String(cue.GetProperty("b64").GetString()!)))
            .ToList();
        sections.Count.Should().BeGreaterThan(500);
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Mutations; i++) Document(Mutate(sections[i % sections.Count], random)).Should().NotBeNull();
        clock.Elapsed.Should().BeLessThan(Hang.Limit);
    }

    [Fact]
    public void Every_descriptor_of_random_bytes_and_of_every_length_is_a_document_still()
    {
        var random = new Random(Seed);
        var body = new byte[64];
        foreach (var (tableId, streamType) in (ReadOnlySpan<(int, int?)>)[(0x02, 0x1B), (0x02, 0x42), (0x02, 0xD2), (0x02, 0xD4), (0x02, 0xD5), (0x40, null), (0x74, null), (0x4C, null), (0xFC, null)])
            for (var tag = 0; tag < 256; tag++)
                for (var length = 0; length < 64; length += 3)
                {
                    random.NextBytes(body);
                    if (length > 0 && tag is 0x3F or 0x7F) body[0] = (byte)(length % 0x26);
                    var loop = new TableElementBuilder("loop");
                    byte[] bytes = [0x5F, 4, 0, 0, 0, 0x28, (byte)tag, (byte)length, .. body.AsSpan(0, length)];
                    DescriptorLoop.Read(bytes, loop, new DescriptorScope(new DvbText(DvbCharset.Gb18030), tableId, streamType));
                    var element = loop.Build();
                    element.Children.Should().HaveCount(2);
                    XmlOf(element);
                }
    }

    [Fact]
    public void Control_characters_and_halves_of_pairs_do_not_break_the_documents()
    {
        var builder = new TableElementBuilder("name");
        builder.Text("value", "a\0b\u0001c\uD800d\uFFFEe\uD83D\uDE00\n\"<&>'").TextChild("text", "\u0002]]>\uDC00");
        var element = builder.Build();
        XmlOf(element).Attribute("value")!.Value.Should().Be("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uD83D\uDE00\n\"<&>'");
        JsonOf(element).GetProperty("value").GetString().Should().Be("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uD83D\uDE00\n\"<&>'");
    }

    private static TableElement? Document(byte[] section)
    {
        var archive = new TableArchive();
        TableVersion? table = null;
        archive.Completed = complete => table = complete;
        archive.Add(0x100, section, 1, 0);
        foreach (var whole in archive.Incomplete.Append(table).OfType<TableVersion>())
        {
            var element = whole.Read(DvbCharset.Gb18030);
            XmlOf(element);
            JsonOf(element);
        }
        // Also what no archive would take, as a caller of the public reader may have it.
        var read = new TableVersion(0x100, section.Length > 0 ? section[0] : 0, section.Length >= 5 && (section[1] & 0x80) != 0 ? section[3] << 8 | section[4] : null, 0, true, 0, 0, [section]);
        return section.Length < 7 ? new TableElement("none", [], []) : read.Read(DvbCharset.Gb18030);
    }

    private static XElement XmlOf(TableElement element)
    {
        using var text = new StringWriter();
        using (var xml = XmlWriter.Create(text)) TableXml.Write(xml, element, 0);
        return XElement.Parse(text.ToString(), LoadOptions.PreserveWhitespace);
    }

    private static JsonElement JsonOf(TableElement element)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) TableJson.Write(json, element);
        return JsonDocument.Parse(bytes.ToArray()).RootElement;
    }

    private static byte[] Mutate(byte[] section, Random random)
    {
        var mutated = section.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && mutated.Count > 0; changes--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: mutated[at] = (byte)random.Next(256); break;
                case 2: mutated.RemoveRange(at, Math.Min(random.Next(1, 20), mutated.Count - at)); break;
                case 3: mutated.Insert(at, (byte)random.Next(256)); break;
                default: mutated[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0; break;
            }
        }
        // A splice_info_section that the archive looks into needs its CRC: half of them get one.
        if (mutated.Count > 8 && random.Next(2) == 0)
        {
            var crc = Crc32Mpeg.Compute(mutated.GetRange(0, mutated.Count - 4).ToArray());
            for (var i = 0; i < 4; i++) mutated[mutated.Count - 4 + i] = (byte)(crc >> (24 - 8 * i));
        }
        return [.. mutated];
    }
}
