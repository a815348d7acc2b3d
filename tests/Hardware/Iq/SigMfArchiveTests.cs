using System.Formats.Tar;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>SigMF archives, the rarer datatypes and fields, and files without a header.</summary>
public sealed class SigMfArchiveTests : IDisposable
{
    private static readonly SigMfOptions FlatOut = new() { RealTime = false };

    private readonly string folder = Directory.CreateTempSubdirectory("sigmf").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Meta(string datatype = "cu8", string global = "", string capture = "") =>
        $$"""{ "global": { "core:datatype": "{{datatype}}", "core:sample_rate": 1000, "core:version": "1.2.0"{{global}} }, "captures": [ { "core:sample_start": 0, "core:frequency": 98000000{{capture}} } ], "annotations": [] }""";

    private string Archive(params (string Name, byte[] Bytes)[] files)
    {
        var path = Path.Combine(folder, "x.sigmf");
        using var tar = new TarWriter(File.Create(path));
        foreach (var (name, bytes) in files) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        return path;
    }

    private string Pair(string meta, byte[] data)
    {
        File.WriteAllText(Path.Combine(folder, "x.sigmf-meta"), meta);
        File.WriteAllBytes(Path.Combine(folder, "x.sigmf-data"), data);
        return Path.Combine(folder, "x");
    }

    private static async Task<List<float>> ReadAll(IIqSource source)
    {
        var samples = new List<float>();
        var buffer = new float[64];
        while (await source.ReadAsync(buffer, default) is { Samples: > 0 } read) samples.AddRange(buffer.Take(2 * read.Samples));
        return samples;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static Problem Refused(Action act) => FluentActions.Invoking(act).Should().Throw<ProblemException>().Which.Problem;

    [Theory]
    [InlineData("rec.sigmf-meta", "rec.sigmf-data")]
    [InlineData("rec/rec.sigmf-meta", "rec/rec.sigmf-data")]
    public async Task The_one_recording_of_an_archive_is_read_in_place(string meta, string data)
    {
        await using var source = SigMfSource.Open(Archive(("README", [1, 2, 3]), (meta, Utf8(Meta())), (data, [0, 255, 255, 0])), FlatOut);
        source.Stream.Should().Be(new IqStream("rec", 1000, 98e6, Origin.Replay));
        (await ReadAll(source)).Should().Equal(-1, 1, 1, -1);
        source.Warnings.Should().BeEmpty();
        Directory.GetFiles(folder).Should().ContainSingle("nothing is unpacked");
    }

    [Fact]
    public async Task Of_several_recordings_one_has_to_be_named()
    {
        var path = Archive(("a/a.sigmf-meta", Utf8(Meta())), ("a/a.sigmf-data", [0, 0]), ("b/b.sigmf-meta", Utf8(Meta())), ("b/b.sigmf-data", [255, 255]));
        var problem = Refused(() => SigMfSource.Open(path, FlatOut));
        problem.Code.Should().Be("sigmf.which-recording");
        problem.Detail.En.Should().Contain("a/a, b/b");
        Refused(() => SigMfSource.Open(path, FlatOut with { Recording = "c" })).Code.Should().Be("sigmf.which-recording");
        await using var source = SigMfSource.Open(path, FlatOut with { Recording = "b" });
        (await ReadAll(source)).Should().Equal(1, 1);
    }

    [Fact]
    public async Task Of_a_torn_archive_the_samples_that_are_there_are_kept()
    {
        var path = Archive(("rec.sigmf-meta", Utf8(Meta())), ("rec.sigmf-data", new byte[4096]));
        var bytes = await File.ReadAllBytesAsync(path);
        // Two blocks of 512 bytes end a tar; 4096 − 1000 bytes of data are left.
        await File.WriteAllBytesAsync(path, bytes[..Array.FindLastIndex(bytes, b => b != 0)]);
        var end = Encoding.ASCII.GetString(bytes).LastIndexOf("rec.sigmf-data", StringComparison.Ordinal) + 512 + 3096;
        await File.WriteAllBytesAsync(path, bytes[..end]);
        await using var source = SigMfSource.Open(path, FlatOut);
        (await ReadAll(source)).Should().HaveCount(3096);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("sigmf.truncated");
    }

    [Fact]
    public void What_is_no_archive_is_refused_never_worse()
    {
        Refused(() => SigMfSource.Open(Path.Combine(folder, "none.sigmf"))).Code.Should().Be("sigmf.archive");
        Refused(() => SigMfSource.Open(Archive(("README", [1])))).Code.Should().Be("sigmf.archive");
        Refused(() => SigMfSource.Open(Archive(("rec.sigmf-meta", Utf8(Meta()))))).Code.Should().Be("sigmf.data-missing");
        var path = Archive(("rec.sigmf-meta", Utf8(Meta())), ("rec.sigmf-data", new byte[600]));
        var good = File.ReadAllBytes(path);
        var random = new Random(7);
        for (var n = 0; n < 500; n++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var k = 0; k < 5 && bytes.Length > 0; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                SigMfSource.Open(path, FlatOut).DisposeAsync().AsTask().IsCompletedSuccessfully.Should().BeTrue();
            }
            catch (ProblemException e)
            {
                e.Problem.Code.Should().StartWith("sigmf.");
            }
        }
    }

