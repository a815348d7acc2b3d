namespace SignalWatch.Hardware.Iq;

/// <summary>How a receiver behind <c>rtl_tcp</c> is set, and how patient its client is.</summary>
public sealed record RtlTcpOptions
{
    /// <summary>Centre frequency to begin with, Hz.</summary>
    public required double CenterFrequencyHz { get; init; }

    /// <summary>Complex samples a second. The RTL2832 does 225,001 … 300,000 and 900,001 … 3,200,000, and loses none up to about 2,400,000.</summary>
    public double SampleRateHz { get; init; } = 2_400_000;

    /// <summary>Tuner gain, dB; the server takes the nearest that the tuner has. Null leaves it to the tuner, and then levels mean nothing.</summary>
    public double? GainDb { get; init; }

    /// <summary>Correction of the receiver's crystal, ppm.</summary>
    public int Ppm { get; init; }

    /// <summary>The RTL2832's digital gain control. Levels mean nothing with it.</summary>
    public bool Agc { get; init; }

    /// <summary>4.5 V on the antenna socket. Null sends no such command: some servers take it for another.</summary>
    public bool? BiasTee { get; init; }

    /// <summary>What is known of its level, as <see cref="IqStream.DbmAtFullScale"/>.</summary>
    public double? DbmAtFullScale { get; init; }

    /// <summary>How long a reader may stay away before samples are lost (and counted).</summary>
    public TimeSpan Buffer { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After a tuning samples are dropped for so long, with the time to the server and back added. Not below 40 ms.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>To connect and to receive the server's header.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without a byte for so long, the connection is given up and made anew.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Without a connection for so long, reading fails.</summary>
    public TimeSpan MaxDownTime { get; init; } = TimeSpan.FromSeconds(60);
}
