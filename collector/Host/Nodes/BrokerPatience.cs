namespace SignalWatch.Collector.Nodes;

/// <summary>Something about the link to the broker is not as it must be; the link is dropped and made anew.</summary>
internal sealed class BrokerLinkException(string why, Exception? inner = null) : Exception(why, inner);

/// <summary>Bounds for whatever is awaited of the broker. Its library waits without one in places, above all on a connection that has died; one such wait would keep this node from its queue for ever.</summary>
internal static class BrokerPatience
{
    /// <summary>For one step. More than the library's own limit for an answer, so that what it has to say is heard first.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    /// <summary>For an end. What is not ended by then is left to itself: the broker ends it when the heartbeats fail to come.</summary>
    private static readonly TimeSpan End = TimeSpan.FromSeconds(5);

    /// <summary>Waits for a step.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static Task<T> Within<T>(Task<T> step, TimeProvider time, CancellationToken cancelled) => step.WaitAsync(Step, time, cancelled);

    /// <inheritdoc cref="Within{T}"/>
    public static Task Within(Task step, TimeProvider time, CancellationToken cancelled) => step.WaitAsync(Step, time, cancelled);

    /// <inheritdoc cref="Within{T}"/>
    public static ValueTask Within(ValueTask step, TimeProvider time) => step.IsCompleted ? step : new(step.AsTask().WaitAsync(Step, time));

    /// <summary>Waits for an end, whatever comes of it.</summary>
    /// <returns>False where it did not come, or failed.</returns>
    public static async Task<bool> Ended(Task ending, TimeProvider time)
    {
        try
        {
            await ending.WaitAsync(End, time).ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            // On a connection that has died an end fails in many ways, and none of them matters: nothing is used of it any more.
            _ = ending.ContinueWith(late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return false;
        }
    }
}
