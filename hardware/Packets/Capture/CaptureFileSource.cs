using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>How a capture file is read.</summary>
public sealed record CaptureFileOptions
{
    /// <summary>Filter expression of pcap-filter(7); it needs libpcap. Null takes everything.</summary>
    public string? Filter { get; init; }
}

/// <summary>A pcap or pcapng file, as fast as it is read, with the times of its capture. It is never in memory as a whole.</summary>
public sealed class CaptureFileSource : IPacketSource
{
    private readonly CaptureFileBuffer file;
    private readonly CaptureFormat format;
    private readonly string? expression;
    private readonly Dictionary<LinkType, BpfFilter?> filters = [];
    private readonly List<Problem> warnings = [];
    private bool ended;
    private long read;
    private long frames;
    private long bytes;
    private long cut;

    internal CaptureFileSource(string name, Stream stream, CaptureFileOptions options)
    {
        (Name, expression) = (name, options.Filter is { Length: > 0 } filter ? filter : null);
        file = new CaptureFileBuffer(stream);
        format = PcapFormat.Recognise(file) ?? (CaptureFormat?)PcapngFormat.Recognise(file) ?? throw new ProblemException(CaptureTexts.NotCapture(name));
        if (expression is not null) filters.Add(LinkType.Ethernet, BpfFilter.Compile(LinkType.Ethernet, expression)); // a wrong one is refused before anything is read
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Origin Origin => Origin.Replay;

    /// <inheritdoc/>
    public CaptureStatistics Statistics => new(frames, bytes, format.DroppedByKernel, format.DroppedByInterface, format.Unreadable, cut);

    /// <summary>What is wrong with the file without keeping what comes before from being read.</summary>
    public IReadOnlyList<Problem> Warnings => warnings;

    /// <summary>How far it was read, bytes.</summary>
    public long Offset => file.Offset;

    /// <summary>Opens a file.</summary>
    /// <param name="path">pcap or pcapng.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ProblemException">The file is missing, unreadable or no capture; or the filter is wrong.</exception>
    public static CaptureFileSource Open(string path, CaptureFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(path)) throw new ProblemException(CaptureTexts.Missing(path));
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
            return new CaptureFileSource(path, stream, options);
        }
        catch (Exception failed)
        {
            stream?.Dispose();
            if (failed is IOException or UnauthorizedAccessException) throw new ProblemException(CaptureTexts.Unreadable(path, failed.Message), failed);
            throw;
        }
    }

    /// <inheritdoc/>
    public CaptureStatus Read(out CapturedFrame frame)
    {
        frame = default;
        try
        {
            while (!ended)
            {
                var record = format.Next(out frame);
                if (record != CaptureFormat.Record.Frame) End(record);
                else if (Keep(frame)) return CaptureStatus.Frame;
            }
        }
        catch (IOException failed)
        {
            throw new ProblemException(CaptureTexts.Unreadable(Name, failed.Message), failed);
        }
        return CaptureStatus.Ended;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        foreach (var filter in filters.Values) filter?.Dispose();
    }

    private bool Keep(in CapturedFrame frame)
    {
        read++;
        if (expression is not null && Filter(frame.Link)?.Matches(frame) != true) return false;
        frames++;
        bytes += frame.Bytes.Length;
        if (frame.Bytes.Length < frame.OriginalLength) cut++;
        return true;
    }

    private void End(CaptureFormat.Record why)
    {
        ended = true;
        if (why == CaptureFormat.Record.Truncated) warnings.Add(CaptureTexts.Truncated(Name, format.RecordOffset, read));
        else if (why == CaptureFormat.Record.Corrupt) warnings.Add(CaptureTexts.Corrupt(Name, format.RecordOffset, read));
    }

    // Each link type has its own program, and a pcapng file may have several. One for which the expression has no meaning has no frame that fits it.
    private BpfFilter? Filter(LinkType link)
    {
        if (filters.TryGetValue(link, out var filter)) return filter;
        try
        {
            filter = BpfFilter.Compile(link, expression!);
        }
        catch (ProblemException)
        {
            filter = null;
        }
        filters.Add(link, filter);
        return filter;
    }
}
