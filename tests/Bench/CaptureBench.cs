using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SignalWatch.Hardware;

namespace SignalWatch.Bench;

/// <summary>A mirror port with a hundred multiplexes in a capture file: read, dissected, recognised and handed on. Bits are those of whole frames.</summary>
internal static class CaptureBench
{
    private const int Multiplexes = 100;
    private const int FramesEach = 2_000;
    private const int PacketBytes = 188;
    private const int PacketsEach = 7;
    private const int ReplayedFrames = 1_000_000;
    private const int HeaderBytes = 14 + 4 + 20 + 8;
    private const int FrameBytes = HeaderBytes + PacketsEach * PacketBytes;
    private const double MultiplexBps = 38e6;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    internal static IEnumerable<BenchLine> Run()
    {
        var path = Path.GetTempFileName();
        try
        {
            Write(path);
            Read(path, tap: null); // compiled, and in the page cache
            yield return new BenchLine("capture.read", Measure(() => Read(path, null)), "Gb/s from a pcap file", Peer(path));
            var dissector = new FrameDissector();
            yield return new BenchLine("capture.dissect", Measure(() => DissectInMemory(dissector)), "Gb/s of frames in memory");
            long handed = 0;
            var tap = new IpTap(new() { Handler = (_, payload, _) => handed += payload.Length });
            var frame = Frame();
            Replay(tap, frame); // compiled
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            Replay(tap, frame);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            yield return new BenchLine("capture.tap", Measure(() => Read(path, tap)), "Gb/s from a pcap file, streams recognised and handed on");
            yield return new BenchLine("capture.tap.allocated", allocated * 1e6 / ReplayedFrames, "bytes per million frames");
            if (tap.Streams.Count != Multiplexes || handed != tap.Streams.Sum(s => s.Bytes)) throw new InvalidOperationException("a hundred multiplexes are in the file: what was measured is not the tap");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Measure(Func<long> run)
    {
        long bytes = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Long) bytes += run();
        return bytes * 8 / watch.Elapsed.TotalSeconds / 1e9;
    }

    private static long Read(string path, IpTap? tap)
    {
        using var source = CaptureFileSource.Open(path, new());
        while (source.Read(out var frame) == CaptureStatus.Frame) tap?.Push(frame);
        return source.Statistics.Bytes;
    }

    private static long DissectInMemory(FrameDissector dissector)
    {
        var frame = Frame();
        const int Count = 100_000;
        for (var i = 0; i < Count; i++)
        {
            Number(frame, i);
            dissector.Dissect(new CapturedFrame(i, frame.Length, LinkType.Ethernet, frame), out _);
        }
        return (long)Count * frame.Length;
    }

    private static void Replay(IpTap tap, byte[] frame)
    {
        for (var i = 0; i < ReplayedFrames; i++)
        {
            Number(frame, i);
            tap.Push(new CapturedFrame(i * 1_000L, frame.Length, LinkType.Ethernet, frame));
        }
    }

    // Classic pcap in nanoseconds, each multiplex in turn, at the pace of 38 Mb/s.
    private static void Write(string path)
    {
        using var file = new BufferedStream(File.Create(path), 1 << 20);
        var header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B23C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        file.Write(header);
        var frame = Frame();
        var record = new byte[16];
        var stepNs = PacketsEach * PacketBytes * 8 / MultiplexBps * 1e9 / Multiplexes;
        for (var i = 0; i < FramesEach * Multiplexes; i++)
        {
            var at = (long)(i * stepNs);
            BinaryPrimitives.WriteUInt32LittleEndian(record, 1_700_000_000 + (uint)(at / 1_000_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)(at % 1_000_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), frame.Length);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), frame.Length);
            Number(frame, i);
            file.Write(record);
            file.Write(frame);
        }
    }

    // Ethernet, 802.1Q, IPv4, UDP, seven packets.
    private static byte[] Frame()
    {
        var frame = new byte[FrameBytes];
        byte[] head = [1, 0, 0x5E, 1, 1, 1, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 16, 17, 0, 0, 10, 0, 0, 1, 239, 1, 1, 1, 0x07, 0xD0, 0x13, 0x88];
        head.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), FrameBytes - 18);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(42), FrameBytes - 38);
        for (var i = 0; i < PacketsEach; i++) BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(HeaderBytes + i * PacketBytes), 0x4701_0010);
        return frame;
    }

    // The group tells the multiplex; no datagram is like the one before.
    private static void Number(byte[] frame, int index)
    {
        frame[37] = (byte)(index % Multiplexes + 1);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeaderBytes + 4), index);
    }

    // The nearest that TSDuck has: it lists the streams of a capture. Null where it is not installed.
    private static string? Peer(string path)
    {
        try
        {
            var start = new ProcessStartInfo("tspcap", ["--list-streams", path]) { RedirectStandardOutput = true, RedirectStandardError = true };
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var gigabits = (double)FramesEach * Multiplexes * FrameBytes * 8 / watch.Elapsed.TotalSeconds / 1e9;
            return process.ExitCode == 0 ? string.Create(CultureInfo.InvariantCulture, $"TSDuck tspcap: {gigabits:0.0} Gb/s") : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
