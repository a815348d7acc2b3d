namespace SignalWatch.TransportStream;

/// <summary>What the tables of a multiplex say beside its report. Null: not known, never "there is none".</summary>
public sealed record MultiplexSignalling
{
    /// <summary>Transport streams that the NIT of this network lists, as original_network_id and transport_stream_id.</summary>
    public IReadOnlyList<StreamIds>? NetworkStreams { get; init; }

    /// <summary><c>transport_stream_id</c> that the SDT calls its own.</summary>
    public int? SdtTransportStreamId { get; init; }

    /// <summary>CA systems by service.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<ConditionalAccess>>? ConditionalAccess { get; init; }

    /// <summary>Logical channel numbers by service.</summary>
    public IReadOnlyDictionary<int, int>? LogicalChannels { get; init; }

    /// <summary>Reads the tables of a stream.</summary>
    /// <param name="tables">In the order of their completion.</param>
    /// <param name="charset">What texts without a selector are written in.</param>
    public static MultiplexSignalling From(IReadOnlyList<TableVersion> tables, DvbCharset charset)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return SignallingReader.Read(tables, charset);
    }

    /// <summary>TDT less the receive clock, s: only where the receive clock is one of its own (live, or a capture).</summary>
    public double? ClockOffsetSeconds { get; init; }
}

/// <summary>A transport stream's ids.</summary>
/// <param name="OriginalNetworkId"><c>original_network_id</c>.</param>
/// <param name="TransportStreamId"><c>transport_stream_id</c>.</param>
public readonly record struct StreamIds(int OriginalNetworkId, int TransportStreamId);
