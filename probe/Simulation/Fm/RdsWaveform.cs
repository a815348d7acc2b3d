namespace SignalWatch.Simulation.Fm;

/// <summary>The shaped biphase signal of RDS at baseband (EN 50067 1.7), 37.5 kS/s, peak ±1. One bit is 600/19 samples long, so 19 bits are exactly 600.</summary>
internal sealed class RdsWaveform(RdsBits bits)
{
    private const int PositionsPerBit = 600;
    private const int Step = 19;
    private const int Taps = 5;
    private static readonly float[] Pulse = CreatePulse();
    private readonly float[] signs = [-1, -1, -1, -1, -1]; // newest first: two bits ahead of now, now, two behind
    private int position;

    public float Next()
    {
        var sum = 0f;
        for (var k = 0; k < Taps; k++) sum += signs[k] * Pulse[k * PositionsPerBit + position];
        position += Step;
        if (position >= PositionsPerBit)
        {
            position -= PositionsPerBit;
            signs.AsSpan(0, Taps - 1).CopyTo(signs.AsSpan(1));
            signs[0] = bits.NextCoded() ? 1 : -1;
        }
        return sum;
    }

    // A bit is an impulse and its opposite half a bit later, through H(f) = cos(πf·td/4), |f| ≤ 2/td.
    // The peak of the signal is 2.89/td (two neighbours of opposite sign); divided by it the peak is 1.
    private static float[] CreatePulse()
    {
        var pulse = new float[Taps * PositionsPerBit];
        for (var i = 0; i < pulse.Length; i++)
        {
            var t = (double)i / PositionsPerBit - 2; // in bits, from the bit's own impulse
            pulse[i] = (float)((Impulse(t) - Impulse(t - 0.5)) / 2.89);
        }
        return pulse;
    }

    // The inverse transform of H with td = 1: 2a·cos(4πt)/(a² − (2πt)²), a = π/4; 2 where both vanish (t = ±1/8).
    private static double Impulse(double t)
    {
        const double A = Math.PI / 4;
        var w = 2 * Math.PI * t;
        var divisor = A * A - w * w;
        return Math.Abs(divisor) < 1e-6 ? 2 : 2 * A * Math.Cos(4 * Math.PI * t) / divisor;
    }
}
