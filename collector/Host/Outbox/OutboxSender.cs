using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Outbox;

/// <summary>How a target fares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it gets.</param>
/// <param name="State"><c>ready</c>, or <c>retrying</c> while it does not take what it is sent.</param>
/// <param name="Waiting">Messages that wait.</param>
/// <param name="Sent">Messages that it took.</param>
/// <param name="GivenUp">Messages that were given up; the journal says which and why.</param>
/// <param name="Failures">Attempts that failed, in a row.</param>
/// <param name="Problem">What was wrong last; absent while all is well.</param>
/// <param name="ProblemAt">When.</param>
internal sealed record OutboxStatus(string Name, string Type, string State, int Waiting, long Sent, long GivenUp, int Failures, string? Problem, DateTimeOffset? ProblemAt);

/// <summary>Brings messages to one target in their order, at least once. A target that is dead holds up nobody else.</summary>
internal sealed class OutboxSender : IDisposable
{
    /// <summary>A message older than this is given up: whoever was not reached for a day has to look at the list of alarms anyhow.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private const int MostRefusals = 3;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), LongestBackOff = TimeSpan.FromMinutes(1);

    private readonly OutboxTarget target;
    private readonly OutboxBook book;
    private readonly JournalWriter writer;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly IDelivery delivery;
    private int failures, refusals;
    private (string Text, DateTimeOffset At)? problem;

    public OutboxSender(OutboxTarget target, OutboxBook book, JournalWriter writer, TimeProvider time, ILogger log)
    {
        (this.target, this.book, this.writer, this.time, this.log) = (target, book, writer, time, log);
        delivery = target.Type == OutboxSettings.Mail ? new MailDelivery(target) : new HttpDelivery(target, time);
    }

    public OutboxStatus Status
    {
        get
        {
            var (counts, waiting) = book.Of(target.Name);
            return new(target.Name, target.Type, failures == 0 ? "ready" : "retrying", waiting, counts.Sent, counts.GivenUp, failures, problem?.Text, problem?.At);
        }
    }

    /// <summary>Sends until it is told to stop.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = writer.Leading && book.Next(target.Name) is { } message ? await Bring(message, stopping).ConfigureAwait(false) : Look;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Supervised. Where the message went out and that could not be stored, it goes out again: its number says so to the receiver.
                pause = Failed(failure.Message);
            }
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => delivery.Dispose();

    private async Task<TimeSpan> Bring(OutboxMessage message, CancellationToken stopping)
    {
        if (time.GetUtcNow() - message.At > GiveUpAfter) return await End(message, OutboxAct.GivenUp, $"not taken for {GiveUpAfter.TotalHours} h: {problem?.Text}").ConfigureAwait(false);
        var (result, said) = await delivery.Send(message, stopping).ConfigureAwait(false);
        return result switch
        {
            DeliveryResult.Taken => await End(message, OutboxAct.Sent, null).ConfigureAwait(false),
            // What its receiver refuses as such must not hold up those behind it.
            DeliveryResult.Refused when ++refusals >= MostRefusals => await End(message, OutboxAct.Refused, said).ConfigureAwait(false),
            _ => Failed(said!),
        };
    }

    private async Task<TimeSpan> End(OutboxMessage message, OutboxAct how, string? why)
    {
        var work = new OutboxEndAct(book, message, how, why);
        writer.Offer(work);
        await work.Done.ConfigureAwait(false);
        if (how != OutboxAct.Sent) log.LogError("message {Number} to {Target} is given up: {Why}", message.Number, target.Name, why);
        (failures, refusals) = (0, 0);
        problem = why is null ? null : (why, time.GetUtcNow());
        return TimeSpan.Zero;
    }

    private TimeSpan Failed(string said)
    {
        if (failures == 0) log.LogWarning("{Target} does not take alarms, and is tried again: {Said}", target.Name, said);
        problem = (said, time.GetUtcNow());
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures++, 10)));
        return wait < LongestBackOff ? wait : LongestBackOff;
    }
}
