namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>A stream that must have just so many bytes: it fails at the first one more, so that a small file that unpacks to a huge one costs nothing.</summary>
internal sealed class Promised(Stream of, long bytes) : Stream
{
    private long left = bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Count(of.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await of.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) of.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        left -= read;
        return left >= 0 ? read : throw new InvalidDataException("it has more bytes than it says");
    }
}
