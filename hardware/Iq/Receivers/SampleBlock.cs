namespace SignalWatch.Hardware.Iq;

/// <summary>A block of samples on its way from a receiver to whoever reads them.</summary>
internal sealed class SampleBlock(int bytes)
{
    public byte[] Bytes { get; } = new byte[bytes];

    /// <summary>Time of its first sample.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Samples are missing before it.</summary>
    public bool Discontinuity { get; set; }

    /// <summary>Which tuning it belongs to.</summary>
    public int Tuning { get; set; }
}
