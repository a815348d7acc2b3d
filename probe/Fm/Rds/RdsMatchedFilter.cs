namespace SignalWatch.Fm.Rds;

/// <summary>The filter matched to a whole biphase symbol. A receiver that takes half of it loses 3 dB.</summary>
internal static class RdsMatchedFilter
{
    /// <summary>Its impulse response, gain 1 for the symbol's peak frequency, odd about its middle.</summary>
    /// <param name="taps">Taps, odd.</param>
    /// <param name="sampleRateHz">Sample rate, Hz.</param>
    public static float[] Design(int taps, double sampleRateHz)
    {
        // EN 50067 §1.7: the shaping is cos(π f t_d / 4) up to 2 / t_d; the symbol is a pair of opposite impulses t_d / 2 apart, whose spectrum is sin(π f t_d / 2).
        const double SymbolLength = 1 / RdsDemodulator.SymbolRateHz;
        const int Steps = 512;
        var result = new float[taps];
        for (var n = 0; n < taps; n++)
        {
            var time = (n - taps / 2) / sampleRateHz;
            double sum = 0;
            for (var step = 0; step < Steps; step++)
            {
                var f = (step + 0.5) / Steps * 2 / SymbolLength;
                sum += Math.Cos(Math.PI * f * SymbolLength / 4) * Math.Sin(Math.PI * f * SymbolLength / 2) * Math.Sin(2 * Math.PI * f * time);
            }
            result[n] = (float)(sum * 2 * (2 / SymbolLength / Steps) / sampleRateHz);
        }
        return result;
    }
}
