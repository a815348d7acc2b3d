namespace SignalWatch.Fm.Rds;

/// <summary>Radio text: up to 64 characters in groups 2A, 32 in groups 2B (EN 50067 §3.1.5.3).</summary>
internal sealed class RadioText
{
    private const int EndOfText = 0x0D;

    // A pass takes 5 to 20 s.
    private const int MaxGap = 350;

    // Some stations neither end their text nor fill it up, but begin again. So often nothing may come beyond its last segment before it is taken for the last,
    // and so often before it is confirmed: a segment may be lost many times in a row, and half a text is a wrong text.
    private const int PassesToEnd = 8;
    private const int PassesToConfirm = 16;

    private readonly SegmentedText text = new(32, MaxGap);
    private int flag = -1;
    private bool isVersionB;
    private int lastSegment;
    private int topSegment;
    private int passes;

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
            Restart();
            (Whole, Partial) = (null, null);
        }
        (flag, isVersionB) = (b >> 4 & 1, versionB);
        var segment = b & 15;
        if (!versionB && group.C is { } c && !text.Accept(2 * segment, c, time)) (topSegment, passes) = (0, 0);
        if (group.D is { } d && !text.Accept(versionB ? segment : 2 * segment + 1, d, time)) (topSegment, passes) = (0, 0);
        CountPass(segment);
        Read();
    }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        Restart();
        (flag, Confirmed, Partial, Whole) = (-1, null, null, null);
    }

    private void Restart()
    {
        text.Clear();
        (lastSegment, topSegment, passes) = (0, 0, 0);
    }

    private void CountPass(int segment)
    {
        if (segment > topSegment) (topSegment, passes) = (segment, 0);
        else if (segment < lastSegment || topSegment == 0) passes++;
        lastSegment = segment;
    }

    // A text ends with 0Dh or fills its length.
    private void Read()
    {
        var length = isVersionB ? 32 : 64;
        var end = 0;
        while (end < length && text.CodeAt(end) is not (-1 or EndOfText)) end++;
        var isEnded = end == length || text.CodeAt(end) == EndOfText;
        var isRound = !isEnded && passes >= PassesToEnd && end == (topSegment + 1) * (isVersionB ? 2 : 4);
        if (!isEnded && !isRound)
        {
            (Whole, Partial) = (null, Shorten(text.Text(length, '_'), Partial, '_'));
            return;
        }
        Whole = Partial = Shorten(text.Text(end, '_'), Whole, ' ');
        var isConfirmed = (isEnded || passes >= PassesToConfirm) && text.IsConfirmed((Math.Min(isEnded ? end + 1 : end, length) + 1) / 2);
        if (isConfirmed) Confirmed = Whole;
    }

    // The string that there was, where it is the same.
    private static string? Shorten(string now, string? before, char trailing)
    {
        var trimmed = now.AsSpan().TrimEnd(trailing);
        return before is not null && trimmed.SequenceEqual(before) ? before : trimmed.ToString();
    }
}
