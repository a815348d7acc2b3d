namespace SignalWatch.TransportStream;

/// <summary>TBsys and Bsys: the PSI of one programme, PAT, CAT and its PMT (ISO/IEC 13818-1 2.4.2.4). Of what can't be known the smallest fill is taken.</summary>
internal struct SystemBuffer
{
    private const double TransportBps = 1_000_000;   // Rx of system data
    private const double SlowestBps = 80_000;        // Rsys: the larger of this and …
    private const double RateShare = 1.0 / 500;      // … this part of the stream's rate
    private const int MainBytes = 1536;              // BSsys

    private TransportBuffer transport;
    private double main;
    private double leak;
    private long last;
    private bool overflows;

    /// <summary>Sets the buffers up, empty.</summary>
    /// <param name="streamBitsPerSecond">Rate of the transport stream.</param>
    public void Configure(double streamBitsPerSecond)
    {
        this = default;
        transport.Configure(TransportBps);
        leak = Math.Max(SlowestBps, streamBitsPerSecond * RateShare) / 8e9;
    }

    /// <summary>What is allowed, in bytes or ms as the fault is measured.</summary>
    public static double LimitOf(BufferFault fault) => fault switch
    {
        BufferFault.SystemOverflow => MainBytes,
        BufferFault.SystemNotEmptied => TransportBuffer.LongestFilledNs / 1e6,
        _ => TransportBuffer.StandardBytes,
    };

    /// <summary>Forgets what is in them.</summary>
    public void Restart()
    {
        transport.Restart();
        (main, last, overflows) = (0, 0, false);
    }

    /// <summary>A packet of one of the PIDs. The parameters are as those of <see cref="TransportBuffer.Packet"/>.</summary>
    /// <param name="timeNs">When its last byte comes, by the stream's own time.</param>
    /// <param name="sectionBytes">Bytes of sections in it, without stuffing.</param>
    /// <param name="fault">What begins.</param>
    /// <param name="fill">Bytes, or ms.</param>
    /// <param name="packetNs">How long a packet takes.</param>
    public bool Packet(long timeNs, int sectionBytes, out BufferFault fault, out double fill, double packetNs = 0)
    {
        if (leak == 0)
        {
            (fault, fill) = (BufferFault.SystemOverflow, 0);
            return false;
        }
        if (last == 0 || timeNs < last) last = timeNs;
        main = Math.Max(0, main - leak * (timeNs - last)) + sectionBytes;
        last = timeNs;
        if (transport.Packet(timeNs, out fault, out fill, packetNs))
        {
            if (fault == BufferFault.TransportNotEmptied) fault = BufferFault.SystemNotEmptied;
            return true;
        }
        var sure = main - TransportBuffer.StandardBytes; // so much may still lie in TBsys
        if (sure <= MainBytes)
        {
            if (sure <= 0) overflows = false;
            return false;
        }
        main = MainBytes + TransportBuffer.StandardBytes;
        (fault, fill) = (BufferFault.SystemOverflow, sure);
        var begins = !overflows;
        overflows = true;
        return begins;
    }
}
