using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Probe.Uplink;

/// <summary>Sends what the spool keeps to the collector, for ever: live alarms, alarms' history, evidence, live telemetry, telemetry's history, one piece at a time and always the first of these that can go.
/// It forgets a record only after the collector said that it is on its disk.
/// <para>Where a class could not be delivered for long, its backlog is history: it goes with that mark, one record to find out whether the collector is back, and what is observed from then on goes before the rest of it.</para></summary>
internal sealed class ObservationUplink
{
    // A refusal (4xx) is not cured by haste; people must see it, and the data wait.
    private static readonly TimeSpan RefusalWait = TimeSpan.FromSeconds(30);

    // Where something should go and could not be read after all.
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(50);

    private readonly SpoolFolder spool;
    private readonly DeliverySettings settings;
    private readonly TimeProvider time;
    private readonly Action<Text> say;
    private readonly EvidenceUplink? evidence;
    private readonly ObservationPost post;
    private readonly DeliveryLane alarms, alarmHistory, telemetry, telemetryHistory;
    private readonly DeliveryLane[] lanes;
    private readonly BackOff backOff;
    private DateTimeOffset holdUntil;
    private bool away;

    /// <param name="http">Speaks to the collector.</param>
    /// <param name="collector">Where it is.</param>
    /// <param name="spool">What is sent.</param>
    /// <param name="settings">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads the waits of many probes.</param>
    /// <param name="say">For the log.</param>
    /// <param name="clock">Learns how far this clock is from the collector's.</param>
    /// <param name="evidence">Sends files of evidence; null: none.</param>
    public ObservationUplink(HttpClient http, Uri collector, SpoolFolder spool, DeliverySettings settings, TimeProvider time, Random random, Action<Text> say, ClockOffset clock, EvidenceUplink? evidence = null)
    {
        (this.spool, this.settings, this.time, this.say, this.evidence) = (spool, settings, time, say, evidence);
        post = new ObservationPost(http, collector, time, clock);
        backOff = new BackOff(random);
        (alarms, alarmHistory) = (new DeliveryLane(spool.Alarms, isHistory: false, null, random), new DeliveryLane(spool.Alarms, isHistory: true, null, random));
        (telemetry, telemetryHistory) = (new DeliveryLane(spool.Telemetry, isHistory: false, null, random), new DeliveryLane(spool.Telemetry, isHistory: true, settings.HistoryPerSecond, random));
        lanes = [alarms, alarmHistory, telemetry, telemetryHistory];
        // How long the probe was off, only the records know.
        foreach (var live in lanes.Where(l => !l.IsHistory)) live.Look(time.GetUtcNow(), live.Spools.Live.WaitingSince());
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var changed = spool.Changed; // before the look: what comes after it wakes us
                if (!await StepAsync(cancel).ConfigureAwait(false)) await WaitAsync(changed, cancel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The probe stops.
        }
    }