    [Theory]
    [InlineData("ci16_be", new byte[] { 0x80, 0, 0x40, 0 }, new[] { -1, 0.5f })]
    [InlineData("cu16_le", new byte[] { 0, 0, 0xFF, 0xFF }, new[] { -1f, 1 })]
    [InlineData("cu16_be", new byte[] { 0, 0, 0xFF, 0xFF }, new[] { -1f, 1 })]
    [InlineData("ci32_le", new byte[] { 0, 0, 0, 0x80, 0, 0, 0, 0x40 }, new[] { -1, 0.5f })]
    [InlineData("ci32_be", new byte[] { 0x80, 0, 0, 0, 0x40, 0, 0, 0 }, new[] { -1, 0.5f })]
    [InlineData("cf32_be", new byte[] { 0x3F, 0x80, 0, 0, 0x7F, 0xC0, 0, 0 }, new[] { 1f, 0 })]
    [InlineData("cf64_le", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F }, new[] { 1f, 0 })]
    public async Task The_rarer_datatypes_are_read(string datatype, byte[] data, float[] expected)
    {
        await using var source = SigMfSource.Open(Pair(Meta(datatype), data), FlatOut);
        (await ReadAll(source)).Should().Equal(expected);
    }

    [Fact]
    public async Task Long_blocks_are_converted_as_short_ones()
    {
        // Vectors and the values behind the last whole vector.
        var bytes = new byte[2 * 1001];
        new Random(1).NextBytes(bytes);
        var buffer = new float[bytes.Length];
        await using (var source = SigMfSource.Open(Pair(Meta().Replace("1000", "1000000", StringComparison.Ordinal), bytes), FlatOut)) await source.ReadAsync(buffer, default);
        buffer.Should().Equal(bytes.Select(b => (b - 127.5f) * (1 / 127.5f)));
        await using (var source = SigMfSource.Open(Pair(Meta("ci16_le").Replace("1000", "1000000", StringComparison.Ordinal), bytes), FlatOut)) (await source.ReadAsync(buffer, default)).Samples.Should().Be(500);
        buffer.Take(1000).Should().Equal(Enumerable.Range(0, 1000).Select(n => BitConverter.ToInt16(bytes, 2 * n) / 32768f));
    }

    [Theory]
    [InlineData("ru8")]
    [InlineData("ri16_le")]
    [InlineData("rf32_le")]
    public void Real_samples_are_refused_and_told_why(string datatype)
    {
        var problem = Refused(() => SigMfSource.Open(Pair(Meta(datatype), new byte[8])));
        problem.Code.Should().Be("sigmf.datatype");
        problem.Title.En.Should().Contain("real samples");
    }

    [Fact]
    public async Task Time_and_place_of_the_recording_are_told()
    {
        await using var source = SigMfSource.Open(Pair(Meta(global: """, "core:geolocation": { "type": "Point", "coordinates": [113.26, 23.13, 21.5] }""", capture: """, "core:datetime": "2026-01-15T08:00:00.5Z" """), new byte[4]), FlatOut);
        source.RecordedAt.Should().Be(new DateTimeOffset(2026, 1, 15, 8, 0, 0, 500, TimeSpan.Zero));
        source.Position.Should().Be(new GeoPoint(23.13, 113.26, 21.5));
    }

    [Theory]
    [InlineData("", """, "core:datetime": "2026-01-15T08:00:00" """)] // whose time?
    [InlineData("", """, "core:datetime": 5""")]
    [InlineData(""", "core:geolocation": { "type": "Point", "coordinates": [23.13, 113.26] }""", "")] // latitude first
    [InlineData(""", "core:geolocation": "Guangzhou" """, "")]
    public async Task Time_and_place_that_are_none_are_ignored_and_said(string global, string capture)
    {
        await using var source = SigMfSource.Open(Pair(Meta(global: global, capture: capture), new byte[4]), FlatOut);
        (source.RecordedAt, source.Position).Should().Be((null, null));
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("sigmf.field-ignored");
    }

    [Fact]
    public async Task Read_as_fast_as_possible_samples_have_the_times_of_the_recording()
    {
        var start = new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);
        await using var source = SigMfSource.Open(Pair(Meta(), new byte[160]), FlatOut with { FirstSampleAt = start, Loop = true });
        var buffer = new float[4096];
        (await source.ReadAsync(buffer, default)).Should().Be(new IqRead(40, start, true));
        (await source.ReadAsync(buffer, default)).Should().Be(new IqRead(40, start.AddMilliseconds(40), false));
        (await source.ReadAsync(buffer, default)).Should().Be(new IqRead(40, start.AddMilliseconds(80), true));
    }

    [Fact]
    public async Task A_data_file_of_another_name_is_found_and_its_end_left_out()
    {
        File.WriteAllText(Path.Combine(folder, "x.sigmf-meta"), Meta(global: """, "core:dataset": "dump.bin", "core:trailing_bytes": 3"""));
        File.WriteAllBytes(Path.Combine(folder, "dump.bin"), [0, 255, 9, 9, 9]);
        await using var source = SigMfSource.Open(Path.Combine(folder, "x"), FlatOut);
        (await ReadAll(source)).Should().Equal(-1, 1);
        File.WriteAllText(Path.Combine(folder, "x.sigmf-meta"), Meta(global: """, "core:dataset": "../dump.bin" """));
        Refused(() => SigMfSource.Open(Path.Combine(folder, "x"))).Code.Should().Be("sigmf.field");
    }

    [Fact]
    public async Task Bare_samples_are_read_with_what_is_said_of_them()
    {
        var path = Path.Combine(folder, "capture.bin");
        await File.WriteAllBytesAsync(path, [0, 255, 255, 0, 7]);
        await using var source = RawIqSource.Open(path, new RawIqOptions { SampleRateHz = 2e6, CenterFrequencyHz = 98e6, RealTime = false, DbmAtFullScale = -20 });
        source.Stream.Should().Be(new IqStream("capture.bin", 2e6, 98e6, Origin.Replay, -20));
        (await ReadAll(source)).Should().Equal(-1, 1, 1, -1);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("iq.truncated");
        Refused(() => RawIqSource.Open(path, new RawIqOptions { SampleRateHz = 0, CenterFrequencyHz = 98e6 })).Code.Should().Be("iq.options");
        Refused(() => RawIqSource.Open(path, new RawIqOptions { SampleRateHz = 2e6, CenterFrequencyHz = 98e6, Format = "mp3" })).Code.Should().Be("sigmf.datatype");
        Refused(() => RawIqSource.Open(path, new RawIqOptions { SampleRateHz = 2e6, CenterFrequencyHz = 98e6, Format = "cf32_le" })).Code.Should().Be("iq.empty");
        Refused(() => RawIqSource.Open(path + "x", new RawIqOptions { SampleRateHz = 2e6, CenterFrequencyHz = 98e6 })).Code.Should().Be("iq.missing");
    }
}
