using SignalWatch.Signal;

namespace SignalWatch.Fm.Rds;

/// <summary>Complex samples of the RDS subcarrier, already through the matched filter, in; bits out.
/// Symbol timing from the energy's line at the symbol rate (Oerder and Meyr 1988), carrier phase from three times the pilot where there is one
/// and from a Costas loop of its own where there is none, soft decisions, differential decoding (EN 50067 §1.6).</summary>
internal sealed class RdsDemodulator
{
    /// <summary>Symbols a second: 57 kHz / 48 (EN 50067 §1.5).</summary>
    public const double SymbolRateHz = 1187.5;

    // The pilot carries the frequency; only the transmitter's constant phase between pilot and RDS is left to follow. Without it the loop also has a few Hz to find.
    private const double LoopWithPilotHz = 4;
    private const double LoopAloneHz = 14;
    private const double MaxOffsetHz = 12;

    // Averaging of the timing, symbols. The clock of a transmitter and that of a receiver differ by at most some 100 ppm: 0.04 symbols over 400.
    private const int TimingSymbols = 400;

    // Averaging of amplitude and noise, symbols.
    private const int NoiseSymbols = 200;

    private readonly RdsBlockSync blocks;
    private readonly PhaseLockedLoop costas;
    private readonly double symbolLength;
    private readonly double lineStepRe;
    private readonly double lineStepIm;
    private readonly float[] tailRe = new float[4];
    private readonly float[] tailIm = new float[4];
    private double lineRe, lineIm;
    private double timingRe, timingIm;
    private long samples;
    private double nextSymbol;
    private double power;
    private double squareRe, squareIm;
    private int symbols;
    private bool hadPilot;
    private double noise;
    private double inPhase;

    /// <summary>Prepares the demodulator.</summary>
    /// <param name="sampleRateHz">Rate of its input, at least 9.5 kHz.</param>
    /// <param name="blocks">Where the bits go.</param>
    public RdsDemodulator(double sampleRateHz, RdsBlockSync blocks)
    {
        this.blocks = blocks;
        symbolLength = sampleRateHz / SymbolRateHz;
        (lineStepIm, lineStepRe) = Math.SinCos(-2 * Math.PI / symbolLength);
        costas = new PhaseLockedLoop(LoopAloneHz, SymbolRateHz, MaxOffsetHz);
        Reset();
    }

    /// <summary>Starts afresh: samples are missing.</summary>
    public void Reset()
    {
        Array.Clear(tailRe);
        Array.Clear(tailIm);
        (lineRe, lineIm, timingRe, timingIm) = (1, 0, 0, 0);
        (samples, nextSymbol, power, symbols, squareRe, squareIm, noise, inPhase) = (0, 4, 0, 0, 0, 0, 0, 0);
        costas.Reset(0);
        blocks.Reset();
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="re">Real parts after the matched filter.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="pilot">Phase of the pilot, at the same instants; null where there is none.</param>
    public void Process(ReadOnlySpan<float> re, ReadOnlySpan<float> im, PilotLoop? pilot)
    {
        Refer(pilot is not null);
        MeasureTiming(re, im);
        var end = samples + re.Length;
        // Cubic interpolation takes two samples after the instant.
        while (nextSymbol + 2 < end)
        {
            var (symbolRe, symbolIm) = Interpolate(re, im, nextSymbol - samples);
            if (pilot is not null) Turn(ref symbolRe, ref symbolIm, -3 * pilot.PhaseAt(nextSymbol - samples));
            Decide(symbolRe, symbolIm);
            Step();
        }
        samples = end;
        re[^4..].CopyTo(tailRe);
        im[^4..].CopyTo(tailIm);
    }

    // With the reference the phase jumps, by any angle.
    private void Refer(bool hasPilot)
    {
        if (hasPilot == hadPilot) return;
        hadPilot = hasPilot;
        costas.SetBandwidth(hasPilot ? LoopWithPilotHz : LoopAloneHz);
        (symbols, squareRe, squareIm) = (0, 0, 0);
    }

    // The energy of a biphase symbol has its higher maximum at the symbol's middle: a line at the symbol rate whose phase tells where.
    private void MeasureTiming(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        for (var n = 0; n < re.Length; n++)
        {
            var weight = 1 / Math.Min(samples + n + 1, TimingSymbols * symbolLength);
            var energy = re[n] * re[n] + im[n] * im[n];
            timingRe += weight * (energy * lineRe - timingRe);
            timingIm += weight * (energy * lineIm - timingIm);
            (lineRe, lineIm) = (lineRe * lineStepRe - lineIm * lineStepIm, lineRe * lineStepIm + lineIm * lineStepRe);
        }
        var size = Math.Sqrt(lineRe * lineRe + lineIm * lineIm);
        (lineRe, lineIm) = (lineRe / size, lineIm / size);
    }

    private void Step()
    {
        nextSymbol += symbolLength;
        var best = -Math.Atan2(timingIm, timingRe) / (2 * Math.PI);
        var late = best - nextSymbol / symbolLength;
        late -= Math.Round(late);
        nextSymbol += 0.2 * late * symbolLength;
    }

    private void Decide(double re, double im)
    {
        symbols++;
        power += (re * re + im * im - power) / Math.Min(symbols, 200);
        if (symbols <= 40) Acquire(re, im);
        Turn(ref re, ref im, -costas.PhaseRad);
        if (power > 0)
        {
            // tanh would be the optimum detector; its argument clipped costs nothing at the SNR where bits can be read.
            var soft = Math.Clamp(1.5 * re / Math.Sqrt(power), -1, 1);
            costas.Advance(soft * im / Math.Sqrt(power));
        }
        // The carrier recovered, all of the data is in the real part: the imaginary one is noise alone, and as strong as that on the real part.
        var weight = Math.Max(1.0 / symbols, 1.0 / NoiseSymbols);
        noise += weight * (im * im - noise);
        inPhase += weight * (re * re - inPhase);
        blocks.Accept((float)re, Math.Sqrt(Math.Max(0, inPhase - noise)), noise);
    }

    // The square of a two-phase symbol has no data on it: its mean gives the phase at once where a loop might hang half-way between two.
    private void Acquire(double re, double im)
    {
        squareRe += re * re - im * im;
        squareIm += 2 * re * im;
        var half = Math.Atan2(squareIm, squareRe) / 2;
        var step = half - costas.PhaseRad;
        costas.Reset(costas.PhaseRad + step - Math.PI * Math.Round(step / Math.PI));
    }

    private (double Re, double Im) Interpolate(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double at)
    {
        var whole = (int)Math.Floor(at);
        var t = at - whole;
        // Lagrange, four points.
        double w0 = -t * (t - 1) * (t - 2) / 6, w1 = (t + 1) * (t - 1) * (t - 2) / 2, w2 = -(t + 1) * t * (t - 2) / 2, w3 = (t + 1) * t * (t - 1) / 6;
        return (w0 * Sample(re, tailRe, whole - 1) + w1 * Sample(re, tailRe, whole) + w2 * Sample(re, tailRe, whole + 1) + w3 * Sample(re, tailRe, whole + 2),
            w0 * Sample(im, tailIm, whole - 1) + w1 * Sample(im, tailIm, whole) + w2 * Sample(im, tailIm, whole + 1) + w3 * Sample(im, tailIm, whole + 2));
    }

    private static float Sample(ReadOnlySpan<float> block, float[] tail, int at) => at >= 0 ? block[at] : tail[Math.Max(0, tail.Length + at)];

    private static void Turn(ref double re, ref double im, double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        (re, im) = (re * cos - im * sin, re * sin + im * cos);
    }
}
