namespace SignalWatch.TransportStream;

/// <summary>TB of a PID, or TBsys: 512 bytes that empty at a fixed rate (ISO/IEC 13818-1 2.4.2.4). 24 bytes of state, some additions a packet. Where the time of a packet leaves it open how full the
/// buffer was, the smallest fill is taken: what is reported is sure.</summary>
/// <remarks>The time is the stream's own: the packet's byte position at the stream's rate. Arrival times will not do, datagrams bring seven packets at once.</remarks>
internal struct TransportBuffer
{
    /// <summary>Size of TB and TBsys, bytes (ISO/IEC 13818-1 2.4.2.4).</summary>
    public const int StandardBytes = 512;

    /// <summary>Longest time without being empty, ns (ISO/IEC 13818-1 2.4.2.7, TR 101 290 3.9).</summary>
    public const long LongestFilledNs = 1_000_000_000;

    private const int NsPerMs = 1_000_000;

    private long last;
    private float fill;
    private float leak;       // bytes each ns; 0: not watched
    private int emptiedMs;    // of the same time, wrapping: only differences are used
    private ushort size;
    private State state;

    [Flags]
    private enum State : byte
    {
        None = 0,
        Begun = 1,
        Overflows = 2,
        Filled = 4,
    }

    /// <summary>Sets the buffer up, empty.</summary>
    /// <param name="leakBitsPerSecond">Rate at which it empties; 0 where nothing is to be watched.</param>
    /// <param name="sizeBytes">Its size.</param>
    public void Configure(double leakBitsPerSecond, int sizeBytes = StandardBytes)
    {
        this = default;
        leak = (float)(leakBitsPerSecond / 8e9);
        size = (ushort)sizeBytes;
    }

    /// <summary>Forgets what is in it: packets are missing, or time starts anew.</summary>
    public void Restart() => (fill, state) = (0, State.None);

    /// <summary>A packet of the PID.</summary>
    /// <param name="timeNs">When its last byte comes, by the stream's own time.</param>
    /// <param name="fault"><see cref="BufferFault.TransportOverflow"/> or <see cref="BufferFault.TransportNotEmptied"/>, where the answer is true.</param>
    /// <param name="fill">Bytes in the buffer; for <see cref="BufferFault.TransportNotEmptied"/> ms since it was empty.</param>
    /// <param name="packetNs">How long a packet takes at the stream's rate; 0 where it isn't known, then the packet is taken to have come as slowly as can be.</param>
    /// <returns>True where a fault begins. It ends when the buffer is empty.</returns>
    public bool Packet(long timeNs, out BufferFault fault, out double fill, double packetNs = 0)
    {
        fault = BufferFault.TransportOverflow;
        fill = 0;
        if (leak == 0) return false;
        if ((state & State.Begun) == 0 || timeNs < last - NsPerMs) Begin(timeNs, packetNs); // the stream's rate, and with it its time, is corrected by less
        var passed = Math.Max(0, timeNs - last);
        last = Math.Max(last, timeNs);
        var coming = packetNs > 0 ? Math.Min((float)packetNs, passed) : passed; // back to back they can't take longer than there was time
        var rest = this.fill - leak * (passed - coming);
        var now = Math.Max(rest, 0) + PacketFramer.PacketBytes - leak * coming;
        if (rest <= 0 || now <= 0 || this.fill <= leak * passed) Emptied(timeNs);
        this.fill = Math.Clamp(now, 0, size);
        if (now > size)
        {
            fill = now;
            return Enter(State.Overflows);
        }
        if ((State.Filled & state) != 0 || unchecked((int)(timeNs / NsPerMs) - emptiedMs) <= LongestFilledNs / NsPerMs) return false;
        (fault, fill) = (BufferFault.TransportNotEmptied, unchecked((int)(timeNs / NsPerMs) - emptiedMs));
        return Enter(State.Filled);
    }

    private void Begin(long timeNs, double packetNs)
    {
        (last, fill, state) = (timeNs - (long)packetNs, 0, State.Begun);
        emptiedMs = unchecked((int)(timeNs / NsPerMs));
    }

    private void Emptied(long timeNs)
    {
        emptiedMs = unchecked((int)(timeNs / NsPerMs));
        state = State.Begun;
    }

    private bool Enter(State fault)
    {
        var begins = (state & fault) == 0;
        state |= fault;
        return begins;
    }
}
