namespace SignalWatch.Bench;

/// <summary>One figure, and its peer's beside it where the peer is installed.</summary>
internal readonly record struct BenchLine(string Name, double Value, string Unit, string? Peer = null);
