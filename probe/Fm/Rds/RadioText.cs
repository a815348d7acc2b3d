namespace SignalWatch.Fm.Rds;

/// <summary>Radio text: up to 64 characters in groups 2A, 32 in groups 2B (EN 50067 §3.1.5.3).</summary>
internal sealed class RadioText
{
    private readonly char[] characters = new char[64];
    private ulong received;
    private int flag = -1;
    private bool short32;

    /// <summary>The last text that was received whole, without trailing spaces.</summary>
    public string? Text { get; private set; }

    /// <summary>Takes a group of type 2.</summary>
    public void Accept(in RdsGroup group)
    {
        var b = group.B.GetValueOrDefault();
        // The A/B flag turns over when the text changes; the version changes the length of a segment.
        var versionB = group.IsVersionB == true;
        if ((b >> 4 & 1) != flag || versionB != short32) received = 0;
        (flag, short32) = (b >> 4 & 1, versionB);
        var at = (b & 15) * (versionB ? 2 : 4);
        if (!versionB)
        {
            Put(at, group.C);
            Put(at + 2, group.D);
        }
        else Put(at, group.D);
        Complete();
    }

    public void Clear()
    {
        (received, flag, Text) = (0, -1, null);
    }

    private void Put(int at, ushort? pair)
    {
        if (pair is not { } codes) return;
        Put(at, codes >> 8);
        Put(at + 1, codes & 0xFF);
    }

    private void Put(int at, int code)
    {
        var character = code == 0x0D ? '\r' : RdsCharacters.Of(code);
        // Another character at a place that was received: the text changed without the flag.
        if ((received >> at & 1) != 0 && characters[at] != character) received = 0;
        characters[at] = character;
        received |= 1UL << at;
    }

    // A text ends with 0Dh or fills its length.
    private void Complete()
    {
        var length = short32 ? 32 : 64;
        var end = 0;
        while (end < length && (received >> end & 1) != 0 && characters[end] != '\r') end++;
        var whole = end == length || (end < length && (received >> end & 1) != 0 && characters[end] == '\r');
        if (!whole) return;
        while (end > 0 && characters[end - 1] == ' ') end--;
        var text = characters.AsSpan(0, end);
        if (!text.SequenceEqual(Text)) Text = text.ToString();
    }
}
