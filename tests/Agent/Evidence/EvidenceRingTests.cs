using SignalWatch.Fm;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Tests.Evidence;

/// <summary>What is remembered before anything is suspected.</summary>
public sealed class EvidenceRingTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(100, 1)]
    [InlineData(1601, 7)]
    [InlineData(3200, 3)]
    [InlineData(9000, 2)]
    public void The_last_seconds_of_sound_are_there_whatever_the_blocks(int block, int blocks)
    {
        var ring = new SoundRing(0.1);
        List<short> left = [], right = [];
        for (var n = 0; n < blocks; n++)
        {
            short[] one = [.. Enumerable.Range(0, block).Select(k => (short)(n * block + k))], other = [.. one.Select(s => (short)-s)];
            ring.Push(one, other);
            left.AddRange(one);
            right.AddRange(other);
        }
        ring.Count.Should().Be(Math.Min(3200, left.Count));
        short[] l = new short[ring.Count], r = new short[ring.Count];
        ring.CopyTo(l, r);
        l.Should().Equal(left.TakeLast(3200));
        r.Should().Equal(right.TakeLast(3200));
    }

    [Fact]
    public void Mono_sound_takes_memory_once_and_what_was_mono_stays_so_when_stereo_comes()
    {
        var ring = new SoundRing(0.1);
        ring.Push([1, 2, 3], [1, 2, 3]);
        ring.IsStereo.Should().BeFalse();
        ring.Push([4], [5]);
        ring.IsStereo.Should().BeTrue();
        short[] left = new short[4], right = new short[4];
        ring.CopyTo(left, right);
        left.Should().Equal(1, 2, 3, 4);
        right.Should().Equal(1, 2, 3, 5);
    }

    [Fact]
    public void Full_scale_is_twice_the_permitted_deviation_and_what_is_no_number_is_silence()
    {
        float[] sound = [.. Enumerable.Repeat((float[])[1, -1, 0.5f, 2.5f, -9, float.NaN, float.PositiveInfinity], 13).SelectMany(s => s)];
        var converted = new short[sound.Length];
        SoundRing.Convert(sound, converted);
        converted.Should().Equal(Enumerable.Repeat((short[])[16_384, -16_384, 8_192, short.MaxValue, short.MinValue, 0, short.MaxValue], 13).SelectMany(s => s));
    }

    [Fact]
    public void Groups_are_forgotten_after_their_time_and_never_grow_beyond_it()
    {
        var ring = new GroupRing(TimeSpan.FromSeconds(10));
        for (var n = 0; n < 100_000; n++) ring.Add(new TimedGroup(At.UtcTicks + n, new RdsGroup((ushort)n, 0, 0, 0)));
        ring.Count.Should().Be(115, "there are 11.4 a second");
        ring.Add(new TimedGroup(At.AddSeconds(20).UtcTicks, default));
        ring.ToArray().Should().ContainSingle();
    }

    [Fact]
    public void A_line_a_second_is_the_mean_power_of_that_second()
    {
        var ring = new SpectrumRing(TimeSpan.FromMinutes(30));
        long? complete = null;
        for (var n = 0; n <= 5; n++)
            complete = ring.Add(new PowerSpectrum(88e6, 10e3, 15e3, new float[] { n % 2 == 0 ? -60 : -200, -100, -500, 10 }), At.AddSeconds(0.2 * n));
        complete.Should().Be(At.AddSeconds(1).UtcTicks);
        // Three of five at −60 dBFS are −62.2.
        ring.Line.ToArray().Should().Equal((byte)Math.Round((130 - 62.2) * 2), 60, 0, 255);
    }

    [Fact]
    public void Lines_of_another_tuning_begin_a_picture_of_their_own_and_half_an_hour_is_the_most()
    {
        var ring = new SpectrumRing(TimeSpan.FromSeconds(60));
        PowerSpectrum Line(double start, float level) => new(start, 10e3, 15e3, new float[] { level, level });
        for (var n = 0; n < 10; n++) ring.Add(Line(87e6, -50), At.AddSeconds(n));
        for (var n = 10; n < 100; n++) ring.Add(Line(88e6, -130 + n), At.AddSeconds(n));
        var lines = ring.ToLines();
        lines.Axis.Should().Be(new SpectrumAxis(88e6, 10e3, 2));
        lines.Ticks.Should().Equal(Enumerable.Range(40, 60).Select(n => At.AddSeconds(n).UtcTicks));
        lines.Levels.Where((_, n) => n % 2 == 0).Should().Equal(Enumerable.Range(39, 60).Select(n => (byte)(2 * n)));
    }

    [Fact]
    public void Rows_of_bytes_are_an_array_of_numpy_also_before_the_end()
    {
        using var stream = new MemoryStream();
        var array = new NpyWriter(stream, 3);
        array.Flush();
        Shape(stream).Should().Be("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 3), }");
        array.Write([1, 2, 3]);
        array.Write([4, 5, 6]);
        Shape(stream).Should().Contain("(0, 3)", "the head is of the last flush");
        array.Flush();
        array.Write([7, 8, 9]);
        array.Flush();
        Shape(stream).Should().Contain("(3, 3)");
        stream.ToArray()[128..].Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 9);

        static string Shape(MemoryStream stream)
        {
            // NEP 1: magic, version 1.0, length of the head, and the head padded to a multiple of 64 with a line feed.
            var bytes = stream.ToArray();
            bytes[..10].Should().Equal(0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0);
            bytes[127].Should().Be((byte)'\n');
            return System.Text.Encoding.ASCII.GetString(bytes, 10, 117).TrimEnd();
        }
    }
}
