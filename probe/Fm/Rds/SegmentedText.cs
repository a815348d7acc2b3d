namespace SignalWatch.Fm.Rds;

/// <summary>A text that arrives in pieces of two characters, in any order, again and again.
/// <para>It is confirmed only where there was a moment at which every piece was what it is: each was received before it and again after it, and never otherwise meanwhile.
/// Stations change a text in the middle of a pass, and blocks are lost; pieces that were received twice each, but not over a common moment, may be of two texts,
/// and a mixture of two texts is the text of nobody.</para></summary>
/// <param name="pieces">Pieces of the longest text.</param>
/// <param name="maxGap">Two receptions of a piece farther apart than this, in groups, say nothing of the time between them.</param>
internal sealed class SegmentedText(int pieces, int maxGap)
{
    private readonly ushort[] codes = new ushort[pieces];
    private readonly long[] first = new long[pieces];
    private readonly long[] last = new long[pieces];
    private readonly bool[] received = new bool[pieces];

    /// <summary>Characters of the longest text.</summary>
    public int Length => 2 * pieces;

    /// <summary>Forgets all pieces.</summary>
    public void Clear() => Array.Clear(received);

    /// <summary>Takes a piece.</summary>
    /// <param name="piece">Its place, from 0.</param>
    /// <param name="code">Two characters, the first in the upper byte.</param>
    /// <param name="time">Groups since some beginning.</param>
    /// <returns>False where the piece was another one before: it begins another text.</returns>
    public bool Accept(int piece, ushort code, long time)
    {
        var contradicts = received[piece] && codes[piece] != code;
        if (contradicts) Clear();
        if (!received[piece] || time - last[piece] > maxGap) first[piece] = time;
        (codes[piece], last[piece], received[piece]) = (code, time, true);
        return !contradicts;
    }

    /// <summary>Whether the first <paramref name="count"/> pieces are there.</summary>
    public bool IsWhole(int count) => received.AsSpan(0, count).IndexOf(false) < 0;

    /// <summary>Whether the first <paramref name="count"/> pieces all held at one moment.</summary>
    public bool IsConfirmed(int count)
    {
        if (!IsWhole(count)) return false;
        long latestFirst = long.MinValue, earliestLast = long.MaxValue;
        for (var piece = 0; piece < count; piece++)
        {
            if (first[piece] == last[piece]) return false;
            (latestFirst, earliestLast) = (Math.Max(latestFirst, first[piece]), Math.Min(earliestLast, last[piece]));
        }
        return latestFirst <= earliestLast;
    }

    /// <summary>Code of the character at a place, or −1 where it was not received.</summary>
    public int CodeAt(int place) => !received[place / 2] ? -1 : place % 2 == 0 ? codes[place / 2] >> 8 : codes[place / 2] & 0xFF;

    /// <summary>The characters at the first <paramref name="count"/> places, <paramref name="missing"/> for what was not received.</summary>
    public string Text(int count, char missing) => string.Create(count, (this, missing), static (text, from) =>
    {
        for (var place = 0; place < text.Length; place++)
            text[place] = from.Item1.CodeAt(place) is var code and >= 0 ? RdsCharacters.Of(code) : from.missing;
    });
}
