namespace SignalWatch.Hardware;

/// <summary>Takes the transport packets of one datagram, in the order in which they were sent.</summary>
/// <param name="transportPackets">The payload as it was sent: packets of 188 bytes (RFC 2250 2) unless the sender did otherwise. Valid during the call only.</param>
/// <param name="timeNs">When the datagram arrived, in nanoseconds of the clock that the caller pushed with. It does not step back unless that clock was set back by seconds:
/// a datagram that was overtaken has the time of the one that should have come behind it, one that was rebuilt that of the one before, for it never arrived.</param>
/// <param name="missingDatagramsBefore">Datagrams lost for good just before this one. The continuity errors that follow are their consequence,
/// one event of the network and not many of the multiplex. 0 where nothing is missing.</param>
public delegate void PacketsHandler(ReadOnlySpan<byte> transportPackets, long timeNs, int missingDatagramsBefore);
