namespace SignalWatch.Hardware.Iq;

/// <summary>A place where bytes of a drop test are missing.</summary>
/// <param name="AtByte">Bytes received before it.</param>
/// <param name="Lost">Bytes lost, at least: the counter has eight bits, so 256 bytes more or less look alike.</param>
public readonly record struct DropPlace(long AtByte, int Lost);

/// <summary>What a drop test found.</summary>
/// <param name="BytesReceived">Bytes of the counter.</param>
/// <param name="BytesLost">Bytes lost, at least.</param>
/// <param name="Drops">Places where bytes are missing.</param>
/// <param name="Places">The first of them.</param>
public sealed record DropTestResult(long BytesReceived, long BytesLost, int Drops, IReadOnlyList<DropPlace> Places);

/// <summary>Checks the RTL2832's test mode: each byte is one more than the one before, modulo 256.</summary>
internal sealed class DropTest(long bytesWanted)
{
    private const int MaxPlaces = 1000;

    // Samples of an antenna do not count for so long: the chance is 256^−1024.
    private const int BytesToBelieve = 1024;

    private readonly List<DropPlace> places = [];
    private readonly TaskCompletionSource<DropTestResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int run;
    private byte next;
    private long received;
    private long lost;
    private int drops;

    public Task<DropTestResult> Result => done.Task;

    /// <summary>The counter was seen.</summary>
    public bool Believed => received > 0;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (done.Task.IsCompleted) return;
            if (received == 0) Believe(value);
            else Count(value);
            next = (byte)(value + 1);
        }
    }

    public void Fail(Exception why) => done.TrySetException(why);

    /// <summary>The connection broke off: what was counted is told.</summary>
    public DropTestResult SoFar() => new(received, lost, drops, [.. places]);

    private void Believe(byte value)
    {
        run = value == next ? run + 1 : 1;
        if (run == BytesToBelieve) received = run;
    }

    private void Count(byte value)
    {
        if (value != next)
        {
            var missing = (byte)(value - next);
            lost += missing;
            drops++;
            if (places.Count < MaxPlaces) places.Add(new DropPlace(received, missing));
        }
        if (++received >= bytesWanted) done.TrySetResult(SoFar());
    }
}
