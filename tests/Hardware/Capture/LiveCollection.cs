namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>Tests with a real load run alone: what they measure is the product, not the other tests.</summary>
[CollectionDefinition(nameof(LiveCollection), DisableParallelization = true)]
public sealed class LiveCollection;
