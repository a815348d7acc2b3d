namespace SignalWatch.Collector.Outbox;

/// <summary>What a target made of a message.</summary>
internal enum DeliveryResult
{
    /// <summary>It has it.</summary>
    Taken,

    /// <summary>It refuses this message as such; another one it may take.</summary>
    Refused,

    /// <summary>It could not be reached, or does not let us in: later, or when a person has put it right.</summary>
    Failed,
}

/// <summary>What a target made of a message.</summary>
/// <param name="Result">Whether it has it.</param>
/// <param name="Said">What it said, or what went wrong; null where it took it.</param>
internal readonly record struct DeliveryOutcome(DeliveryResult Result, string? Said = null)
{
    public static readonly DeliveryOutcome Taken = new(DeliveryResult.Taken);
}

/// <summary>A way to a target. Each has one, which is used for one message at a time.</summary>
internal interface IDelivery : IDisposable
{
    /// <summary>Brings a message. What can be expected of a network is an outcome, not an exception.</summary>
    Task<DeliveryOutcome> Send(OutboxMessage message, CancellationToken stopping);
}
