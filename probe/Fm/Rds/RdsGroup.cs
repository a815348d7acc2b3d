namespace SignalWatch.Fm;

/// <summary>A group of RDS: four blocks, each received or not (EN 50067 §2.1). Partly received groups are groups.</summary>
/// <param name="A">Block A: the programme identification.</param>
/// <param name="B">Block B: group type, version, traffic programme, programme type.</param>
/// <param name="C">Block C, or C′ in version B groups.</param>
/// <param name="D">Block D.</param>
/// <param name="CorrectedA">Block A had an error that was corrected: no evidence for a PI that isn't known yet.</param>
public readonly record struct RdsGroup(ushort? A, ushort? B, ushort? C, ushort? D, bool CorrectedA = false)
{
    /// <summary>Which blocks were not received as they are but decoded from reliabilities: 1 block A, 2 B, 4 C, 8 D.</summary>
    public int Corrected { get; init; } = CorrectedA ? 1 : 0;

    /// <summary>Block A could be told only because the PI was known before. No evidence for any PI.</summary>
    public bool AssumedA { get; init; }

    /// <summary>Blocks received.</summary>
    public int Received => (A.HasValue ? 1 : 0) + (B.HasValue ? 1 : 0) + (C.HasValue ? 1 : 0) + (D.HasValue ? 1 : 0);

    /// <summary>Group type, 0 to 15; null where block B is missing.</summary>
    public int? Type => B >> 12;

    /// <summary>Version B, where block C repeats the PI; null where block B is missing.</summary>
    public bool? IsVersionB => B is { } b ? (b & 0x0800) != 0 : null;
}
