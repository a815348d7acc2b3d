using SignalWatch.Tests;
using static SignalWatch.TransportStream.Tests.ElementaryFeed;

namespace SignalWatch.TransportStream.Tests;

public sealed class ElementaryRobustnessTests
{
    private static readonly (int StreamType, byte[] Descriptors)[] Readers =
    [
        (0x02, []), (0x1B, []), (0x24, []), (0x33, []), (0x42, []), (0xD2, []), (0xD4, []), (0xD5, []), (0x03, []), (0x0F, []), (0x11, []), (0x81, []),
        (0x06, [0x7A, 1, 0]), (0x06, [0x7B, 0]), (0x06, [0x05, 4, .. "DRA1"u8]),
    ];

    [RecordingFact]
    public void Ten_thousand_mutated_headers_never_stop_it()
    {
        var seeds = RealHeaders();
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            var (type, descriptors) = Readers[seed % Readers.Length];
            var bytes = Mutate(seeds[random.Next(seeds.Count)], random);
            var reader = Feed(ReaderOf(type, descriptors), seed, Pes(bytes), Pes(Mutate(bytes, random)), bytes, Pes(bytes));
            Check(reader.Format);
        }
    }

    [Fact]
    public void Noise_behind_every_kind_of_header_never_stops_it()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var (type, descriptors) = Readers[seed % Readers.Length];
            var noise = new byte[random.Next(1, 600)];
            random.NextBytes(noise);
            byte[] header = type switch
            {
                0x1B => Unit(0x67, 100, 0, 40),
                0x24 => Unit(0x42, 1, 1, 1, 0x60),
                0x33 => Unit(0x00, 0x79),
                0x02 => Unit(0xB3),
                0x42 or 0xD2 or 0xD4 => Unit(0xB0),
                _ => [0xFF, (byte)(0xF0 | random.Next(16))],
            };
            Check(Feed(ReaderOf(type, descriptors), seed, Pes([.. header, .. noise, 0, 0, 1, 0x65])).Format);
        }
    }

    [Fact]
    public void A_header_that_never_ends_holds_4_KB_of_memory()
    {
        var reader = ReaderOf(0x1B);
        var pes = Pes([.. Unit(0x67, 100, 0, 40), .. Enumerable.Repeat((byte)0x55, 100_000)]);
        Feed(reader, 1, pes, pes); // buffers are there now
        Allocated.Bytes(() => Feed(reader, 1, pes)).Should().BeLessThan(10_000);
    }

    [Fact]
    public void What_is_found_depends_on_the_bytes_and_not_on_how_they_were_cut()
    {
        var sps = Convert.FromHexString("42C01ED900B435F9E10000030001000003003C0F162E48");
        var pes = Pes([.. Unit(0x09, 0xF0), .. Unit([0x67, .. sps]), .. Unit(0x65, 0x88, 0x84)]);
        for (var at = 14; at < pes.Length; at++)
        {
            var reader = ReaderOf(0x1B);
            PesHeader.TryRead(pes.AsSpan(0, at), out var header);
            reader.Start(header, pes.AsSpan(header.HeaderBytes..at), 0);
            for (var i = at; i < pes.Length; i++) reader.Continue(pes.AsSpan(i, 1));
            reader.Format.Video.Should().BeEquivalentTo(new { Width = 720, Height = 404, FrameRate = 30.0 }, "cut at {0}", at);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Units_are_the_same_in_any_pieces_and_as_a_plain_search_finds_them(bool emulationPrevention)
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(4, 80)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.Next(4) switch { 0 or 1 => 0, 2 => 1, _ => random.Next(6) });
            var (whole, pieces) = (new UnitLog(), new UnitLog());
            var (ofWhole, ofPieces) = (new StartCodeUnits(whole, emulationPrevention), new StartCodeUnits(pieces, emulationPrevention));
            ofWhole.Push(bytes, false);
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, 5), bytes.Length - at);
                ofPieces.Push(bytes.AsSpan(at, count), false);
                at += count;
            }
            ofWhole.Begin();
            ofPieces.Begin();
            pieces.Lines.Should().Equal(whole.Lines, "of seed {0}", seed);
            if (!emulationPrevention) whole.Lines.Should().Equal(PlainSearch(bytes), "of seed {0}", seed);
        }
    }

    private static IEnumerable<string> PlainSearch(byte[] bytes)
    {
        var hex = Convert.ToHexString(bytes);
        List<int> starts = [];
        for (var i = 0; i + 4 < bytes.Length; i++) // type and one byte more
            if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) starts.Add(i + 3);
        for (var i = 0; i < starts.Count; i++)
        {
            yield return $"{bytes[starts[i]]:X2}{bytes[starts[i] + 1]:X2}";
            var next = Enumerable.Range(starts[i], Math.Max(0, bytes.Length - 2 - starts[i])).Where(j => bytes[j] == 0 && bytes[j + 1] == 0 && bytes[j + 2] == 1).Select(j => (int?)j).FirstOrDefault() ?? bytes.Length;
            yield return "= " + hex[(2 * starts[i])..(2 * Math.Max(next, starts[i] + 2))].TrimEnd('0').PadRight(2, '0');
        }
    }

    private sealed class UnitLog : VideoHeaders
    {
        public List<string> Lines { get; } = [];

        public override UnitUse Use(byte type, byte next)
        {
            Lines.Add($"{type:X2}{next:X2}");
            return UnitUse.Keep;
        }

        public override void Read(ReadOnlySpan<byte> unit) => Lines.Add("= " + Convert.ToHexString(unit).TrimEnd('0').PadRight(2, '0'));
    }

    [Fact]
    public void A_PES_packet_that_is_marked_as_scrambled_is_not_read()
    {
        var pes = Pes(Unit(0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xB4));
        pes[6] |= 0x20;
        var reader = Feed(ReaderOf(0x1B), 0, pes);
        reader.LooksScrambled.Should().BeTrue();
        reader.Wants.Should().BeFalse();
    }

    [Fact]
    public void Pictures_without_a_start_code_look_scrambled_and_one_packet_proves_nothing()
    {
        var random = new Random(8);
        var noise = new byte[4000];
        random.NextBytes(noise);
        for (var i = 0; i < noise.Length; i++) noise[i] |= 0x10; // no zero bytes: no start code by chance
        var reader = ReaderOf(0x1B);
        Feed(reader, 2, Pes(noise), Pes(noise)).LooksScrambled.Should().BeNull();
        Feed(reader, 2, Pes(noise), Pes(noise), Pes(noise)).LooksScrambled.Should().BeTrue();
        Feed(reader, 2, Pes([.. Unit(0x09, 0xF0), .. Unit(0x65, 1, 2, 3)]), Pes(noise)).LooksScrambled.Should().BeFalse("it is clear again");
    }

    private static void Check(ComponentFormat format)
    {
        if (format.Video is { } video)
        {
            video.Width.Should().BeInRange(1, 16384);
            video.Height.Should().BeInRange(1, 32768);
            if (video.FrameRate is { } rate) double.IsFinite(rate).Should().BeTrue();
        }
        if (format.Audio is { } audio)
        {
            audio.Channels.Should().BeInRange(1, 255);
            audio.SampleRate.Should().BePositive();
        }
    }

    /// <summary>The first bytes of each component's PES packets: real headers of every codec that the recordings have.</summary>
    private static List<byte[]> RealHeaders()
    {
        List<byte[]> headers = [];
        foreach (var name in new[] { "avc_eac3_clear", "hevc_small", "rai_mux_8svc", "mpeg2_tdt_dvbsub", "pcr_jitter" })
        {
            var file = File.ReadAllBytes(Recordings.File("ts", "real", name + ".ts"));
            var replay = ElementaryReplay.Of(file);
            Dictionary<int, List<byte>> open = [];
            foreach (var packet in ElementaryReplay.Packets(file))
            {
                var pid = ElementaryReplay.Pid(packet);
                if (!replay.Components.TryGetValue(pid, out var component) || component.Reader.Format.Codec is null) continue;
                if ((packet[1] & 0x40) != 0 && !open.TryAdd(pid, [])) headers.Add([.. open[pid].Take(700)]);
                if ((packet[1] & 0x40) != 0) open[pid] = [];
                if (open.TryGetValue(pid, out var bytes) && bytes.Count < 700) bytes.AddRange(ElementaryReplay.Payload(packet)[((packet[1] & 0x40) != 0 ? 14 : 0)..]);
            }
        }
        headers.Should().HaveCountGreaterThan(100);
        return headers;
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var i = random.Next(1, 9); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)); break;
                default: bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 30)).Select(_ => (byte)random.Next(256))); break;
            }
        }
        return [.. bytes];
    }
}