    /// <summary>Sends one piece of what comes first.</summary>
    /// <returns>False where nothing can go now.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> StepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var lane in lanes) lane.Look(now);
        if (now < holdUntil) return false;
        try
        {
            return await TrySendAsync(alarms, now, cancel).ConfigureAwait(false)
                || await TrySendAsync(alarmHistory, now, cancel).ConfigureAwait(false)
                || (evidence is not null && await evidence.StepAsync(cancel).ConfigureAwait(false))
                || await TrySendAsync(telemetry, now, cancel).ConfigureAwait(false)
                || await TrySendAsync(telemetryHistory, now, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        // Everything else is the network's or the disk's doing, or a surprise; none of them may end the loop that carries the evidence away.
        catch (Exception failure)
        {
            var wait = backOff.Next(null);
            holdUntil = time.GetUtcNow() + wait;
            SayAway(failure.Message, wait);
            return true;
        }
    }

    private async Task<bool> TrySendAsync(DeliveryLane lane, DateTimeOffset now, CancellationToken cancel)
    {
        if (now < lane.NotBefore || lane.Next is not { } source) return false;
        var stale = lane.IsStale(now, settings.OutageAfter);
        if (source.Read(stale && away ? 1 : lane.Most) is not { } batch) return false;
        try
        {
            var answer = await post.SendAsync(batch, lane.IsHistory || stale, cancel).ConfigureAwait(false);
            if (answer.Reply is { } reply) Accept(lane, source, batch, reply, stale, now);
            else Declined(lane, answer);
            if (source.Acknowledged < batch.Last) source.Rewind(); // what was not acknowledged is sent again
        }
        catch
        {
            source.Rewind();
            throw;
        }
        return true;
    }

    private void Accept(DeliveryLane lane, ObservationSpool source, SpoolBatch batch, IngestReply reply, bool stale, DateTimeOffset sentAt)
    {
        if (reply.Boot != source.Boot) throw new InvalidDataException(Texts.OddReply($"boot {reply.Boot}").En);
        // An answer without progress, over and over, must not become a tight loop.
        if (reply.AcceptedThrough < batch.First) throw new InvalidDataException(Texts.OddReply($"accepted through {reply.AcceptedThrough}").En);
        foreach (var first in reply.Rejected.Take(1)) say(Texts.CollectorRejected(reply.Rejected.Count, first.Line, first.Reason));
        source.Acknowledge(reply.AcceptedThrough);
        if (lane.IsHistory || stale)
        {
            alarmHistory.Wish(reply.HistoryRate);
            telemetryHistory.Wish(reply.HistoryRate);
        }
        if (away) say(Texts.CollectorBack(spool.Figures.Entries));
        (away, holdUntil) = (false, default);
        backOff.Reset();
        if (stale && !CloseBacklogs(sentAt)) return; // what is live can't be told apart from what is not: all of it stays history
        lane.Delivered(sentAt, time.GetUtcNow(), batch.Count);
        lane.Spools.Tidy();
    }

    // The collector is back: of both classes, so that what is observed from now on is live in both.
    private bool CloseBacklogs(DateTimeOffset now)
    {
        var closed = true;
        foreach (var lane in lanes.Where(l => l.IsStale(now, settings.OutageAfter))) closed &= lane.Spools.CloseBacklog();
        return closed;
    }

    private void Declined(DeliveryLane lane, PostAnswer answer)
    {
        var now = time.GetUtcNow();
        if (answer.IsBusy)
        {
            // What comes after it would only add to the pressure.
            var wait = lane.BackOff.Next(answer.RetryAfter);
            foreach (var held in lanes.SkipWhile(l => l != lane)) held.Hold(now + wait);
            if (lane == alarms || lane == alarmHistory) evidence?.Hold(now + wait);
            SayAway($"HTTP {answer.Status}", wait);
            return;
        }
        if (answer.IsTooLarge && lane.CanHalve)
        {
            lane.Halve();
            return;
        }
        lane.Hold(now + RefusalWait);
        say(Texts.CollectorRefuses(answer.Status, answer.Body, RefusalWait));
        away = true;
    }

    private void SayAway(string why, TimeSpan wait)
    {
        if (!away) say(Texts.CollectorAway(why, wait, spool.Figures.Entries));
        away = true;
    }

    private async Task WaitAsync(Task changed, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var held = now < holdUntil;
        var until = held ? holdUntil : lanes.Where(l => l.Next is not null).Select(l => l.NotBefore).Append(evidence?.NotBefore ?? DateTimeOffset.MaxValue).Min();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // A day where nothing is known: a timer takes no more than 49.
        var delay = Task.Delay(TimeSpan.FromTicks(Math.Clamp((until - now).Ticks, LeastWait.Ticks, TimeSpan.TicksPerDay)), time, waiting.Token);
        await (held ? delay : evidence?.Preparing is { } preparing ? Task.WhenAny(changed, delay, preparing) : Task.WhenAny(changed, delay)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
    }
}
