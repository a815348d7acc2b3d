using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>WAV recordings of I and Q and of MPX: what is read, also of torn ones, and what is said of bad ones.</summary>
public sealed class WavTests : IDisposable
{
    private static readonly WavIqOptions FlatOut = new() { RealTime = false, CenterFrequencyHz = 98e6 };

    private readonly string folder = Directory.CreateTempSubdirectory("wav").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(byte[] bytes, string name = "x.wav")
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<List<float>> ReadAll(WavIqSource source)
    {
        var samples = new List<float>();
        var buffer = new float[64];
        while (await source.ReadAsync(buffer, default) is { Samples: > 0 } read) samples.AddRange(buffer.Take(2 * read.Samples));
        return samples;
    }

    private static string Code(Action act) => FluentActions.Invoking(act).Should().Throw<ProblemException>().Which.Problem.Code;

    private static byte[] Iq16(params byte[] data) => WavBytes.File(WavBytes.Format(1, 2, 1000, 16), WavBytes.Chunk("data", data));

    [Theory]
    [InlineData(1, 8, new byte[] { 0, 128, 192, 64 }, new[] { -1, 0, 0.5f, -0.5f })]
    [InlineData(1, 16, new byte[] { 0, 0x80, 0, 0x40 }, new[] { -1, 0.5f })]
    [InlineData(1, 24, new byte[] { 0, 0, 0x80, 0, 0, 0x40 }, new[] { -1, 0.5f })]
    [InlineData(1, 32, new byte[] { 0, 0, 0, 0x80, 0, 0, 0, 0x40 }, new[] { -1, 0.5f })]
    [InlineData(3, 32, new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F }, new[] { 1f, 0f })] // the second is a NaN
    [InlineData(3, 64, new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0 }, new[] { 1f, 0f })]
    public async Task Every_format_is_read_also_as_extensible(int tag, int bits, byte[] data, float[] expected)
    {
        foreach (var extensible in (bool[])[false, true])
        {
            await using var source = WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(tag, 2, 1000, bits, extensible), WavBytes.Chunk("data", data))), FlatOut);
            source.Stream.Should().Be(new IqStream("x.wav", 1000, 98e6, Origin.Replay));
            (await ReadAll(source)).Should().Equal(expected);
            source.Warnings.Should().BeEmpty();
        }
    }

    [Fact]
    public async Task The_long_formats_take_their_length_from_ds64()
    {
        byte[] ds64 = [.. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(4L), .. new byte[12]];
        foreach (var kind in (string[])["RF64", "BW64"])
        {
            await using var source = WavIqSource.Open(Write(WavBytes.Riff(kind, WavBytes.Chunk("ds64", ds64), WavBytes.Format(1, 2, 1000, 16), WavBytes.Chunk("data", [0, 0x80, 0, 0x40], uint.MaxValue), WavBytes.Chunk("LIST", new byte[6]))), FlatOut);
            (await ReadAll(source)).Should().Equal(-1, 0.5f);
            source.Warnings.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData(0u)] // the program was killed before it wrote the length
    [InlineData(4u)] // and before it wrote it again
    [InlineData(12_000u)]
    [InlineData(uint.MaxValue)]
    public async Task Of_a_torn_recording_everything_is_read_and_it_is_said(uint length)
    {
        await using var source = WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(1, 2, 1000, 16), WavBytes.Chunk("data", [0, 0x80, 0, 0x40, 0, 0xC0, 0, 0, 0, 0x40, 1, 2, 3, 4, 5, 6], length))), FlatOut);
        (await ReadAll(source)).Should().HaveCount(8);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("wav.length");
    }

    [Fact]
    public async Task A_part_of_a_sample_at_the_end_is_left_out_and_said()
    {
        await using var source = WavIqSource.Open(Write(Iq16(0, 0x80, 0, 0x40, 9, 9)), FlatOut);
        (await ReadAll(source)).Should().Equal(-1, 0.5f);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("wav.torn");
    }

    [Fact]
    public async Task Chunks_between_pieces_of_data_are_no_samples()
    {
        byte[] kiwi = WavBytes.Chunk("kiwi", [.. Enumerable.Repeat((byte)0x7F, 10)]);
        await using var source = WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(1, 2, 1000, 16), kiwi, WavBytes.Chunk("data", [0, 0x80, 0, 0x40]), kiwi, WavBytes.Chunk("data", [0, 0x40, 0, 0x80]))), FlatOut with { Loop = true });
        var buffer = new float[8];
        for (var round = 0; round < 3; round++)
        {
            var read = await source.ReadAsync(buffer, default);
            (read.Samples, read.Discontinuity).Should().Be((2, true));
            buffer.Take(4).Should().Equal(-1, 0.5f, 0.5f, -1);
        }
    }

    [Fact]
    public async Task The_chunk_of_sdr_programs_tells_frequency_and_start()
    {
        await using var source = WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(1, 2, 1000, 16), WavBytes.Auxi(new DateTime(2019, 5, 4, 16, 39, 14, 250), 98_100_000), WavBytes.Chunk("data", new byte[8]))), new WavIqOptions { RealTime = false });
        source.Stream.CenterFrequencyHz.Should().Be(98_100_000);
        source.RecordedAt.Should().Be(new DateTimeOffset(2019, 5, 4, 16, 39, 14, 250, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task So_does_its_form_as_xml(bool wide)
    {
        const string xml = """<?xml version="1.0"?><SDR-XML-Root Description="Saved recording data"><Definition CurrentTimeUTC="04-05-2019 16:39:14" RadioCenterFreq="98100000" UTCSeconds="1556987954"/></SDR-XML-Root>""";
        await using var source = WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(1, 2, 1000, 16), WavBytes.Chunk("auxi", (wide ? Encoding.Unicode : Encoding.UTF8).GetBytes(xml)), WavBytes.Chunk("data", new byte[8]))), new WavIqOptions { RealTime = false });
        source.Stream.CenterFrequencyHz.Should().Be(98_100_000);
        source.RecordedAt.Should().Be(new DateTimeOffset(2019, 5, 4, 16, 39, 14, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("SDRSharp_20190504_163914Z_98100000Hz_IQ.wav", 98_100_000, true)]
    [InlineData("HDSDR_20190504_163914Z_98100kHz_RF.wav", 98_100_000, true)]
    [InlineData("baseband_98100000Hz_16-39-14_04-05-2019.wav", 98_100_000, false)] // local time, nobody knows where
    [InlineData("20190504T163914Z_77500_HB9ODP_iq.wav", 77_500, true)]
    [InlineData("night-98.1MHz.wav", 98_100_000, false)]
    public async Task The_name_of_a_file_tells_frequency_and_start(string name, double frequency, bool dated)
    {
        await using var source = WavIqSource.Open(Write(Iq16(new byte[8]), name), new WavIqOptions { RealTime = false });
        source.Stream.CenterFrequencyHz.Should().BeApproximately(frequency, 1e-3);
        source.RecordedAt.Should().Be(dated ? new DateTimeOffset(2019, 5, 4, 16, 39, 14, TimeSpan.Zero) : null);
    }

    [Fact]
    public async Task Two_frequencies_that_differ_are_said()
    {
        var bytes = WavBytes.File(WavBytes.Format(1, 2, 1000, 16), WavBytes.Auxi(new DateTime(2019, 5, 4), 98_100_000), WavBytes.Chunk("data", new byte[8]));
        await using var source = WavIqSource.Open(Write(bytes, "x_90000000Hz_.wav"), new WavIqOptions { RealTime = false });
        source.Stream.CenterFrequencyHz.Should().Be(98_100_000);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("wav.frequency-differs");
    }

    [Fact]
    public async Task Swapped_channels_are_put_right()
    {
        await using var source = WavIqSource.Open(Write(Iq16(0, 0x80, 0, 0x40)), FlatOut with { SwapIq = true });
        (await ReadAll(source)).Should().Equal(0.5f, -1);
    }

    [Fact]
    public async Task A_wav_is_paced_as_a_receiver()
    {
        var time = new ManualTime();
        var start = time.GetUtcNow();
        await using var source = WavIqSource.Open(Write(Iq16(new byte[400])), new WavIqOptions { CenterFrequencyHz = 98e6, Time = time });
        var read = source.ReadAsync(new float[4096], default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(39));
        read.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await read.WaitAsync(Hang.Limit)).Should().Be(new IqRead(40, start, true));
    }

    [Fact]
    public void What_is_no_recording_of_iq_is_refused_with_its_reason()
    {
        Code(() => WavIqSource.Open(Path.Combine(folder, "nothing.wav"))).Should().Be("wav.missing");
        Code(() => WavIqSource.Open(Write([]))).Should().Be("wav.not-wav");
        Code(() => WavIqSource.Open(Write(Encoding.ASCII.GetBytes("RIFFxxxxAVI LIST")))).Should().Be("wav.not-wav");
        Code(() => WavIqSource.Open(Write(Iq16()))).Should().Be("wav.empty");
        Code(() => WavIqSource.Open(Write(Iq16(new byte[8])))).Should().Be("wav.frequency");
        Code(() => WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(1, 1, 1000, 16), WavBytes.Chunk("data", new byte[8]))), FlatOut)).Should().Be("wav.channels");
        Code(() => WavIqSource.Open(Write(WavBytes.File(WavBytes.Format(0x55, 2, 1000, 16), WavBytes.Chunk("data", new byte[8]))), FlatOut)).Should().Be("wav.format"); // MP3
        Code(() => WavIqSource.Open(Write(Iq16(new byte[8])), FlatOut with { ExpectedSampleRateHz = 2e6 })).Should().Be("sigmf.sample-rate-mismatch");
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_never_worse()
    {
        var random = new Random(5);
        byte[] ds64 = [.. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(4L), .. new byte[12]];
        var good = WavBytes.Riff("RF64", WavBytes.Chunk("ds64", ds64), WavBytes.Format(1, 2, 1000, 16, extensible: true), WavBytes.Auxi(new DateTime(2019, 5, 4), 98_100_000), WavBytes.Chunk("data", new byte[16]), WavBytes.Chunk("LIST", new byte[5]));
        for (var n = 0; n < 1000; n++)
        {
            var bytes = good[..random.Next(good.Length + 1)];
            for (var k = 0; k < 3 && bytes.Length > 0; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var path = Write(bytes);
                WavFile.Describe(path).Channels.Should().BePositive();
                using var mpx = MpxWavFile.Open(path);
                while (mpx.Read(new float[100]) > 0) { }
            }
            catch (ProblemException e)
            {
                e.Problem.Code.Should().StartWith("wav.");
            }
        }
    }

    [Fact]
    public void Mpx_is_read_as_deviation_of_the_first_channel()
    {
        var path = Write(WavBytes.File(WavBytes.Format(1, 2, 192_000, 16), WavBytes.Chunk("data", [0, 0x40, 1, 1, 0, 0xC0, 1, 1])));
        using var mpx = MpxWavFile.Open(path);
        mpx.Warnings.Should().ContainSingle().Which.Code.Should().Be("wav.first-channel");
        var deviation = new float[8];
        mpx.Read(deviation).Should().Be(2);
        deviation.Take(2).Should().Equal(75_000, -75_000);
        mpx.Read(deviation).Should().Be(0);
        using var other = MpxWavFile.Open(path, fullScaleHz: 100_000);
        other.Read(deviation.AsSpan(0, 1)).Should().Be(1);
        deviation[0].Should().Be(50_000);
    }

    [Fact]
    public void A_rate_that_rds_does_not_fit_in_is_refused() =>
        Code(() => MpxWavFile.Open(Write(WavBytes.File(WavBytes.Format(1, 1, 48_000, 16), WavBytes.Chunk("data", new byte[8]))))).Should().Be("wav.mpx-rate");

    [RecordingFact]
    public void The_composites_open_and_reach_the_deviation_of_their_truth()
    {
        // tone400_mono_19k: a sine of 19 kHz peak deviation and nothing else.
        var path = Recordings.File("fm", "mpx", "tone400_mono_19k.wav");
        var described = WavFile.Describe(path);
        (described.Channels, described.SampleRateHz, described.BitsPerSample).Should().Be((1, 192_000, 16));
        using var mpx = MpxWavFile.Open(path);
        var deviation = new float[192_000];
        float peak = 0;
        var samples = 0;
        while (mpx.Read(deviation) is > 0 and var read)
        {
            samples += read;
            foreach (var value in deviation.AsSpan(0, read)) peak = Math.Max(peak, Math.Abs(value));
        }
        peak.Should().BeApproximately(19_000, 20);
        (samples / 192_000d).Should().BeApproximately(mpx.Length.TotalSeconds, 1e-6);
        mpx.Warnings.Should().BeEmpty();
    }

    [RecordingFact]
    public async Task A_recording_of_a_kiwisdr_opens_without_its_time_stamps()
    {
        await using var source = WavIqSource.Open(Recordings.File("fm", "tdoa_kiwi", "20200813T065220Z_77500_HB9ODP_iq.wav"), new WavIqOptions { RealTime = false });
        source.Stream.Should().Be(new IqStream("20200813T065220Z_77500_HB9ODP_iq.wav", 12_001, 77_500, Origin.Replay));
        source.RecordedAt.Should().Be(new DateTimeOffset(2020, 8, 13, 6, 52, 20, TimeSpan.Zero));
        source.Warnings.Should().BeEmpty();
        // Pieces of 512 samples (2048 bytes) with 8 + 10 + 8 bytes before each: what is not a header is a sample.
        var pieces = (new FileInfo(Recordings.File("fm", "tdoa_kiwi", "20200813T065220Z_77500_HB9ODP_iq.wav")).Length - 36) / (2048 + 26);
        (source.Length.TotalSeconds * 12_001).Should().BeApproximately(512 * pieces, 0.01);
    }
}
