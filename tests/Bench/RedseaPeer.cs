using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SignalWatch.Bench;

/// <summary>The program redsea, where it is installed: RDS alone, from the multiplex signal of the same station.</summary>
internal static class RedseaPeer
{
    private const int RateHz = 192_000, Seconds = 120;

    /// <summary>The peer's figure, or null.</summary>
    public static string? RealTime()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "redsea")).FirstOrDefault(File.Exists);
        if (path is null) return null;
        var file = Path.Combine(Path.GetTempPath(), $"bench-{Environment.ProcessId}.wav");
        try
        {
            WriteWav(file);
            using var redsea = Process.Start(new ProcessStartInfo(path, ["-f", file]) { RedirectStandardOutput = true })!;
            var groups = redsea.StandardOutput.ReadToEnd().Count(c => c == '\n');
            redsea.WaitForExit();
            return string.Create(CultureInfo.InvariantCulture, $"redsea, RDS alone {Seconds / redsea.TotalProcessorTime.TotalSeconds:0} x real time, {groups} groups");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void WriteWav(string file)
    {
        var multiplex = BenchSignal.Multiplex(RateHz);
        using var writer = new BinaryWriter(File.Create(file), Encoding.ASCII);
        const int Bytes = 2 * RateHz * Seconds;
        writer.Write("RIFF"u8);
        writer.Write(36 + Bytes);
        writer.Write("WAVEfmt "u8);
        foreach (var (value, size) in ((int, int)[])[(16, 4), (1, 2), (1, 2), (RateHz, 4), (2 * RateHz, 4), (2, 2), (16, 2)])
            if (size == 4) writer.Write(value); else writer.Write((short)value);
        writer.Write("data"u8);
        writer.Write(Bytes);
        for (var n = 0; n < RateHz * Seconds; n++) writer.Write((short)(multiplex[n % multiplex.Length] / 150_000 * 32_767));
    }
}
