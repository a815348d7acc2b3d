namespace SignalWatch.Fm.Rds;

/// <summary>The name of a station, eight characters that arrive two by two (EN 50067 §3.2.2).</summary>
internal sealed class ProgrammeServiceName
{
    private const int Segments = 4;

    // A pass takes a second on most stations, three on the slowest.
    private const int MaxGap = 35;

    private readonly SegmentedText text = new(Segments, MaxGap);

    /// <summary>The last name that was confirmed.</summary>
    public string? Confirmed { get; private set; }

    /// <summary>What is there of the name that is arriving, with <c>_</c> for what is missing; null where nothing is.</summary>
    public string? Partial { get; private set; }

    /// <summary>The name that the last piece made whole, confirmed or not; null where it made none.</summary>
    public string? Whole => text.IsWhole(Segments) ? Partial : null;

    /// <summary>Takes a piece.</summary>
    /// <param name="segment">0 to 3.</param>
    /// <param name="code">Two characters, the first in the upper byte.</param>
    /// <param name="time">Groups since some beginning.</param>
    public void Accept(int segment, ushort code, long time)
    {
        text.Accept(segment, code, time);
        var now = text.Text(text.Length, '_');
        if (now != Partial) Partial = now;
        if (Confirmed != Partial && text.IsConfirmed(Segments)) Confirmed = Partial;
    }

    public void Clear()
    {
        text.Clear();
        (Confirmed, Partial) = (null, null);
    }
}
