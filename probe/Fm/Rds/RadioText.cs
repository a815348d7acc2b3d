namespace SignalWatch.Fm.Rds;

/// <summary>Radio text: up to 64 characters in groups 2A, 32 in groups 2B (EN 50067 §3.1.5.3).</summary>
internal sealed class RadioText
{
    private const int EndOfText = 0x0D;

    // A pass takes 5 to 20 s.
    private const int MaxGap = 350;

    private readonly SegmentedText text = new(32, MaxGap);
    private int flag = -1;
    private bool isVersionB;

    /// <summary>The last text that was confirmed, without trailing spaces.</summary>
    public string? Confirmed { get; private set; }

    /// <summary>The text as far as it is there, <c>_</c> for what is missing; null where nothing is.</summary>
    public string? Partial { get; private set; }

    /// <summary>The text that is there whole, received once at least; null where there is none.</summary>
    public string? Whole { get; private set; }

    /// <summary>Takes a group of type 2.</summary>
    /// <param name="group">The group; its block B was received.</param>
    /// <param name="time">Groups since some beginning.</param>
    public void Accept(in RdsGroup group, long time)
    {
        var b = group.B.GetValueOrDefault();
        // The A/B flag turns over when the text changes; the version changes the length of a segment.
        var versionB = group.IsVersionB == true;
        if ((b >> 4 & 1) != flag || versionB != isVersionB)
        {
            text.Clear();
            (Whole, Partial) = (null, null);
        }
        (flag, isVersionB) = (b >> 4 & 1, versionB);
        var segment = b & 15;
        if (!versionB && group.C is { } c) text.Accept(2 * segment, c, time);
        if (group.D is { } d) text.Accept(versionB ? segment : 2 * segment + 1, d, time);
        Read();
    }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        text.Clear();
        (flag, Confirmed, Partial, Whole) = (-1, null, null, null);
    }

    // A text ends with 0Dh or fills its length; one that ends with neither, where nothing more ever comes, is not whole.
    private void Read()
    {
        var length = isVersionB ? 32 : 64;
        var end = 0;
        while (end < length && text.CodeAt(end) is not (-1 or EndOfText)) end++;
        var isWhole = end == length || text.CodeAt(end) == EndOfText;
        if (!isWhole)
        {
            (Whole, Partial) = (null, Shorten(text.Text(length, '_'), Partial, '_'));
            return;
        }
        Whole = Shorten(text.Text(end, '_'), Whole, ' ');
        Partial = Whole;
        if (Confirmed != Whole && text.IsConfirmed((Math.Min(end + 1, length) + 1) / 2)) Confirmed = Whole;
    }

    // The string that there was, where it is the same.
    private static string? Shorten(string now, string? before, char trailing)
    {
        var trimmed = now.AsSpan().TrimEnd(trailing);
        return trimmed.SequenceEqual(before) ? before : trimmed.ToString();
    }
}
