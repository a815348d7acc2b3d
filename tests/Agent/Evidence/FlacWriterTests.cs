using System.Diagnostics;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Tests.Evidence;

/// <summary>Sound as FLAC: every bit comes back by a decoder of its own, and by Xiph's <c>flac -t</c> where it is installed.</summary>
public sealed class FlacWriterTests : IDisposable
{
    private const int Rate = 32_000;
    private readonly string folder = Directory.CreateTempSubdirectory("flac").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Write(short[] left, short[]? right = null, int rate = Rate, int chunk = 1600, bool complete = true)
    {
        using var stream = new MemoryStream();
        using var flac = new FlacWriter(stream, rate, right is null ? 1 : 2, "SignalWatch test", [new("TITLE", "FM 98.0 MHz 演练"), new("DATE", "2026-03-14T23:04:00+08:00")]);
        for (var n = 0; n < left.Length; n += chunk)
        {
            var take = Math.Min(chunk, left.Length - n);
            if (right is null) flac.Write(left.AsSpan(n, take));
            else flac.Write(left.AsSpan(n, take), right.AsSpan(n, take));
        }
        flac.Samples.Should().Be(left.Length);
        if (complete) flac.Complete();
        return stream.ToArray();
    }

    private FlacDecoder Check(byte[] bytes, params short[][] expected)
    {
        var flac = FlacDecoder.Read(bytes);
        for (var n = 0; n < expected.Length; n++) flac.Channels[n].Should().Equal(expected[n].Select(s => (int)s));
        flac.TornBytes.Should().Be(0);
        flac.SamplesSaid.Should().Be(expected[0].Length);
        flac.Md5Said.Should().Equal(flac.Md5());
        if (FlacTest(bytes) is { } exit) exit.Should().Be(0, "flac -t accepts it");
        return flac;
    }

    private int? FlacTest(byte[] bytes)
    {
        const string program = "/usr/bin/flac";
        if (!File.Exists(program)) return null;
        var path = Path.Combine(folder, "sound.flac");
        File.WriteAllBytes(path, bytes);
        using var flac = Process.Start(new ProcessStartInfo(program, ["-t", "-s", "-w", path]) { RedirectStandardError = true })!;
        flac.StandardError.ReadToEnd();
        flac.WaitForExit();
        return flac.ExitCode;
    }

