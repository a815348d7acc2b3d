namespace SignalWatch.Probe.Analysis;

/// <summary>The PCR of a packet (ISO/IEC 13818-1 2.4.3.4).</summary>
internal static class PacketClock
{
    /// <summary>Reads it.</summary>
    /// <param name="packet">188 bytes.</param>
    /// <param name="pid">Its PID.</param>
    /// <param name="clock">27 MHz.</param>
    /// <param name="discontinuity">The clock starts anew.</param>
    public static bool TryRead(ReadOnlySpan<byte> packet, out int pid, out long clock, out bool discontinuity)
    {
        (pid, clock, discontinuity) = (0, 0, false);
        // No transport_error_indicator; an adaptation field with at least its flags and a PCR; PCR_flag.
        if ((packet[1] & 0x80) != 0 || (packet[3] & 0x20) == 0 || packet[4] < 7 || (packet[5] & 0x10) == 0) return false;
        pid = (packet[1] & 0x1F) << 8 | packet[2];
        var clockBase = (long)packet[6] << 25 | (long)packet[7] << 17 | (long)packet[8] << 9 | (long)packet[9] << 1 | (long)packet[10] >> 7;
        clock = clockBase * 300 + ((packet[10] & 1) << 8 | packet[11]);
        discontinuity = (packet[5] & 0x80) != 0;
        return true;
    }
}
