using System.Net.NetworkInformation;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>How an interface is captured.</summary>
public sealed record LibpcapOptions
{
    /// <summary>Filter expression of pcap-filter(7), applied in the kernel: <c>udp and dst net 239.0.0.0/8</c>; null takes everything.</summary>
    public string? Filter { get; init; }

    /// <summary>Most bytes kept of a frame. Below the interface's MTU packets are lost to analysis.</summary>
    public int SnapLength { get; init; } = 65_535;

    /// <summary>The kernel's ring, bytes: 64 MiB hold half a second at 1 Gb/s.</summary>
    public int BufferBytes { get; init; } = 64 << 20;

    /// <summary>Takes frames that are addressed to others: a mirror port needs it.</summary>
    public bool Promiscuous { get; init; } = true;

    /// <summary>Wakes at each frame instead of by blocks of them: less delay, less throughput. The time stamps are the same.</summary>
    public bool ImmediateMode { get; init; }
}

/// <summary>A network interface by libpcap, with the kernel's time stamps in nanoseconds. A frame is read in place, in the ring that the kernel shares.</summary>
public sealed unsafe class LibpcapSource : IPacketSource
{
    private const int LongestWaitMs = 150;
    private const int BlockTimeoutMs = 20; // a block of the ring is handed over at the latest after this time, so that a slow stream is not held back
    private const int CountersEvery = 1 << 20; // the kernel's 32-bit counters are looked at long before they wrap

    private readonly PcapHandle pcap;
    private readonly string interfaceName;
    private readonly LinkType link;
    private readonly long fractionNs;
    private readonly int descriptor;
    private Libpcap.Counters last;
    private long frames;
    private long bytes;
    private long cut;
    private long kernel;
    private long byInterface;

    private LibpcapSource(PcapHandle pcap, string interfaceName)
    {
        (this.pcap, this.interfaceName) = (pcap, interfaceName);
        link = (LinkType)Libpcap.DataLink(pcap);
        fractionNs = Libpcap.Precision(pcap) == Libpcap.NanosecondPrecision ? 1 : 1000;
        descriptor = Libpcap.SelectableDescriptor(pcap);
    }

    /// <inheritdoc/>
    public string Name => "live:" + interfaceName;

    /// <inheritdoc/>
    public Origin Origin => Origin.Live;

    /// <inheritdoc/>
    public CaptureStatistics Statistics
    {
        get
        {
            Count();
            return new CaptureStatistics(frames, bytes, kernel, byInterface, DroppedHere: 0, cut);
        }
    }

    /// <summary>Begins to capture.</summary>
    /// <param name="interfaceName">As <c>ip link</c> names it, or <c>any</c>.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ProblemException">libpcap is not installed, there is no such interface or it is down, the rights are missing, or the filter is wrong.</exception>
    public static LibpcapSource Open(string interfaceName, LibpcapOptions options)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        ArgumentNullException.ThrowIfNull(options);
        PcapHandle? pcap = null;
        try
        {
            Span<byte> error = stackalloc byte[Libpcap.ErrorBytes];
            error.Clear();
            pcap = Libpcap.Create(interfaceName, error);
            if (pcap.IsInvalid) throw new ProblemException(CaptureTexts.Failed(interfaceName, Libpcap.Error(error)));
            Activate(pcap, interfaceName, options);
            if (options.Filter is { Length: > 0 } expression)
            {
                using var filter = BpfFilter.Compile(pcap, expression);
                filter.SetOn(pcap);
            }
            // Blocking reads of TPACKET_V3 may wait for ever on a silent link; poll(2) has a limit.
            return Libpcap.SetNonBlocking(pcap, 1, error) == 0
                ? new LibpcapSource(pcap, interfaceName)
                : throw new ProblemException(CaptureTexts.Failed(interfaceName, Libpcap.Error(error)));
        }
        catch (Exception failed)
        {
            pcap?.Dispose();
            if (failed is DllNotFoundException) throw new ProblemException(CaptureTexts.NoLibrary, failed);
            throw;
        }
    }

    /// <inheritdoc/>
    public CaptureStatus Read(out CapturedFrame frame)
    {
        if (Take(out frame)) return CaptureStatus.Frame;
        var wait = new Libpcap.Wait { Descriptor = descriptor, Events = Libpcap.Wait.Input };
        Libpcap.Poll(ref wait, 1, LongestWaitMs); // an interruption looks like silence, and the caller comes again
        return Take(out frame) ? CaptureStatus.Frame : CaptureStatus.Idle;
    }

    /// <inheritdoc/>
    public void Dispose() => pcap.Dispose();

    private static void Activate(PcapHandle pcap, string interfaceName, LibpcapOptions options)
    {
        Libpcap.SetSnapLength(pcap, options.SnapLength);
        Libpcap.SetPromiscuous(pcap, options.Promiscuous ? 1 : 0);
        Libpcap.SetTimeout(pcap, BlockTimeoutMs);
        Libpcap.SetBufferSize(pcap, options.BufferBytes);
        Libpcap.SetImmediateMode(pcap, options.ImmediateMode ? 1 : 0);
        Libpcap.SetPrecision(pcap, Libpcap.NanosecondPrecision);
        var status = Libpcap.Activate(pcap);
        if (status >= 0) return;
        var system = Libpcap.Error(pcap) is { Length: > 0 } said ? said : Libpcap.Status(status);
        throw new ProblemException(status switch
        {
            Libpcap.NoSuchDevice => CaptureTexts.NoInterface(interfaceName, NetworkInterface.GetAllNetworkInterfaces().Select(i => i.Name)),
            Libpcap.PermissionDenied or Libpcap.PromiscuousDenied => CaptureTexts.NoPermission(interfaceName, system),
            Libpcap.InterfaceDown => CaptureTexts.Down(interfaceName),
            _ => CaptureTexts.Failed(interfaceName, system),
        });
    }

    private bool Take(out CapturedFrame frame)
    {
        frame = default;
        var result = Libpcap.Next(pcap, out var header, out var data);
        if (result < 0) throw new ProblemException(CaptureTexts.Broken(interfaceName, Libpcap.Error(pcap)));
        if (result == 0) return false;
        frame = new CapturedFrame(header->Seconds * 1_000_000_000L + header->Fraction * fractionNs, (int)header->Length, link, new ReadOnlySpan<byte>(data, (int)header->Captured));
        bytes += header->Captured;
        if (header->Captured < header->Length) cut++;
        if (++frames % CountersEvery == 0) Count();
        return true;
    }

    // Differences, because the kernel's counters wrap at 2^32.
    private void Count()
    {
        if (pcap.IsClosed || Libpcap.Statistics(pcap, out var now) != 0) return;
        kernel += now.Dropped - last.Dropped;
        byInterface += now.DroppedByInterface - last.DroppedByInterface;
        last = now;
    }
}
