using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>What a transform reads, writes and keeps.</summary>
public sealed class FftMemoryTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void It_does_not_matter_where_in_memory_the_points_are_and_nothing_else_is_written(int size)
    {
        var (re, im) = FftTests.Noise(size, 7);
        var (expectedRe, expectedIm) = (new float[size], new float[size]);
        var fft = new Fft(size);
        fft.Forward(re, im, expectedRe, expectedIm);
        foreach (var offset in (int[])[1, 2, 3, 7, 15])
        {
            var (movedRe, movedIm, outRe, outIm) = (new float[size + 32], new float[size + 32], new float[size + 32], new float[size + 32]);
            re.CopyTo(movedRe, offset);
            im.CopyTo(movedIm, 16 - offset);
            Array.Fill(outRe, 7);
            Array.Fill(outIm, 7);
            fft.Forward(movedRe.AsSpan(offset, size), movedIm.AsSpan(16 - offset, size), outRe.AsSpan(offset, size), outIm.AsSpan(16 - offset, size));
            outRe.AsSpan(offset, size).SequenceEqual(expectedRe).Should().BeTrue();
            outIm.AsSpan(16 - offset, size).SequenceEqual(expectedIm).Should().BeTrue();
            outRe[..offset].Concat(outRe[(offset + size)..]).Concat(outIm[..(16 - offset)]).Concat(outIm[(16 - offset + size)..]).Should().OnlyContain(x => x == 7);
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void The_input_stays_as_it_was(int size)
    {
        var (re, im) = FftTests.Noise(size, 8);
        var (before, beforeIm) = ((float[])re.Clone(), (float[])im.Clone());
        new Fft(size).Forward(re, im, new float[size], new float[size]);
        re.AsSpan().SequenceEqual(before).Should().BeTrue();
        im.AsSpan().SequenceEqual(beforeIm).Should().BeTrue();
    }

    [Theory]
    [InlineData(512)]
    [InlineData(2048)]
    [InlineData(4096)]
    public void A_transform_made_of_another_gives_the_same_at_the_same_time(int size)
    {
        var fft = new Fft(size);
        var (re, im) = FftTests.Noise(size, 9);
        var (expectedRe, expectedIm) = (new float[size], new float[size]);
        fft.Forward(re, im, expectedRe, expectedIm);
        Parallel.For(0, 4, _ =>
        {
            var own = new Fft(fft);
            var (outRe, outIm) = (new float[size], new float[size]);
            for (var run = 0; run < 200; run++)
            {
                own.Forward(re, im, outRe, outIm);
                outRe.AsSpan().SequenceEqual(expectedRe).Should().BeTrue();
                outIm.AsSpan().SequenceEqual(expectedIm).Should().BeTrue();
            }
        });
    }
}
