namespace SignalWatch.Hardware.Position;

/// <summary>Takes bytes as they come and gives lines. A line that is longer than its limit is left out and counted.</summary>
internal sealed class LineSplitter(int longest)
{
    private readonly byte[] line = new byte[longest];
    private int length;
    private bool tooLong;

    /// <summary>Lines left out because of their length.</summary>
    public long TooLong { get; private set; }

    /// <summary>What was begun is forgotten.</summary>
    public void Restart() => (length, tooLong) = (0, false);

    /// <summary>Takes bytes; gives each whole line, without its end, that is not empty.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, Action<ReadOnlyMemory<byte>> take)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            if (tooLong || length + piece.Length > longest) tooLong = true;
            else
            {
                piece.CopyTo(line.AsSpan(length));
                length += piece.Length;
            }
            if (end < 0) return;
            bytes = bytes[(end + 1)..];
            if (tooLong) TooLong++;
            else if (line.AsSpan(0, length).TrimEnd((byte)'\r') is { IsEmpty: false } whole) take(line.AsMemory(0, whole.Length));
            Restart();
        }
    }
}
