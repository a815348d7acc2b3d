namespace SignalWatch.Tests;

/// <summary>Bits as the standard shapes them: differential, biphase, cosine spectrum up to 2400 Hz, peak 1 (EN 50067 §1.6, §1.7).</summary>
internal sealed class RdsWaveform
{
    private const double SymbolSeconds = 1 / 1187.5;
    private const int Fine = 64;
    private const int Reach = 3;
    private static readonly double[] Pulse = MakePulse();
    private readonly List<int> symbols = [];

    public RdsWaveform(IReadOnlyList<bool> bits)
    {
        var state = false;
        // Twice: after an odd number of ones the second pass begins with the other symbol, and only then the end fits to the beginning.
        foreach (var bit in bits.Concat(bits))
        {
            state ^= bit;
            symbols.Add(state ? 1 : -1);
        }
    }

    public double At(double seconds)
    {
        var at = seconds / SymbolSeconds;
        var middle = (int)Math.Floor(at);
        double sum = 0;
        for (var k = middle - Reach; k <= middle + Reach; k++)
        {
            if (k < 0) continue;
            var index = (at - k + Reach) * Fine;
            if (index >= 0 && index < Pulse.Length) sum += symbols[k % symbols.Count] * Pulse[(int)index];
        }
        return sum;
    }

    // Inverse transform of cos(π f t_d / 4) · sin(π f t_d / 2), by sum; scaled so that two alternating neighbours reach 1.
    private static double[] MakePulse()
    {
        var pulse = new double[2 * Reach * Fine];
        for (var n = 0; n < pulse.Length; n++)
        {
            var t = ((double)n / Fine - Reach) * SymbolSeconds;
            for (var f = 5.0; f < 2 / SymbolSeconds; f += 10)
                pulse[n] += Math.Cos(Math.PI * f * SymbolSeconds / 4) * Math.Sin(Math.PI * f * SymbolSeconds / 2) * Math.Sin(2 * Math.PI * f * t);
        }
        var peak = 0.0;
        for (var n = 0; n + Fine < pulse.Length; n++) peak = Math.Max(peak, Math.Abs(pulse[n] - pulse[n + Fine]));
        return Array.ConvertAll(pulse, p => p / peak);
    }
}
