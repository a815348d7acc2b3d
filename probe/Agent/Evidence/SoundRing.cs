using System.Numerics;

namespace SignalWatch.Probe.Evidence;

/// <summary>The last seconds of one carrier's sound, 16 bits. It takes memory with the first sound, and for the second channel when the channels first differ.</summary>
internal sealed class SoundRing
{
    public const int SampleRateHz = 32_000;

    // ±1 is 75 kHz deviation, and a pirate is over it: full scale is twice as much, 150 kHz.
    private const float Scale = 16_384;

    private readonly short[] left;
    private short[]? right;
    private int next;

    public SoundRing(double seconds) => left = new short[(int)(seconds * SampleRateHz)];

    /// <summary>Samples of each channel that it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The channels differed at some time.</summary>
    public bool IsStereo => right is not null;

    /// <summary>Sound as the station's decoder gives it, as 16 bits: half of full scale is 75 kHz deviation. What is beyond twice that is clipped.</summary>
    public static void Convert(ReadOnlySpan<float> sound, Span<short> to)
    {
        var n = 0;
        for (; n <= sound.Length - 2 * Vector<float>.Count; n += 2 * Vector<float>.Count)
        {
            var low = Vector.ConvertToInt32(Scaled(new Vector<float>(sound[n..])));
            var high = Vector.ConvertToInt32(Scaled(new Vector<float>(sound[(n + Vector<float>.Count)..])));
            Vector.Narrow(low, high).CopyTo(to[n..]);
        }
        for (; n < sound.Length; n++) to[n] = (short)Math.Clamp(float.IsNaN(sound[n]) ? 0 : sound[n] * Scale, short.MinValue, short.MaxValue);
    }

    /// <summary>Adds sound; the oldest goes.</summary>
    public void Push(ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        if (one.Length > left.Length)
        {
            other = other[^left.Length..];
            one = one[^left.Length..];
        }
        if (right is null && !one.SequenceEqual(other)) right = (short[])left.Clone();
        Put(left, one);
        if (right is not null) Put(right, other);
        next = (next + one.Length) % left.Length;
        Count = Math.Min(Count + one.Length, left.Length);
    }

    /// <summary>Copies what it holds, oldest first.</summary>
    public void CopyTo(Span<short> one, Span<short> other)
    {
        Get(left, one);
        Get(right ?? left, other);
    }

    /// <summary>Forgets: what comes next does not follow what was there.</summary>
    public void Clear() => (Count, next) = (0, 0);

    private static Vector<float> Scaled(Vector<float> value)
    {
        // A NaN equals nothing, not itself either; it becomes silence instead of whatever the processor makes of it.
        value = Vector.ConditionalSelect(Vector.Equals(value, value), value * Scale, Vector<float>.Zero);
        return Vector.Min(Vector.Max(value, new Vector<float>(short.MinValue)), new Vector<float>(short.MaxValue));
    }

    private void Put(short[] ring, ReadOnlySpan<short> sound)
    {
        var toEnd = Math.Min(sound.Length, ring.Length - next);
        sound[..toEnd].CopyTo(ring.AsSpan(next));
        sound[toEnd..].CopyTo(ring);
    }

    private void Get(short[] ring, Span<short> to)
    {
        var first = (next - Count + ring.Length) % ring.Length;
        var toEnd = Math.Min(Count, ring.Length - first);
        ring.AsSpan(first, toEnd).CopyTo(to);
        ring.AsSpan(0, Count - toEnd).CopyTo(to[toEnd..]);
    }
}
