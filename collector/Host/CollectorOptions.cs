using System.Net;
using SignalWatch.Collector.Nodes;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Registers;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Influx;

namespace SignalWatch.Collector;

/// <summary>How a collector runs.</summary>
internal sealed record CollectorOptions
{
    /// <summary>Where the journal is kept.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The PostgreSQL database that keeps the journal in place of the folder; null for the folder.</summary>
    public string? Store { get; init; }

    /// <summary>Where evidence and its keys are kept; null for the data folder.</summary>
    public string? EvidenceFolder { get; init; }

    /// <summary>How it is one of several; null where it is alone.</summary>
    public NodeOptions? Node { get; init; }

    /// <summary>The address to listen on; null where a test serves without a socket.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>A register given at the start, read and checked.</summary>
    public InitialRegister? Register { get; init; }

    /// <summary>The console's built files; null where there are none.</summary>
    public string? ConsoleFolder { get; init; }

    /// <summary>An RFC 3161 time-stamp authority that countersigns the evidence log; null where there is none.</summary>
    public Uri? TimestampServer { get; init; }

    /// <summary>What is kept of levels, rates and counts over time.</summary>
    public SeriesSettings Series { get; init; } = new();

    /// <summary>Servers that get the series too.</summary>
    public IReadOnlyList<InfluxTarget> Influx { get; init; } = [];

    /// <summary>How long what may be removed is kept.</summary>
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>Who is told of alarms.</summary>
    public IReadOnlyList<OutboxTarget> Outputs { get; init; } = [];
}