    private static short[] Tone(double hz, double amplitude, int count, double phase = 0) =>
        [.. Enumerable.Range(0, count).Select(n => (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * hz / Rate * n + phase)))];

    private static short[] Noise(int seed, double amplitude, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (short)Math.Clamp(amplitude * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()), short.MinValue, short.MaxValue))];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(20_001)]
    public void Any_length_comes_back(int length) => Check(Write(Noise(1, 3000, length), Tone(440, 9000, length)), Noise(1, 3000, length), Tone(440, 9000, length));

    [Fact]
    public void Silence_costs_almost_nothing()
    {
        var bytes = Write(new short[Rate * 10], new short[Rate * 10]);
        Check(bytes, new short[Rate * 10], new short[Rate * 10]).Kinds.Should().BeEquivalentTo("constant", "channels 1");
        bytes.Length.Should().BeLessThan(7000, "what is there are seek points and heads of frames");
    }

    [Fact]
    public void Noise_at_full_scale_is_kept_as_it_is()
    {
        var random = new Random(5);
        short[] White() => [.. Enumerable.Range(0, 20_000).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
        short[] left = White(), right = White();
        var bytes = Write(left, right);
        Check(bytes, left, right).Kinds.Should().Contain("verbatim");
        bytes.Length.Should().BeLessThan(4 * 20_000 + 4096 * 2);
    }

    [Fact]
    public void Extremes_of_both_channels_fit_the_side_channel()
    {
        // L − R reaches ±65535, which takes 17 bits; the residual of a jump between the extremes takes more.
        short[] left = [.. Enumerable.Range(0, 9000).Select(n => n / 700 % 2 == 0 ? short.MaxValue : short.MinValue)];
        short[] right = [.. left.Select(s => (short)~s)];
        Check(Write(left, right), left, right);
        short[] odd = [.. Enumerable.Range(0, 9000).Select(n => n % 2 == 0 ? short.MaxValue : short.MinValue)];
        Check(Write(odd, left), odd, left);
    }

    [Fact]
    public void A_loud_jump_in_quiet_sound_takes_the_wide_parameters_and_comes_back()
    {
        // Parameters above 14 take five bits instead of four; they are worth it only where the rest of the block is quiet.
        short[] jump = [.. Noise(8, 30, 3072), .. Noise(9, 31_000, 1024)];
        Check(Write(jump), jump).Kinds.Should().Contain("rice 1");
        Check(Write(Noise(8, 30, 4096)), Noise(8, 30, 4096)).Kinds.Should().Contain("rice 0");
    }

    [Fact]
    public void Every_way_to_pair_the_channels_is_used_where_it_is_the_best()
    {
        short[] speech = Noise(2, 2000, 8192), other = Noise(3, 2000, 8192), whisper = Noise(4, 4, 8192);
        short[] near = [.. speech.Zip(whisper, (a, b) => (short)(a + b))];
        Check(Write(speech, other), speech, other).Kinds.Should().Contain("channels 1");
        Check(Write(speech, speech), speech, speech).Kinds.Should().Contain("channels 10");
        // One channel silent: what differs is the other.
        Check(Write(new short[8192], speech), new short[8192], speech).Kinds.Should().Contain("channels 1");
        Check(Write(speech, near), speech, near).Kinds.Should().Contain(k => k == "channels 8" || k == "channels 9" || k == "channels 10");
    }

    [Theory]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(31_999)]
    [InlineData(192_000 + 1)]
    public void Any_rate_is_said(int rate)
    {
        var sound = Tone(1000, 20_000, 5000);
        Check(Write(sound, rate: rate), sound).SampleRateHz.Should().Be(rate);
    }

    [Fact]
    public void Comments_say_what_it_is()
    {
        var flac = Check(Write(Tone(400, 100, 100)), Tone(400, 100, 100));
        flac.Vendor.Should().Be("SignalWatch test");
        flac.Comments.Should().Equal("TITLE=FM 98.0 MHz 演练", "DATE=2026-03-14T23:04:00+08:00");
    }

    [Fact]
    public void Seek_points_point_at_frames_however_long_the_file()
    {
        // More frames than points: they move apart.
        var much = new short[1 << 20];
        using var stream = new MemoryStream();
        using var writer = new FlacWriter(stream, Rate, 1, "", []);
        for (var n = 0; n < 41; n++) writer.Write(much);
        writer.Write(Noise(1, 100, 5));
        writer.Complete();
        var flac = FlacDecoder.Head(stream.ToArray());
        flac.SamplesSaid.Should().Be((41L << 20) + 5);
        flac.Points.Should().HaveCountGreaterThan(100).And.OnlyContain(p => p.Count == 4096);
        flac.Points.Should().BeInAscendingOrder(p => p.Sample);
        foreach (var (sample, offset, _) in flac.Points) flac.FrameAt(offset).Should().Be((int)(sample / 4096));
        flac.FramesSaid.Smallest.Should().BeGreaterThan(0).And.BeLessThan(flac.FramesSaid.Largest);
    }

    [Fact]
    public void A_torn_file_plays_up_to_the_tear()
    {
        short[] left = Noise(1, 1000, 40_000), right = Noise(2, 1000, 40_000);
        var whole = Write(left, right, complete: false);
        foreach (var cut in new[] { 1, 100, 5000, 9999 })
        {
            var flac = FlacDecoder.Read(whole[..^cut]);
            var played = flac.Channels[0].Count;
            played.Should().BeGreaterThan(40_000 - 2 * 4096 - cut).And.Be(flac.Frames.Count * 4096);
            flac.Channels[0].Should().Equal(left.Take(played).Select(s => (int)s));
            flac.Channels[1].Should().Equal(right.Take(played).Select(s => (int)s));
            flac.SamplesSaid.Should().Be(0, "nobody knows how long it is");
            flac.Md5Said.Should().OnlyContain(b => b == 0);
        }
    }

    [Fact]
    public void The_same_sound_gives_the_same_bytes_however_it_is_cut()
    {
        short[] left = Noise(1, 1000, 30_000), right = Tone(700, 5000, 30_000);
        var once = Write(left, right, chunk: 30_000);
        Write(left, right, chunk: 7).Should().Equal(once);
        Write(left, right, chunk: 4096).Should().Equal(once);
    }

    [Fact]
    public void Nothing_is_allocated_for_each_block()
    {
        short[] left = Noise(1, 1000, 4096), right = Tone(700, 5000, 4096);
        using var flac = new FlacWriter(Stream.Null, Rate, 2, "", []);
        flac.Write(left, right);
        Allocated.Bytes(() =>
        {
            for (var n = 0; n < 8; n++) flac.Write(left, right);
        }).Should().Be(0);
    }

    [Fact]
    public void A_tone_costs_less_than_half_and_mono_sound_in_two_channels_half_of_two()
    {
        short[] tone = [.. Tone(1000, 8000, Rate * 4).Zip(Noise(1, 20, Rate * 4), (a, b) => (short)(a + b))];
        Write(tone, tone).Length.Should().BeLessThan(2 * 2 * tone.Length / 4);
        Write(tone, tone).Length.Should().BeLessThan(Write(tone).Length + 2000);
    }
}
