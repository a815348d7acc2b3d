namespace SignalWatch.Hardware;

/// <summary>How long an <see cref="RtpReceiver"/> waits for what is missing, and how much memory it may take for that.</summary>
public sealed record RtpSettings
{
    /// <summary>Packets by which one may be overtaken before it counts as lost, without FEC and without a second path.</summary>
    public int ReorderPackets { get; init; } = 64;

    /// <summary>Time by which a packet may be overtaken before it counts as lost.</summary>
    public TimeSpan ReorderTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>FEC belongs to the stream. Where this is not said, FEC is used all the same from its first datagram on, but what was given up before that stays lost.</summary>
    public bool ExpectsFec { get; init; }

    /// <summary>A second path belongs to the stream. Where this is not said, a pair begins with the first datagram of the second path, likewise.</summary>
    public bool ExpectsPair { get; init; }

    /// <summary>Longest wait for FEC. The matrix counts first (twice L × D packets); this ends the wait of a stream that is slow or stops.</summary>
    public TimeSpan FecTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Skew between the two paths of a hitless pair that must be bridged: SMPTE ST 2022-7 class C, 450 ms (A: 10 ms, B: 50 ms).
    /// <see cref="BufferBytes"/> has to hold the stream for as long: 450 ms at 18 Mb/s with its default.</summary>
    public TimeSpan PairSkew { get; init; } = TimeSpan.FromMilliseconds(450);

    /// <summary>Most bytes of datagrams that are kept; they are taken when first needed. Some 400 KB for book-keeping and FEC come on top.</summary>
    public int BufferBytes { get; init; } = 1 << 20;
}
