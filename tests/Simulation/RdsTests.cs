using System.Numerics;
using SignalWatch.Simulation;
using SignalWatch.Simulation.Fm;

namespace SignalWatch.Tests.Simulation;

/// <summary>The decoder here is independent of the coder: it works with the parity-check matrix and the syndromes as EN 50067 annex B publishes them.</summary>
public sealed class RdsTests
{
    private static readonly RdsScene Station = new() { Pi = "C102", Ps = "ZJ MUSIC", RadioText = "Zhujiang Music 97.6", ProgrammeType = 10 };

    // EN 50067 annex B.2, the last 16 rows; the first ten are the unit matrix.
    private static readonly int[] ParityRows =
        [0b1011011100, 0b0101101110, 0b0010110111, 0b1010000111, 0b1110011111, 0b1100010011, 0b1101010101, 0b1101110110, 0b0110111011, 0b1000000001, 0b1111011100, 0b0111101110, 0b0011110111, 0b1010100111, 0b1110001111, 0b1100011011];

    private static readonly int[] Syndromes = [0x3D8, 0x3D4, 0x25C, 0x258]; // annex B.3: A, B, C, D

    [Fact]
    public void Every_block_has_the_published_syndrome_and_the_groups_spell_the_station()
    {
        var bits = new RdsBits(Station);
        var previous = false;
        var (ps, text) = (new char[8], new char[64]);
        for (var group = 0; group < 64; group++)
        {
            var blocks = new int[4];
            for (var b = 0; b < 4; b++)
            {
                var word = 0;
                for (var i = 0; i < 26; i++)
                {
                    var coded = bits.NextCoded();
                    word = word << 1 | (coded != previous ? 1 : 0);
                    previous = coded;
                }
                Syndrome(word).Should().Be(Syndromes[b], "block {0} of group {1}", b, group);
                blocks[b] = word >> 10;
            }
            blocks[0].Should().Be(0xC102);
            (blocks[1] >> 5 & 31).Should().Be(10);
            if (blocks[1] >> 12 == 0) Put(ps, 2 * (blocks[1] & 3), blocks[3]);
            else
            {
                Put(text, 4 * (blocks[1] & 15), blocks[2]);
                Put(text, 4 * (blocks[1] & 15) + 2, blocks[3]);
            }
        }
        new string(ps).Should().Be("ZJ MUSIC");
        new string(text).Split('\r')[0].Should().Be("Zhujiang Music 97.6");
    }

    [Fact]
    public void The_waveform_is_read_back_bit_by_bit_and_peaks_at_one()
    {
        var wave = new RdsWaveform(new RdsBits(Station));
        var expected = new RdsBits(Station);
        var samples = Enumerable.Range(0, 600 * 20).Select(_ => wave.Next()).ToArray(); // 380 bits
        samples.Max(Math.Abs).Should().BeInRange(0.9f, 1.02f);
        // A bit that is read when the fill moves to position 0 is two bits ahead; its impulses are at its beginning and half a bit later.
        var skipped = 3;
        for (var bit = skipped; bit < 370; bit++)
        {
            var start = 600.0 / 19 * bit;
            var difference = At(samples, start) - At(samples, start + 300.0 / 19);
            (difference > 0).Should().Be(expected.NextCoded(), "bit {0}", bit);
        }
    }

    [Fact]
    public void The_spectrum_of_the_waveform_ends_at_2400_hz()
    {
        var wave = new RdsWaveform(new RdsBits(Station));
        var samples = Enumerable.Range(0, 37_500).Select(_ => (double)wave.Next()).ToArray();
        var inside = Power(samples, 1000, 1400);
        Power(samples, 2600, 5000).Should().BeLessThan(inside * 1e-3); // EN 50067 1.7: nothing beyond 2/td = 2375 Hz
    }

    private static float At(float[] samples, double at) => (float)(samples[(int)at] + (at - (int)at) * (samples[(int)at + 1] - samples[(int)at]));

    private static double Power(double[] samples, int from, int to)
    {
        var sum = 0.0;
        for (var f = from; f < to; f += 40)
        {
            var amplitude = Complex.Zero;
            for (var i = 0; i < samples.Length; i++) amplitude += (1 - Math.Cos(Math.Tau * i / samples.Length)) * samples[i] * Complex.FromPolarCoordinates(1, -Math.Tau * f * i / 37_500);
            sum += amplitude.Magnitude * amplitude.Magnitude;
        }
        return sum / (to - from);
    }

    private static void Put(char[] text, int at, int pair) => (text[at], text[at + 1]) = ((char)(pair >> 8), (char)(pair & 0xFF));

    private static int Syndrome(int word)
    {
        var syndrome = word >> 16;
        for (var row = 0; row < 16; row++)
            if ((word >> (15 - row) & 1) != 0) syndrome ^= ParityRows[row];
        return syndrome;
    }
}
