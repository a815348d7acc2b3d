using System.Net;
using SignalWatch.Collector.Registers;

namespace SignalWatch.Collector;

/// <summary>How a collector runs.</summary>
internal sealed record CollectorOptions
{
    /// <summary>Where the journal is kept.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The PostgreSQL database that keeps the journal in place of the folder; null for the folder.</summary>
    public string? Store { get; init; }

    /// <summary>The address to listen on; null where a test serves without a socket.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>A register given at the start, read and checked.</summary>
    public InitialRegister? Register { get; init; }

    /// <summary>The console's built files; null where there are none.</summary>
    public string? ConsoleFolder { get; init; }
}
