using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>A compiled filter expression (pcap-filter(7)).</summary>
internal sealed unsafe class BpfFilter : IDisposable
{
    private Libpcap.Program program;
    private bool disposed;

    private BpfFilter(Libpcap.Program program) => this.program = program;

    ~BpfFilter() => Free();

    /// <summary>Compiles for the link type of an opened capture.</summary>
    /// <exception cref="ProblemException">The expression is wrong: what the compiler says.</exception>
    public static BpfFilter Compile(PcapHandle pcap, string expression) =>
        Libpcap.Compile(pcap, out var program, expression, optimise: 1, Libpcap.NoNetmask) == 0
            ? new BpfFilter(program)
            : throw new ProblemException(CaptureTexts.BadFilter(expression, Libpcap.Error(pcap)));

    /// <summary>Compiles for frames of a file.</summary>
    /// <exception cref="ProblemException">The expression is wrong, or libpcap is not installed.</exception>
    public static BpfFilter Compile(LinkType link, string expression)
    {
        try
        {
            var dlt = link == LinkType.Raw ? LinkType.RawOfLinux : link; // the one type whose number in files is another
            using var dead = Libpcap.OpenDead((int)dlt, Libpcap.LongestSnapLength, Libpcap.NanosecondPrecision);
            return Compile(dead, expression);
        }
        catch (DllNotFoundException absent)
        {
            throw new ProblemException(CaptureTexts.NoLibrary, absent);
        }
    }

    /// <summary>Lets the kernel apply it.</summary>
    public void SetOn(PcapHandle pcap)
    {
        if (Libpcap.SetFilter(pcap, in program) != 0) throw new ProblemException(CaptureTexts.BadFilter("", Libpcap.Error(pcap)));
    }

    /// <summary>Whether a frame passes.</summary>
    public bool Matches(in CapturedFrame frame)
    {
        var header = new Libpcap.FrameHeader { Captured = (uint)frame.Bytes.Length, Length = (uint)frame.OriginalLength };
        fixed (byte* bytes = frame.Bytes) return Libpcap.Matches(in program, in header, bytes) != 0;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (disposed) return;
        disposed = true;
        Libpcap.Free(ref program);
    }
}
