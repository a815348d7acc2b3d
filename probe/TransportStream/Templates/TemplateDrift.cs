using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>In what a multiplex differs from its template.</summary>
public enum DriftKind
{
    /// <summary>Another <c>transport_stream_id</c>.</summary>
    TransportStreamId,

    /// <summary>Another <c>original_network_id</c>.</summary>
    OriginalNetworkId,

    /// <summary>The same <c>transport_stream_id</c> and services under another <c>original_network_id</c>.</summary>
    Cloned,

    /// <summary>The network has another name.</summary>
    NetworkName,

    /// <summary>The NIT is gone, or there is one that is not expected.</summary>
    NetworkInformation,

    /// <summary>The rate is out of its range.</summary>
    Bitrate,

    /// <summary>A service is gone.</summary>
    ServiceMissing,

    /// <summary>A service that is not expected.</summary>
    ServiceAdded,

    /// <summary>A service has another name.</summary>
    ServiceName,

    /// <summary>A service has another provider.</summary>
    Provider,

    /// <summary>A service has another type.</summary>
    ServiceType,

    /// <summary>PMT, clock or elementary stream on another PID.</summary>
    PidMoved,

    /// <summary>An elementary stream is gone.</summary>
    ComponentMissing,

    /// <summary>An elementary stream that is not expected.</summary>
    ComponentAdded,

    /// <summary>Another stream type or codec.</summary>
    Codec,

    /// <summary>Another resolution.</summary>
    Resolution,

    /// <summary>Another language.</summary>
    Language,

    /// <summary>Scrambled, where it is expected in clear.</summary>
    ScramblingAdded,

    /// <summary>In clear, where it is expected scrambled.</summary>
    ScramblingGone,

    /// <summary>Other CA systems, or their ECMs on other PIDs.</summary>
    ConditionalAccess,

    /// <summary>Another logical channel number.</summary>
    LogicalChannel,
}

/// <summary>One difference between a multiplex and its template.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Subject">Of what: <c>multiplex</c>, <c>service/101</c>, <c>service/101/pid/257</c>. With the kind it names the drift from one comparison to the next.</param>
/// <param name="Expected">What the template says; null where it expects nothing.</param>
/// <param name="Found">What was found; null where nothing was.</param>
/// <param name="Sentence">The difference in words.</param>
/// <param name="Weight">How much it matters, 0 to 1: for the order on a screen, not a probability.</param>
public sealed record TemplateDrift(DriftKind Kind, string Subject, string? Expected, string? Found, Text Sentence, double Weight);
