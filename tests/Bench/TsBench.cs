using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SignalWatch.Tests;
using SignalWatch.TransportStream;

namespace SignalWatch.Bench;

/// <summary>The transport stream analyser over a real multiplex in memory, everything in one pass: continuity, tables, TR 101 290 priorities 1 to 3 with the buffer model, PCR, formats, rates, services.</summary>
internal static class TsBench
{
    private const string Recording = "rai_mux_8svc.ts";
    private const int PacketBytes = 188;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    internal static IEnumerable<BenchLine> Run()
    {
        var path = Recordings.File("ts", "real", Recording);
        if (!File.Exists(path)) yield break;
        var bytes = File.ReadAllBytes(path);
        var analyzer = new TransportStreamAnalyzer(new());
        var at = DateTimeOffset.UnixEpoch;
        var rate = 22_394_313.0; // of the recording, by its PCRs
        var length = TimeSpan.FromSeconds(bytes.Length * 8 / rate);
        for (var i = 0; i < 200; i++, at += length) analyzer.Push(bytes, at, rate); // compiled, tables known

        long packets = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Long)
        {
            analyzer.Push(bytes, at, rate);
            at += length;
            packets += bytes.Length / PacketBytes;
        }
        var seconds = watch.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (analyzer.Report(at).Services.Count != 8) throw new InvalidOperationException($"{Recording} has eight services: what was measured is not the analysis");

        yield return new BenchLine("ts.analyze", packets * PacketBytes * 8 / seconds / 1e9, "Gb/s on one core", Peer(path));
        yield return new BenchLine("ts.allocated", allocated * 1e6 / packets, "bytes per million packets");
        yield return new BenchLine("ts.memory", MemoryOfOne(bytes, rate) / 1e6, "MB a multiplex");
    }

    private static double MemoryOfOne(byte[] bytes, double rate)
    {
        const int Count = 20;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var analyzers = Enumerable.Range(0, Count).Select(_ => new TransportStreamAnalyzer(new())).ToArray();
        foreach (var analyzer in analyzers)
        {
            analyzer.Push(bytes, DateTimeOffset.UnixEpoch, rate);
            analyzer.Report(DateTimeOffset.UnixEpoch.AddSeconds(2));
        }
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(analyzers);
        return (after - before) / (double)Count;
    }

    // The nearest that TSDuck has to the same work; its processor time counts, as it runs in several threads. Null where it is not installed.
    private static string? Peer(string path)
    {
        try
        {
            var start = new ProcessStartInfo("tsp") { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])["-v", "-I", "file", "--repeat", "200", path, "-P", "continuity", "-P", "pcrverify", "-P", "analyze", "-o", "/dev/null", "-P", "tables", "--xml-output", "/dev/null", "-O", "drop"]) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var gigabits = 200.0 * new FileInfo(path).Length * 8 / process.TotalProcessorTime.TotalSeconds / 1e9;
            return process.ExitCode == 0 ? string.Create(CultureInfo.InvariantCulture, $"TSDuck continuity + pcrverify + analyze + tables: {gigabits:0.0} Gb/s a core") : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
