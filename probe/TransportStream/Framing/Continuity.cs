using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>The continuity counter (ISO/IEC 13818-1 2.4.3.3, TR 101 290 1.4).</summary>
internal static class Continuity
{
    private const int FirstMarked = 12; // behind the place of a PCR, the only field in which a repetition may differ

    /// <summary>Judges the next packet of a PID other than the null PID.</summary>
    /// <param name="state">What is kept of the PID.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="cc">Its counter.</param>
    /// <param name="hasPayload">Its adaptation_field_control says that there is payload.</param>
    /// <param name="discontinuity">discontinuity_indicator: the counter may be anything.</param>
    /// <param name="expected">The counter that was due.</param>
    /// <returns>True where it is in order: the next number, the same one without payload, or one repetition.</returns>
    public static bool Check(ref PidState state, ReadOnlySpan<byte> packet, int cc, bool hasPayload, bool discontinuity, out int expected)
    {
        var mark = hasPayload ? Mark(packet) : state.Mark;
        expected = hasPayload ? state.Cc + 1 & 0x0F : state.Cc;
        if (state.HasCc && !discontinuity)
        {
            if (hasPayload && cc == state.Cc && mark == state.Mark)
            {
                if (state.Repeats < byte.MaxValue) state.Repeats++;
                return Once(ref state);
            }
            if (cc != expected)
            {
                Take(ref state, cc, mark);
                return false;
            }
            if (!hasPayload) return true;
        }
        Take(ref state, cc, mark);
        return true;
    }

    /// <summary>Counts a break in the usable packets: at an error of the counter, and where a damaged packet is missing.</summary>
    public static void CountBreak(ref PidState state, int cc, bool hasPayload, bool discontinuity)
    {
        if (!state.Damaged) state.Breaks++;
        else if (!discontinuity && cc != (hasPayload ? state.GoodCc + 1 & 0x0F : state.GoodCc)) state.Breaks++;
        state.Damaged = false;
    }

    // The second copy is legal and counted, the third is not.
    private static bool Once(ref PidState state)
    {
        if (state.Repeats != 1) return false;
        state.Duplicates++;
        return true;
    }

    /// <summary>The last check found a repetition: its payload was there before.</summary>
    public static bool IsRepetition(in PidState state) => state.Repeats > 0;

    private static void Take(ref PidState state, int cc, ulong mark)
    {
        state.HasCc = true;
        state.Cc = (byte)cc;
        state.Repeats = 0;
        state.Mark = mark;
    }

    // Three samples of the packet: enough to tell a repetition from the sixteenth packet after fifteen lost ones, at no cost.
    private static ulong Mark(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt64LittleEndian(packet[FirstMarked..])
        ^ ulong.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(packet[96..]), 21)
        ^ ulong.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(packet[180..]), 43);
}
