using System.Numerics;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>Channels against the plain way: multiply with an oscillator, filter, keep every n-th sample.</summary>
public sealed class ChannelizerTests
{
    [Theory]
    [InlineData(2_400_000, 8, 600_000)]
    [InlineData(2_400_000, 8, -600_123.4)]
    [InlineData(2_048_000, 8, 0)]
    [InlineData(2_500_000, 8, 1_199_000)]
    [InlineData(252_000, 1, 400)]
    [InlineData(10_000_000, 32, -4_321_000)]
    [InlineData(20_000_000, 64, 7_300_050)]
    public void An_oscillation_comes_out_at_its_distance_without_a_break(double rate, int decimation, double channelHz)
    {
        const double DistanceHz = 31_415;
        var channelizer = new Channelizer(rate, decimation, 512);
        var channel = new Channel(channelizer, channelHz, FirDesign.LowPass(channelizer.MaxTaps, 110_000, channelizer.ChannelRateHz));
        var output = Run(channelizer, channel, Oscillation(rate, channelHz + DistanceHz, 5 * channelizer.Size)).Skip(2 * channelizer.ChannelHop).ToList();
        var step = Complex.FromPolarCoordinates(1, 2 * Math.PI * DistanceHz / channelizer.ChannelRateHz);
        for (var n = 1; n < output.Count; n++) (output[n] - output[n - 1] * step).Magnitude.Should().BeLessThan(2e-3, $"sample {n}");
        output.Should().AllSatisfy(z => z.Magnitude.Should().BeApproximately(1, 2e-3));
    }

    [Theory]
    [InlineData(150_000)]
    [InlineData(-149_000)]
    [InlineData(300_000)]
    [InlineData(-900_000)]
    public void What_is_outside_the_filter_is_65_dB_down(double distanceHz)
    {
        var channelizer = new Channelizer(2_400_000, 8, 512);
        var channel = new Channel(channelizer, 100_000, FirDesign.LowPass(channelizer.MaxTaps, 110_000, channelizer.ChannelRateHz));
        var output = Run(channelizer, channel, Oscillation(2_400_000, 100_000 + distanceHz, 6 * channelizer.Size)).Skip(2 * channelizer.ChannelHop);
        output.Should().AllSatisfy(z => (20 * Math.Log10(z.Magnitude)).Should().BeLessThan(-65));
    }

    [Fact]
    public void The_sizes_of_pieces_do_not_matter()
    {
        var random = new Random(5);
        var iq = Enumerable.Range(0, 60_000).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var taps = FirDesign.LowPass(33, 60_000, 300_000);
        List<Complex> Whole(int piece)
        {
            var channelizer = new Channelizer(2_400_000, 8, 128);
            return Run(channelizer, new Channel(channelizer, 12_345, taps), iq, piece);
        }
        Whole(2).Should().Equal(Whole(60_000));
        Whole(1234).Should().Equal(Whole(60_000));
    }

    [Fact]
    public void Real_samples_give_half_of_their_amplitude()
    {
        var channelizer = new Channelizer(192_000, 8, 256);
        var channel = new Channel(channelizer, 57_000, FirDesign.LowPass(65, 4_000, channelizer.ChannelRateHz));
        var samples = Enumerable.Range(0, 20_000).Select(n => (float)Math.Cos(2 * Math.PI * 57_100 * n / 192_000.0)).ToArray();
        ReadOnlySpan<float> rest = samples;
        var last = 0.0;
        while (channelizer.TakeReal(ref rest))
        {
            channel.Compute();
            last = Math.Sqrt(channel.Re[^1] * channel.Re[^1] + channel.Im[^1] * channel.Im[^1]);
        }
        last.Should().BeApproximately(0.5, 1e-3);
    }

    [Fact]
    public void A_block_allocates_nothing()
    {
        var channelizer = new Channelizer(2_400_000, 8, 512);
        var channel = new Channel(channelizer, 400_000, FirDesign.LowPass(129, 120_000, 300_000));
        var iq = Oscillation(2_400_000, 390_000, 100_000);
        Feed();
        Allocated.Bytes(() => Feed()).Should().Be(0);

        void Feed()
        {
            ReadOnlySpan<float> rest = iq;
            while (channelizer.Take(ref rest)) channel.Compute();
        }
    }

    private static float[] Oscillation(double rate, double hz, int samples)
    {
        var iq = new float[2 * samples];
        for (var n = 0; n < samples; n++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * (hz / rate * n % 1));
            (iq[2 * n], iq[2 * n + 1]) = ((float)cos, (float)sin);
        }
        return iq;
    }

    private static List<Complex> Run(Channelizer channelizer, Channel channel, float[] iq, int piece = 10_000)
    {
        var output = new List<Complex>();
        for (var at = 0; at < iq.Length; at += piece)
        {
            ReadOnlySpan<float> rest = iq.AsSpan(at, Math.Min(piece, iq.Length - at));
            while (channelizer.Take(ref rest))
            {
                channel.Compute();
                for (var n = 0; n < channel.Re.Length; n++) output.Add(new Complex(channel.Re[n], channel.Im[n]));
            }
        }
        return output;
    }
}
