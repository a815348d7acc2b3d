using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>Plays the samples of an open file as a receiver would give them: what all recordings have in common, whatever their header looks like.</summary>
internal sealed class IqReplay : IAsyncDisposable
{
    // What a receiver hands over at once. Longer blocks would delay alarms, shorter ones cost wake-ups.
    private const double BlockSeconds = 0.04;
    private const int MostSamplesAtOnce = 4_000_000;

    private readonly SafeFileHandle file;
    private readonly SampleExtents extents;
    private readonly SampleEncoding encoding;
    private readonly ReplayOptions options;
    private readonly ReplayClock clock;
    private readonly byte[] bytes;
    private readonly long samplesInFile;
    private readonly int bytesEach;
    private long position;
    private bool discontinuity = true;

    public IqReplay(SafeFileHandle file, SampleExtents extents, SampleEncoding encoding, IqStream stream, ReplayOptions options)
    {
        (this.file, this.extents, this.encoding, this.options, Stream) = (file, extents, encoding, options, stream with { DbmAtFullScale = options.DbmAtFullScale });
        bytesEach = 2 * encoding.Bytes();
        samplesInFile = extents.Length / bytesEach;
        clock = new ReplayClock(options, stream.SampleRateHz);
        bytes = new byte[Math.Max(1, (int)Math.Min(BlockSeconds * stream.SampleRateHz, MostSamplesAtOnce)) * bytesEach];
    }

    public IqStream Stream { get; }

    public TimeSpan Length => TimeSpan.FromSeconds(samplesInFile / Stream.SampleRateHz);

    public async ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (position == samplesInFile)
        {
            if (!options.Loop) return new IqRead(0, (await clock.NextAsync(0, cancel).ConfigureAwait(false)).At, false);
            (position, discontinuity) = (0, true);
        }
        var samples = (int)Math.Min(Math.Min(interleaved.Length / 2, bytes.Length / bytesEach), samplesInFile - position);
        Fill(bytes.AsSpan(0, samples * bytesEach));
        encoding.Convert(bytes.AsSpan(0, samples * bytesEach), interleaved.Span);
        var (at, missed) = await clock.NextAsync(samples, cancel).ConfigureAwait(false);
        var read = new IqRead(samples, at, discontinuity || missed);
        position += samples;
        discontinuity = false;
        return read;
    }

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fill(Span<byte> to)
    {
        try
        {
            if (!extents.Read(file, position * bytesEach, to)) throw new ProblemException(Texts.Shrunk(Stream.Name));
        }
        catch (IOException e)
        {
            throw new ProblemException(Texts.Unreadable(Stream.Name, e.Message), e);
        }
    }
}
