using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;
using SignalWatch.Simulation;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Configuration;

/// <summary>What a probe is told to do.</summary>
internal sealed record ProbeConfiguration(ProbeId Id, string Name, string Area, Position? Position, Uri? Collector, IReadOnlyList<WatchConfiguration> Watches)
{
    /// <summary>What happens in the simulated city, where watches look at it.</summary>
    public string Scenario { get; init; } = City.Usual;

    /// <summary>The antenna, as the operator describes it; null where nobody did.</summary>
    public string? Antenna { get; init; }

    /// <summary>The legal and technical review that the device passed; null where there was none.</summary>
    public DeviceReview? Review { get; init; }

    /// <summary>What is kept until the collector has it.</summary>
    public SpoolFolderSettings Spool { get; init; } = new();

    /// <summary>How it goes there.</summary>
    public DeliverySettings Delivery { get; init; } = new();

    /// <summary>A gpsd that knows better where the antenna is; null where there is none.</summary>
    public HostAddress? Gpsd { get; init; }
}

/// <summary>A server of TCP.</summary>
internal readonly record struct HostAddress(string Host, int Port);

/// <summary>Where the probe's antenna is, WGS-84.</summary>
internal readonly record struct Position(double Latitude, double Longitude);

/// <summary>One configured watch.</summary>
internal abstract record WatchConfiguration(WatchId Id, WatchSource Source);

internal sealed record FmBandConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    public double RasterHz { get; init; } = 100_000; // the raster of the band in China
    public int SpectrumLinesPerSecond { get; init; } = 5;

    /// <summary>What the receiver is tuned to and how; null leaves it as it is, or to the recording.</summary>
    public double? CenterHz { get; init; }

    /// <summary>The receiver's calibration, or null.</summary>
    public string? CalibrationFile { get; init; }

    /// <summary>How well the receiver's frequency is known, parts in a million; null where it is not.</summary>
    public double? FrequencyAccuracyPpm { get; init; }

    /// <summary>All dossiers of evidence together; the oldest go.</summary>
    public long EvidenceBytes { get; init; } = 20L << 30;

    /// <summary>Samples a second that the receiver is to give, or that the recording must have; null leaves it.</summary>
    public double? SampleRateHz { get; init; }

    /// <summary>Gain of the receiver, or the one that the recording was made with, dB; null: automatic, or not known.</summary>
    public double? GainDb { get; init; }

    /// <summary>Correction of the receiver's crystal, parts in a million.</summary>
    public int Ppm { get; init; }

    /// <summary>Voltage on the antenna socket; null says nothing of it to the receiver.</summary>
    public bool? BiasTee { get; init; }

    /// <summary>The receiver sweeps so; null: it stays on one frequency.</summary>
    public SweepConfiguration? Sweep { get; init; }
}

/// <summary>What a receiver sweeps.</summary>
/// <param name="FromHz">The lowest frequency, Hz.</param>
/// <param name="ToHz">The highest, Hz.</param>
/// <param name="Period">Time for a sweep.</param>
/// <param name="Spurious">The aeronautical band, 108 to 137 MHz, is looked at too, every few sweeps.</param>
internal sealed record SweepConfiguration(double FromHz, double ToHz, TimeSpan Period, bool Spurious);

internal sealed record TransportStreamConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    /// <summary>What arrives at a network address: live, or a recording that a replayer sends. Only the operator knows.</summary>
    public Origin Origin { get; init; } = Origin.Live;

    /// <summary>How long services are learnt as the line-up, where none is remembered.</summary>
    public TimeSpan LearnFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What texts without a selector are written in.</summary>
    public DvbCharset Charset { get; init; } = DvbCharset.Gb18030;

    /// <summary>The edition of TR 101 290 whose limits hold.</summary>
    public MeasurementProfile Profile { get; init; } = MeasurementProfile.V141;

    /// <summary>The error correction of SMPTE ST 2022-1 on the ports two and four above is used.</summary>
    public bool Fec { get; init; }

    /// <summary>Address of the second path (SMPTE ST 2022-7), or null.</summary>
    public string? Pair { get; init; }

    /// <summary>File of the template that it is compared with, or null.</summary>
    public string? Template { get; init; }

    /// <summary>Its alarms are recorded so, or not at all.</summary>
    public RecordConfiguration? Record { get; init; }
}

/// <summary>What is recorded of a stream.</summary>
/// <param name="Folder">Where; null: in the probe's data folder.</param>
/// <param name="Before">Time before the first occurrence.</param>
/// <param name="After">Time after the last.</param>
/// <param name="Checks">Which checks start a clip; null: those of the priorities 1 and 2.</param>
/// <param name="MaxBytes">All clips together; the oldest go.</param>
internal sealed record RecordConfiguration(string? Folder, TimeSpan Before, TimeSpan After, IReadOnlyList<Check>? Checks, long MaxBytes);

/// <summary>A mirror port, or a capture file: <see cref="WatchConfiguration.Source"/> is <c>live:INTERFACE</c> or <c>pcap:FILE</c>.</summary>
internal sealed record TapConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    /// <summary>Filter expression of pcap-filter(7), or null.</summary>
    public string? Filter { get; init; }

    /// <summary>Most streams that are analysed; others are listed.</summary>
    public int Streams { get; init; } = 200;

    /// <summary>How long services are learnt as the line-up, where none is remembered.</summary>
    public TimeSpan LearnFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What texts without a selector are written in.</summary>
    public DvbCharset Charset { get; init; } = DvbCharset.Gb18030;

    /// <summary>The edition of TR 101 290 whose limits hold.</summary>
    public MeasurementProfile Profile { get; init; } = MeasurementProfile.V141;
}

internal sealed record OttConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    /// <summary>The channel's key as a subject; by default the watch's id.</summary>
    public required string Channel { get; init; }

    public required string Name { get; init; }
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>Where a watch's signal comes from: <c>sigmf:PATH</c>, <c>wav:PATH</c>, <c>rtl_tcp:HOST:PORT</c>, <c>rtlsdr:SERIAL|INDEX</c>, <c>soapy:ARGS</c>, <c>udp://…</c>, <c>rtp://…</c>, <c>file:PATH</c>, <c>city:ID</c>, <c>http(s)://…</c>.</summary>
/// <param name="Scheme">What stands before the first colon.</param>
/// <param name="Target">What stands behind it.</param>
internal readonly record struct WatchSource(string Scheme, string Target)
{
    public override string ToString() => $"{Scheme}:{Target}";
}
