using System.Globalization;
using SignalWatch.Bench;

// ./signalwatch bench [NAME]: each figure on its line, beside the peer's where the peer is installed. bench collector --only PART: one part of it.
var benches = new Dictionary<string, Func<IEnumerable<BenchLine>>>
{
    ["fm"] = FmBench.Run,
    ["ts"] = TsBench.Run,
    ["capture"] = CaptureBench.Run,
    ["rtp"] = RtpBench.Run,
    ["tap"] = TapBench.Run,
    ["spool"] = SpoolBench.Run,
    ["series"] = SeriesBench.Run,
    ["collector"] = CollectorBench.Run,
    ["wall"] = WallBench.Run,
    ["evidence"] = EvidenceBench.Run,
    ["idle"] = IdleBench.Run,
};
if (args is ["collector", "--only", var part])
{
    if (CollectorBench.Parts.FirstOrDefault(p => p.Name == part).Run is not { } only)
    {
        Console.Error.WriteLine($"the benchmark 'collector' has no part '{part}'; it has {string.Join(", ", CollectorBench.Parts.Select(p => p.Name))}");
        return 2;
    }
    benches = new() { ["collector"] = only };
    args = ["collector"];
}
var chosen = args.Length == 0 ? [.. benches.Keys] : args;
if (chosen.FirstOrDefault(name => !benches.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"there is no benchmark '{unknown}'; there are {string.Join(", ", benches.Keys)}");
    return 2;
}
foreach (var name in chosen)
foreach (var line in benches[name]())
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {line.Name,-58} {line.Value,12:0.###} {line.Unit,-12}{(line.Peer is null ? "" : "  " + line.Peer)}"));
return 0;
