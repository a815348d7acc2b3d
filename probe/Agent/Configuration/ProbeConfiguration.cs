using SignalWatch.Contracts;

namespace SignalWatch.Probe.Configuration;

/// <summary>What a probe is told to do.</summary>
internal sealed record ProbeConfiguration(ProbeId Id, string Name, string Area, Position? Position, Uri? Collector, IReadOnlyList<WatchConfiguration> Watches);

/// <summary>Where the probe's antenna is, WGS-84.</summary>
internal readonly record struct Position(double Latitude, double Longitude);

/// <summary>One configured watch.</summary>
internal abstract record WatchConfiguration(WatchId Id, WatchSource Source);

internal sealed record FmBandConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    public double RasterHz { get; init; } = 100_000; // the raster of the band in China
    public int SpectrumLinesPerSecond { get; init; } = 5;
}

internal sealed record TransportStreamConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    /// <summary>What arrives at a network address: live, or a recording that a replayer sends. Only the operator knows.</summary>
    public Origin Origin { get; init; } = Origin.Live;

    /// <summary>How long services are learnt as the line-up, where none is remembered.</summary>
    public TimeSpan LearnFor { get; init; } = TimeSpan.FromSeconds(10);
}

internal sealed record OttConfiguration(WatchId Id, WatchSource Source) : WatchConfiguration(Id, Source)
{
    /// <summary>The channel's key as a subject; by default the watch's id.</summary>
    public required string Channel { get; init; }

    public required string Name { get; init; }
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>Where a watch's signal comes from: <c>sigmf:PATH</c>, <c>udp://…</c>, <c>file:PATH</c>, <c>city:ID</c>, <c>http(s)://…</c>.</summary>
/// <param name="Scheme">What stands before the first colon.</param>
/// <param name="Target">What stands behind it.</param>
internal readonly record struct WatchSource(string Scheme, string Target)
{
    public override string ToString() => $"{Scheme}:{Target}";
}
