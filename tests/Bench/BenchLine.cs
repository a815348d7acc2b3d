namespace SignalWatch.Bench;

internal readonly record struct BenchLine(string Name, double Value, string Unit, string? Peer = null);
