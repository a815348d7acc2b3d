using SignalWatch.Contracts;

namespace SignalWatch.Probe.Configuration;

/// <summary>Reads a watch of the FM band: what fits its source, and what must not be missing there, so that it is told before the probe starts.</summary>
internal static class FmBandNode
{
    private const int RtlTcpPort = 1234; // what the program itself takes unless told

    /// <param name="watch">The watch's mapping.</param>
    /// <param name="options">Its options, or null.</param>
    /// <param name="id">Its id.</param>
    /// <param name="source">Its source.</param>
    /// <exception cref="ProblemException"><c>config.invalid</c>.</exception>
    public static FmBandConfiguration Read(ConfigurationNode watch, ConfigurationNode? options, WatchId id, WatchSource source)
    {
        var band = options?.Mapping("raster_hz", "spectrum_lines_per_s", "center_hz", "sample_rate_hz", "gain_db", "ppm", "bias_tee", "sweep", "calibration", "accuracy_ppm", "evidence_gb");
        var isRtl = source.Scheme is "rtl_tcp" or "rtlsdr";
        var isReceiver = isRtl || source.Scheme == "soapy";
        ConfigurationNode? Fitting(string key, bool fits) => band?.Optional(key) is not { } found || fits ? band?.Optional(key) : throw found.Wrong(Texts.OnlyForReceivers(key, source.Scheme));
        if (source.Scheme == "soapy" && band?.Optional("bias_tee") is { } bias) throw bias.Wrong(Texts.BiasTeeOfSoapy);
        if (source.Scheme == "soapy" && band?.Optional("sample_rate_hz") is null) throw (options ?? watch).Wrong(Texts.SoapyNeedsRate);
        var sweep = ReadSweep(Fitting("sweep", isReceiver || source.Scheme == "city"));
        if (sweep is not null && band?.Optional("center_hz") is { } both) throw both.Wrong(Texts.SweepHasNoCenter);
        if (isReceiver && sweep is null && band?.Optional("center_hz") is null) throw (options ?? watch).Wrong(Texts.ReceiverNeedsCenter);
        return new FmBandConfiguration(id, source.Scheme == "rtl_tcp" ? RtlTcp(watch.Required("source"), source) : source)
        {
            RasterHz = band?.Optional("raster_hz")?.Number(10_000, 400_000) ?? 100_000,
            SpectrumLinesPerSecond = (int)(band?.Optional("spectrum_lines_per_s")?.Number(1, 25) ?? 5),
            CenterHz = band?.Optional("center_hz")?.Number(60e6, 140e6),
            SampleRateHz = Fitting("sample_rate_hz", source.Scheme != "city")?.Number(240_000, 25_000_000),
            GainDb = Fitting("gain_db", source.Scheme != "city")?.Number(-100, 200),
            Ppm = (int)(Fitting("ppm", isReceiver)?.Number(-1000, 1000) ?? 0),
            BiasTee = Fitting("bias_tee", isRtl)?.Flag(),
            Sweep = sweep,
            CalibrationFile = band?.Optional("calibration")?.Words(),
            FrequencyAccuracyPpm = band?.Optional("accuracy_ppm")?.Number(0.0001, 1000),
            EvidenceBytes = (long)((band?.Optional("evidence_gb")?.Number(0.1, 100_000) ?? 20) * (1 << 30)),
        };
    }

    private static SweepConfiguration? ReadSweep(ConfigurationNode? node)
    {
        if (node?.Mapping("from_hz", "to_hz", "period_s", "spurious") is not { } sweep) return null;
        var (from, to) = (sweep.Optional("from_hz")?.Number(60e6, 140e6) ?? 87e6, sweep.Optional("to_hz")?.Number(60e6, 140e6) ?? 108e6);
        if (to <= from) throw (sweep.Optional("to_hz") ?? sweep).Wrong(Texts.SweepOrder);
        return new SweepConfiguration(from, to, TimeSpan.FromSeconds(sweep.Optional("period_s")?.Number(1, 600) ?? 10), sweep.Optional("spurious")?.Flag() ?? false);
    }

    // "//host:port" as well, as the command line has it; its query is not: what it says stands in the options, where a calibration is compared with it.
    private static WatchSource RtlTcp(ConfigurationNode node, WatchSource source)
    {
        var address = node.HostOf(source.Target.StartsWith("//", StringComparison.Ordinal) ? source.Target[2..] : source.Target, RtlTcpPort);
        return source with { Target = $"//{address.Host}:{address.Port}" };
    }
}
