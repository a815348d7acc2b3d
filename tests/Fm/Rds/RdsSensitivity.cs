using SignalWatch.Fm;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>How weak a station may be and still be read: FM of a stereo programme (noise of 16 kHz RMS deviation, shaped as music is; pilot 6.75 kHz) with RDS,
/// white noise at a given CNR in 200 kHz, 252 kS/s, a channel filter of ±100 kHz, then the product's chain from the channel on.
/// What went in is known block by block, so a wrong block is seen.</summary>
internal static class RdsSensitivity
{
    public const double CarrierRateHz = 252_000;
    private const int Oversampling = 2; // FM of 75 kHz has power beyond ±126 kHz
    private const double GroupSeconds = 104 / 1187.5;

    /// <summary>What came of one run.</summary>
    /// <param name="Sent">Groups whose end was sent.</param>
    /// <param name="Whole">Groups that came whole, every block of them right.</param>
    /// <param name="WholeHeard">Of these, groups in which no block was assumed.</param>
    /// <param name="Blocks">Blocks that came.</param>
    /// <param name="WrongBlocks">Of these, blocks that were not sent.</param>
    public readonly record struct Result(int Sent, int Whole, int WholeHeard, int Blocks, int WrongBlocks)
    {
        public static Result operator +(Result a, Result b) =>
            new(a.Sent + b.Sent, a.Whole + b.Whole, a.WholeHeard + b.WholeHeard, a.Blocks + b.Blocks, a.WrongBlocks + b.WrongBlocks);
    }

    /// <summary>Runs one station.</summary>
    /// <param name="groups">What it sends, whole groups, again and again.</param>
    /// <param name="cnrDb">CNR in 200 kHz.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="seed">Of programme and noise.</param>
    /// <param name="rdsHz">Peak deviation by RDS; 0: no RDS at all.</param>
    /// <param name="pilot">Whether there is a pilot.</param>
    public static Result Run(IReadOnlyList<RdsGroup> groups, double cnrDb, double seconds, int seed, double rdsHz = 2000, bool pilot = true)
    {
        var station = new NoisyStation(groups, CarrierRateHz * Oversampling, cnrDb, seed) { RdsHz = rdsHz, PilotHz = pilot ? 6750 : 0 };
        var channelizer = new Channelizer(CarrierRateHz * Oversampling, Oversampling, 512);
        var received = new List<(double At, RdsGroup Group)>();
        double now = 0;
        CarrierDemodulator? demodulator = null;
        var tap = new StationTap { OnGroup = g => received.Add((demodulator!.Mpx.RdsGroupSeconds, g)) };
        demodulator = new CarrierDemodulator(channelizer, 0, new ChannelFilter(100_000, default), tap);
        var block = new float[2 * 5040];
        while (now < seconds)
        {
            station.Read(block);
            ReadOnlySpan<float> rest = block;
            now += block.Length / 2 / (CarrierRateHz * Oversampling);
            while (channelizer.Take(ref rest)) demodulator.ProcessBlock();
        }
        return Compare(groups, received, (int)(seconds / GroupSeconds));
    }

    // Where a group began is where it was sent, but for the receiver's delay of some symbols: content plays no part in it, so that a block is right or wrong.
    private static Result Compare(IReadOnlyList<RdsGroup> sent, List<(double At, RdsGroup Group)> received, int count)
    {
        var result = new Result(count, 0, 0, 0, 0);
        foreach (var (at, group) in received)
        {
            var index = (int)Math.Round(at / GroupSeconds);
            var right = Right(group, sent[index % sent.Count]);
            result += new Result(0, right == 4 ? 1 : 0, right == 4 && !group.AssumedA ? 1 : 0, group.Received, group.Received - right);
        }
        return result;
    }

    private static int Right(RdsGroup got, RdsGroup sent) => (got.A is not null && got.A == sent.A ? 1 : 0) + (got.B == sent.B ? 1 : 0) + (got.C == sent.C ? 1 : 0) + (got.D == sent.D ? 1 : 0);
}

/// <summary>An FM station in noise, endless, the same for the same seed.</summary>
internal sealed class NoisyStation(IReadOnlyList<RdsGroup> groups, double rate, double cnrDb, int seed)
{
    private const double MusicRmsHz = 16_000;
    private readonly Random random = new(seed);
    private readonly Music left = new(rate, seed + 1);
    private readonly Music right = new(rate, seed + 2);
    private readonly RdsWaveform? rds = groups.Count == 0 ? null : new RdsWaveform([.. groups.SelectMany(RdsBits.Of)]);
    private double phase;
    private long sample;

    public double RdsHz { get; init; } = 2000;

    public double PilotHz { get; init; } = 6750;

    public void Read(Span<float> interleaved)
    {
        // Power 1 in the carrier; the noise's density times 200 kHz is the CNR below that.
        var sigma = Math.Sqrt(Math.Pow(10, -cnrDb / 10) / 200_000 * rate / 2);
        for (var n = 0; n < interleaved.Length; n += 2, sample++)
        {
            var t = sample / rate;
            var pilot = 2 * Math.PI * 19_000 * t;
            double l = left.Next(), r = right.Next();
            var mpx = MusicRmsHz * ((l + r) / 2 + (l - r) / Math.Sqrt(2) * Math.Sin(2 * pilot)) + PilotHz * Math.Sin(pilot);
            if (rds is not null && RdsHz > 0) mpx += RdsHz * rds.At(t) * Math.Sin(3 * pilot + 0.4);
            phase += 2 * Math.PI * mpx / rate;
            phase -= 2 * Math.PI * Math.Floor(phase / (2 * Math.PI));
            var (sin, cos) = Math.SinCos(phase);
            var (a, b) = Gauss();
            interleaved[n] = (float)(cos + sigma * a);
            interleaved[n + 1] = (float)(sin + sigma * b);
        }
    }

    private (double, double) Gauss()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
        return (radius * cos, radius * sin);
    }

    // Gaussian noise through one pole at 2.5 kHz and six at 14 kHz, RMS 1: a spectrum that falls as that of music does, and ends where sound ends.
    private sealed class Music
    {
        private readonly Random random;
        private readonly double slow;
        private readonly double fast;
        private readonly double gain;
        private readonly double[] state = new double[7];

        public Music(double rate, int seed)
        {
            random = new Random(seed);
            (slow, fast) = (1 - Math.Exp(-2 * Math.PI * 2500 / rate), 1 - Math.Exp(-2 * Math.PI * 14_000 / rate));
            double square = 0;
            for (var n = 0; n < 200_000; n++)
            {
                var y = Step();
                square += y * y;
            }
            gain = 1 / Math.Sqrt(square / 200_000);
        }

        public double Next() => gain * Step();

        private double Step()
        {
            // The sum of three uniform numbers is near enough to a normal one, and has no tails that over-deviate.
            var x = 2 * (random.NextDouble() + random.NextDouble() + random.NextDouble()) - 3;
            state[0] += slow * (x - state[0]);
            var y = state[0];
            for (var k = 1; k < state.Length; k++)
            {
                state[k] += fast * (y - state[k]);
                y = state[k];
            }
            return y;
        }
    }
}
