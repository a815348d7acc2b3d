using System.Buffers.Binary;
using System.Diagnostics;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Tests;

namespace SignalWatch.Bench;

/// <summary>A mirror port at work: many multiplexes from one capture, RTP put in order, everything analysed, observations made. The load of a hundred multiplexes of 38 Mb/s, as 170 of the recording's 22.4,
/// because only a stream at its own pace has clocks and buffers as a broadcast has them.</summary>
internal static class TapBench
{
    private const string Recording = "rai_mux_8svc.ts";
    private const double RateBps = 22_394_313; // of the recording, by its PCRs
    private const double LoadBps = 100 * 38e6;
    private const int Multiplexes = (int)(LoadBps / RateBps) + 1;
    private const int PacketBytes = 188;
    private const int PayloadBytes = 7 * PacketBytes;
    private const int RtpBytes = 12;
    private const int HeaderBytes = 14 + 20 + 8 + RtpBytes;
    private const double Seconds = 3;

    internal static IEnumerable<BenchLine> Run()
    {
        var recording = Recordings.File("ts", "real", Recording);
        if (!File.Exists(recording)) yield break;
        var path = Path.GetTempFileName();
        var data = Directory.CreateTempSubdirectory("tap-bench").FullName;
        try
        {
            Write(path, Content(recording));
            for (var i = 0; i < 2; i++) Watch(path, data, out _); // compiled at its best, and in the page cache
            var (wall, cpu) = Watch(path, data, out var perMultiplex);
            var bits = Multiplexes * RateBps * Seconds;
            yield return new BenchLine("tap.throughput", bits / wall / 1e9, $"Gb/s of {Multiplexes} multiplexes");
            yield return new BenchLine("tap.throughput.core", bits / cpu / 1e9, "Gb/s a core used");
            yield return new BenchLine("tap.realtime", Seconds / wall, "times real time for 100 x 38 Mb/s");
            yield return new BenchLine("tap.memory", perMultiplex / 1e6, "MB a multiplex (limit 3)");
        }
        finally
        {
            File.Delete(path);
            Directory.Delete(data, recursive: true);
        }
    }

    private static (double Wall, double Cpu) Watch(string path, string data, out double bytesEach)
    {
        var observations = 0;
        void Observe(Observation o) => Interlocked.Increment(ref observations);
        var mint = new ObservationMint(new ProbeId("BENCH"), "440106", Language.English);
        var configuration = new TapConfiguration(new("tap"), new("pcap", path));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var source = CaptureFileSource.Open(path, new());
        using var link = new TappedLink(configuration, source, new StreamMaker(data, mint, Observe, TimeZoneInfo.Utc), mint, Observe);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        while (source.Read(out var frame) == CaptureStatus.Frame) link.Push(frame);
        link.Finish();
        var wall = watch.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        bytesEach = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Multiplexes;
        if (link.Watched != Multiplexes || observations < Multiplexes * 9) throw new InvalidOperationException("all multiplexes and their services are watched: what was measured is not the tap");
        return (wall, used);
    }

    // Three seconds of the recording, played over and over without a seam.
    private static byte[] Content(string recording)
    {
        var source = FileTransportStreamSource.Open(recording, new ReplayOptions(), paced: false, TimeProvider.System);
        var content = new byte[(int)(RateBps * Seconds / 8) / PayloadBytes * PayloadBytes];
        for (var filled = 0; filled < content.Length;) filled += source.ReadAsync(content.AsMemory(filled), CancellationToken.None).AsTask().GetAwaiter().GetResult().Bytes;
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return content;
    }

    // Classic pcap in nanoseconds; each multiplex in turn, in RTP, to a group of its own.
    private static void Write(string path, byte[] content)
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
        for (var number = 0; number < content.Length / PayloadBytes; number++)
        {
            content.AsSpan(number * PayloadBytes, PayloadBytes).CopyTo(frame.AsSpan(HeaderBytes));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(HeaderBytes - RtpBytes + 2), (ushort)number);
            for (var multiplex = 0; multiplex < Multiplexes; multiplex++)
            {
                var at = (long)((number + multiplex / (double)Multiplexes) * PayloadBytes * 8e9 / RateBps);
                BinaryPrimitives.WriteUInt32LittleEndian(record, 1_700_000_000 + (uint)(at / 1_000_000_000));
                BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)(at % 1_000_000_000));
                BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), frame.Length);
                BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), frame.Length);
                frame[33] = (byte)(multiplex + 1);
                file.Write(record);
                file.Write(frame);
            }
        }
    }

    // Ethernet, IPv4, UDP, RTP.
    private static byte[] Frame()
    {
        var frame = new byte[HeaderBytes + PayloadBytes];
        byte[] head = [1, 0, 0x5E, 1, 1, 1, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 16, 17, 0, 0, 10, 0, 0, 1, 239, 1, 1, 1, 0x07, 0xD0, 0x13, 0x88, 0, 0, 0, 0, 0x80, 33, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        head.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(38), (ushort)(frame.Length - 34));
        return frame;
    }
}
