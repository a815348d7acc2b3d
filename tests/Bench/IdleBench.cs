using System.Globalization;
using SignalWatch.Tests;

namespace SignalWatch.Bench;

/// <summary>What the product costs while nothing happens: collector and probe on the simulated city, a minute long.</summary>
internal static class IdleBench
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);

    internal static IEnumerable<BenchLine> Run()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-idle-");
        var product = RunningProgram.Launcher("en", "run", "--port", RunningProgram.FreePort().ToString(CultureInfo.InvariantCulture), "--data", folder.FullName);
        try
        {
            product.LineAsync("http://", TimeSpan.FromMinutes(5)).GetAwaiter().GetResult();
            Thread.Sleep(WarmUp);
            var before = Children(product.Id).ToDictionary(p => p, Usage);
            Thread.Sleep(Measured);
            var after = before.Keys.ToDictionary(p => p, Usage);
            foreach (var process in before.Keys)
            {
                yield return new BenchLine($"{after[process].Name}: processor, share of one core", 100 * (after[process].Seconds - before[process].Seconds) / Measured.TotalSeconds, "%");
                yield return new BenchLine($"{after[process].Name}: memory (resident)", after[process].Megabytes, "MB");
            }
            yield return new BenchLine("all: processor, share of one core (limit 25)", 100 * before.Keys.Sum(p => after[p].Seconds - before[p].Seconds) / Measured.TotalSeconds, "%");
            yield return new BenchLine("all: memory (resident, limit 500)", after.Values.Sum(u => u.Megabytes), "MB");
        }
        finally
        {
            product.StopAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
            product.DisposeAsync().AsTask().GetAwaiter().GetResult();
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<int> Children(int parent) =>
        Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Stat(id) is { } stat && int.Parse(stat[1], CultureInfo.InvariantCulture) == parent && stat[0] != "Z");

    /// <summary>The fields of <c>/proc/PID/stat</c> from the state on (proc(5)); null where the process is gone.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException) { return null; }
    }

    private static (string Name, double Seconds, double Megabytes) Usage(int process)
    {
        var stat = Stat(process) ?? throw new InvalidOperationException($"process {process} ended during the measurement");
        var command = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        var name = Path.GetFileNameWithoutExtension(command.FirstOrDefault(c => c.EndsWith(".dll", StringComparison.Ordinal)) ?? command[0]);
        const double ticksPerSecond = 100; // USER_HZ on every Linux that .NET runs on
        return (name, (double.Parse(stat[11], CultureInfo.InvariantCulture) + double.Parse(stat[12], CultureInfo.InvariantCulture)) / ticksPerSecond,
            double.Parse(stat[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize / 1e6);
    }
}
