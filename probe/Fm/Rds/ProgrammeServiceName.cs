namespace SignalWatch.Fm.Rds;

/// <summary>The name of a station, eight characters that arrive two by two (EN 50067 §3.2.2).
/// A name counts only when each of its four pieces was received twice and none of them was contradicted meanwhile:
/// stations change their name in the middle of a pass, and a mixture of two names is the name of nobody.</summary>
internal sealed class ProgrammeServiceName
{
    private const int Segments = 4;
    private readonly int[] codes = new int[Segments];
    private readonly int[] received = new int[Segments];

    /// <summary>The last name that was received whole and confirmed.</summary>
    public string? Confirmed { get; private set; }

    /// <summary>What is there of the name that is arriving, with <c>_</c> for what is missing; null where nothing is.</summary>
    public string? Partial { get; private set; }

    /// <summary>Takes a piece.</summary>
    /// <param name="segment">0 to 3.</param>
    /// <param name="code">Two characters, the first in the upper byte.</param>
    public void Accept(int segment, int code)
    {
        if (received[segment] > 0 && codes[segment] != code) Array.Clear(received);
        var isNew = received[segment]++ == 0;
        codes[segment] = code;
        if (isNew) Partial = Text();
        if (received.Min() >= 2 && Confirmed != Partial) Confirmed = Partial;
    }

    public void Clear()
    {
        Array.Clear(received);
        (Confirmed, Partial) = (null, null);
    }

    private string Text() => string.Create(2 * Segments, this, static (text, name) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = name.received[i / 2] == 0 ? '_' : RdsCharacters.Of(i % 2 == 0 ? name.codes[i / 2] >> 8 : name.codes[i / 2] & 0xFF);
    });
}
