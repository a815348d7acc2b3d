namespace SignalWatch.Hardware.Iq;

/// <summary>How a SigMF recording is played.</summary>
public sealed record SigMfOptions : ReplayOptions
{
    /// <summary>Which recording of an archive: its name without ending. Null where the archive holds one.</summary>
    public string? Recording { get; init; }
}
