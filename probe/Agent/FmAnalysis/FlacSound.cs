using SignalWatch.Probe.Analysis;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>The sound as FLAC: all of its bits in about half of the room.</summary>
internal sealed class FlacSound : ISoundFile
{
    private readonly Stream stream;
    private readonly FlacWriter writer;
    private readonly bool mono;
    private short[] first = new short[4096];
    private short[] second = new short[4096];

    /// <summary>Writes to a stream, which it closes.</summary>
    /// <param name="stream">Can seek.</param>
    /// <param name="mono">One channel.</param>
    /// <param name="title">What it is.</param>
    /// <param name="origin"><c>live</c>, <c>replay</c> or <c>simulated</c>.</param>
    public FlacSound(Stream stream, bool mono, string title, string origin)
    {
        (this.stream, this.mono) = (stream, mono);
        writer = new FlacWriter(stream, WavSound.SampleRateHz, mono ? 1 : 2, $"SignalWatch {StreamDescription.Version}", [new("TITLE", title), new("ORIGIN", origin)]);
    }

    public void Write(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (first.Length < left.Length) (first, second) = (new short[left.Length], new short[left.Length]);
        for (var n = 0; n < left.Length; n++)
        {
            first[n] = WavSound.Sample(mono ? (left[n] + right[n]) / 2 : left[n]);
            second[n] = WavSound.Sample(right[n]);
        }
        if (mono) writer.Write(first.AsSpan(0, left.Length));
        else writer.Write(first.AsSpan(0, left.Length), second.AsSpan(0, left.Length));
    }

    public void Complete()
    {
        writer.Complete();
        stream.Flush();
    }

    public void Dispose()
    {
        writer.Dispose();
        stream.Dispose();
    }
}
