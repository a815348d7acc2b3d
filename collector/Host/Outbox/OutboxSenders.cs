using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Outbox;

/// <summary>All targets, each on its own, and what tells the book of changed alarms.</summary>
internal sealed class OutboxSenders(OutboxBook book, JournalWriter writer, TimeProvider time, ILogger<OutboxSenders> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<OutboxSender> senders = [.. book.Targets.Select(target => new OutboxSender(target, book, writer, time, log))];
    private Task[] running = [];

    public IReadOnlyList<OutboxStatus> Status => [.. senders.Select(s => s.Status)];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/outbox", ([FromServices] OutboxSenders senders) => TypedResults.Ok(senders.Status))
        .WithTags("outbox").WithName("getOutbox").WithSummary("Who is told of alarms: what waits, what went, what was given up, what was wrong last.");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = [.. senders.Select(sender => Task.Run(() => sender.Run(stopping.Token), CancellationToken.None))];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Dispose();
        foreach (var sender in senders) sender.Dispose();
    }
}

/// <summary>Hands changed alarms to the book, which decides in the next group.</summary>
internal sealed class OutboxFeed(OutboxBook book) : ICommitListener
{
    /// <inheritdoc/>
    public void Committed(IReadOnlyList<StoredObservation> observations, IReadOnlyList<ClockReading> clocks, IReadOnlyList<AlarmRecord> alarms, DateTimeOffset now) => book.Changed(alarms);
}
