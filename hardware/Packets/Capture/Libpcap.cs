using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Hardware;

/// <summary>The part of libpcap 1.8 and later that is used (pcap(3PCAP)). The ABI name of Debian's package libpcap0.8 has been the same since 2004.</summary>
internal static unsafe partial class Libpcap
{
    public const string Package = "libpcap0.8";
    public const int ErrorBytes = 256;          // PCAP_ERRBUF_SIZE
    public const int NanosecondPrecision = 1;   // PCAP_TSTAMP_PRECISION_NANO
    public const uint NoNetmask = 0xFFFFFFFF;   // PCAP_NETMASK_UNKNOWN
    public const int LongestSnapLength = 262_144; // MAXIMUM_SNAPLEN of libpcap

    /// <summary>Results of <see cref="Activate"/> (pcap_activate(3PCAP)); positive ones are warnings.</summary>
    public const int NoSuchDevice = -5;
    public const int PermissionDenied = -8;
    public const int InterfaceDown = -9;
    public const int PromiscuousDenied = -11;

    private const string Library = "libpcap.so.0.8";

    [LibraryImport(Library, EntryPoint = "pcap_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial PcapHandle Create(string source, Span<byte> error);

    [LibraryImport(Library, EntryPoint = "pcap_open_dead_with_tstamp_precision")]
    public static partial PcapHandle OpenDead(int linkType, int snapLength, uint precision);

    [LibraryImport(Library, EntryPoint = "pcap_set_snaplen")]
    public static partial int SetSnapLength(PcapHandle pcap, int bytes);

    [LibraryImport(Library, EntryPoint = "pcap_set_promisc")]
    public static partial int SetPromiscuous(PcapHandle pcap, int on);

    [LibraryImport(Library, EntryPoint = "pcap_set_timeout")]
    public static partial int SetTimeout(PcapHandle pcap, int milliseconds);

    [LibraryImport(Library, EntryPoint = "pcap_set_buffer_size")]
    public static partial int SetBufferSize(PcapHandle pcap, int bytes);

    [LibraryImport(Library, EntryPoint = "pcap_set_immediate_mode")]
    public static partial int SetImmediateMode(PcapHandle pcap, int on);

    [LibraryImport(Library, EntryPoint = "pcap_set_tstamp_precision")]
    public static partial int SetPrecision(PcapHandle pcap, int precision);

    [LibraryImport(Library, EntryPoint = "pcap_get_tstamp_precision")]
    public static partial int Precision(PcapHandle pcap);

    [LibraryImport(Library, EntryPoint = "pcap_activate")]
    public static partial int Activate(PcapHandle pcap);

    [LibraryImport(Library, EntryPoint = "pcap_setnonblock")]
    public static partial int SetNonBlocking(PcapHandle pcap, int on, Span<byte> error);

    [LibraryImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    public static partial int SelectableDescriptor(PcapHandle pcap);

    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    public static partial int DataLink(PcapHandle pcap);

    [LibraryImport(Library, EntryPoint = "pcap_next_ex")]
    public static partial int Next(PcapHandle pcap, out FrameHeader* header, out byte* bytes);

    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    public static partial int Statistics(PcapHandle pcap, out Counters counters);

    [LibraryImport(Library, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Compile(PcapHandle pcap, out Program program, string expression, int optimise, uint netmask);

    [LibraryImport(Library, EntryPoint = "pcap_setfilter")]
    public static partial int SetFilter(PcapHandle pcap, in Program program);

    [LibraryImport(Library, EntryPoint = "pcap_offline_filter")]
    public static partial int Matches(in Program program, in FrameHeader header, byte* bytes);

    [LibraryImport(Library, EntryPoint = "pcap_freecode")]
    public static partial void Free(ref Program program);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    public static partial void Close(nint pcap);

    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    private static partial byte* GetError(PcapHandle pcap);

    [LibraryImport(Library, EntryPoint = "pcap_statustostr")]
    private static partial byte* StatusToString(int status);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref Wait wait, nuint count, int milliseconds);

    public static string Error(PcapHandle pcap) => Marshal.PtrToStringUTF8((nint)GetError(pcap)) ?? "";

    public static string Status(int status) => Marshal.PtrToStringUTF8((nint)StatusToString(status)) ?? "";

    public static string Error(ReadOnlySpan<byte> buffer) => Encoding.UTF8.GetString(buffer[..Math.Max(0, buffer.IndexOf((byte)0))]);

    /// <summary>struct pcap_pkthdr. With nanosecond precision the second field of its time is nanoseconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FrameHeader
    {
        public nint Seconds;
        public nint Fraction;
        public uint Captured;
        public uint Length;
    }

    /// <summary>struct pcap_stat.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Counters
    {
        public uint Received;
        public uint Dropped;
        public uint DroppedByInterface;
    }

    /// <summary>struct bpf_program.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Program
    {
        public uint Length;
        public nint Instructions;
    }

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Wait
    {
        public const short Input = 1; // POLLIN

        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

/// <summary>A pcap_t.</summary>
internal sealed class PcapHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libpcap.Close(handle);
        return true;
    }
}
