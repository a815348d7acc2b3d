namespace SignalWatch.Hardware.Iq;

/// <summary>Rates that the RTL2832's resampler can make (librtlsdr, rtlsdr_set_sample_rate).</summary>
internal static class RtlSampleRates
{
    public static bool Has(double hz) => hz is > 225_000 and <= 300_000 or > 900_000 and <= 3_200_000;
}
