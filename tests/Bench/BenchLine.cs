namespace SignalWatch.Bench;

/// <summary>One figure of a benchmark, with the peer's beside it where one is installed.</summary>
internal readonly record struct BenchLine(string Name, double Value, string Unit, string? Peer = null);
