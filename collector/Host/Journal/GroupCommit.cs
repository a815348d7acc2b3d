using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Damage;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Registers;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Journal;

/// <summary>An observation that a group stored, with the time of its receipt. History is what an outage left behind: true of its own time, and nothing that shows now may take it up.</summary>
internal readonly record struct StoredObservation(Observation Observation, DateTimeOffset ReceivedAt, bool IsHistory = false);

/// <summary>What follows a commit: projections are told of what is on disk, never of what may still be undone.</summary>
internal interface ICommitListener
{
    /// <summary>Called on the writer: it must be quick and must not throw.</summary>
    void Committed(IReadOnlyList<StoredObservation> observations, IReadOnlyList<ClockReading> clocks, IReadOnlyList<AlarmRecord> alarms, DateTimeOffset now);

    /// <summary>True where it shows what is committed, whoever wrote it: it is told on every node. Otherwise it acts upon it, which only the writer may.</summary>
    bool OnEveryNode => false;
}

/// <summary>Writes one group in one transaction: entries, verdicts, slices, engine state and the ledger of numbers. A kill at any moment leaves all of it or nothing.</summary>
internal sealed class GroupCommit(IStore store, RulePack pack, IReadOnlyList<ISlice> slices, RegisterBook registers, AlarmBook alarms, DamageBook damage, IEnumerable<ICommitListener> listeners,
    CollectorMetrics metrics, CollectorIdentity identity, CollectorOptions options, ILogger<GroupCommit> log) : IDisposable
{
    private const int MostGapsOfALoss = 1_000;
    private const long UnhurriedRows = 1_000;
    private const double UsualHistory = 500, LeastHistory = 10; // observations a second and probe; the first is a probe's own default
    private const string EngineState = "engine", PastState = "engine.past";

    private readonly List<StoredObservation> observed = [];
    private readonly List<ClockReading> clocks = [];
    private readonly ICommitListener[] listeners = [.. listeners];
    private readonly InitialRegister? initial = options.Register;
    private readonly EngineFaults faults = new();
    private IStoreWriter writer = null!;
    private SequenceLedger ledger = null!;
    private RuleEngine engine = null!;

    // What is delivered late is judged by an engine of its own: an old "all is well" must not clear what is wrong now, and what was wrong then must be told all the same.
    private RuleEngine past = null!;
    private FmRegister judgedBy = FmRegister.None;
    private IReadOnlyList<AlarmRecord> orphans = [];
    private bool reloadFirst;
    private volatile bool lookForLosses = true;
    private DateTimeOffset advancedAt;

    /// <summary>For tests: called where the engine is about to judge an observation; what it throws is as if the engine had.</summary>
    internal Action<Observation>? BeforeJudging { get; set; }

    /// <summary>For tests: the store's writer.</summary>
    internal IStoreWriter Writer => writer;

    /// <summary>Opens the store for writing: from here on nobody else commits.</summary>
    /// <exception cref="ProblemException">Somebody else writes.</exception>
    public void Open() => writer = store.OpenWriter();

    /// <summary>Brings back slices, engine and ledger as they were committed.</summary>
    public void Start(DateTimeOffset now)
    {
        Reload(now);
        faults.Start(alarms, now);
        if (Untold().Count > 0)
        {
            LookForLosses();
            Write([], now, checkRoom: false);
        }
        // A file that was imported before is not imported again: that would undo what came after it.
        if (initial is null || registers.Present.Acts[initial.Import.Schema.Type].Any(a => a.Sha256 == initial.Import.File.Sha256)) return;
        var import = new ImportWork(registers, initial.Import, null);
        Write([import], now, checkRoom: false);
        import.Succeed();
        import.Done.GetAwaiter().GetResult(); // it is done; what was refused ends the start with its reason
    }

    /// <summary>From any thread: the store may have set a damaged file aside; the next group tells of what was lost with it.</summary>
    public void LookForLosses() => lookForLosses = true;

    /// <summary>Reads all state back from the store.</summary>
    /// <param name="now">The collector's clock.</param>
    /// <param name="after">The failure that made it necessary; where it shows the file damaged, the store is mended first.</param>
    public void Reload(DateTimeOffset now, Exception? after = null)
    {
        reloadFirst = true;
        writer.Rollback();
        if (after is not null) writer.Mend(after, now);
        LookForLosses();
        foreach (var slice in slices) slice.Load(writer);
        ledger = new SequenceLedger(writer);
        orphans = [.. alarms.Committed.Where(a => a.Active && a.Rule != EngineFaults.Rule && a.Rule != IntegrityAlarm.Rule && pack.Rule(a.Rule) is not { Status: RuleStatus.Active })];
        (engine, past) = (Engine(EngineState, now), Engine(PastState, now));
        metrics.Position = writer.Position;
        reloadFirst = false;
    }

    /// <summary>Writes a group; returns after fsync. On an exception nothing of it is stored, and <see cref="Reload"/> must follow.</summary>
    public void Write(IReadOnlyList<JournalWork> works, DateTimeOffset time, bool checkRoom)
    {
        // To the millisecond, as it is stored: what is decided now and what is folded from the journal must see the same time.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
        if (reloadFirst) Reload(now);
        if (checkRoom) writer.CheckRoom();
        observed.Clear();
        clocks.Clear();
        writer.Begin(now);
        var group = new Group(writer, now);
        foreach (var orphan in orphans) Withdraw(orphan, group);
        var losses = Untold();
        foreach (var (position, loss) in losses) Tell(position, loss, group);
        var tick = false;
        foreach (var work in works)
        {
            switch (work)
            {
                case IngestWork ingest:
                    clocks.Add(ingest.Clock);
                    ingest.Answer(Ingest(ingest.Batch, ingest.IsHistory, group));
                    break;
                case IAct act:
                    act.Do(group);
                    RenewEngines(group.Now);
                    break;
                case TickWork: tick = true; break;
            }
        }
        // Under load ticks queue behind batches; time must go on for the rules all the same.
        if (tick || now - advancedAt >= TimeSpan.FromSeconds(1)) Advance(group);
        foreach (var slice in slices) slice.Complete(group);
        SaveEngines();
        ledger.Save(writer);
        foreach (var slice in slices) slice.Save(writer);
        writer.Commit();
        orphans = [];
        metrics.Position = writer.Position;
        foreach (var slice in slices) slice.Publish();
        foreach (var listener in listeners) listener.Committed(observed, clocks, alarms.Published, now);
    }

    /// <summary>Closes the store cleanly.</summary>
    public void Stop()
    {
        try
        {
            writer.Settle();
        }
        catch (Exception failure) when (store.Explain(failure) is not null)
        {
            log.LogWarning("the log was not merged into the database: {Why}; the next start does it", failure.Message);
        }
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => writer?.Dispose();

    private IngestReply Ingest(ObservationBatch batch, bool isHistory, Group group)
    {
        var now = group.Now;
        var stream = ledger.Of(batch.Probe, batch.Boot, now);
        stream.ReceivedAt = now;
        var (stored, duplicates) = (0, 0);
        var rejected = new List<RejectedEntry>();
        foreach (var line in batch.Lines)
        {
            if (line.Sequence is { } sequence && !stream.Stored.Add(sequence))
            {
                duplicates++;
                continue;
            }
            if (line.Observation is { } observation)
            {
                writer.Append(EntryKind.Observation, stream.Id, line.Sequence, null, now, line.Body);
                stored++;
                Observe(observation, isHistory, group);
            }
            else
            {
                writer.Keep(new(stream.Id, line.Sequence, line.Line, line.Reason!, now, line.Body));
                rejected.Add(new(line.Line, line.Reason!));
            }
        }
        stream.Duplicates += duplicates;
        RecordGaps(stream, group);
        metrics.Ingested(stored, duplicates, rejected.Count);
        return new(batch.Boot, stream.Through, stored, duplicates, rejected, now) { HistoryRate = isHistory ? HistoryRate(metrics.QueueDepth() - batch.Lines.Count) : null };
    }

    /// <summary>What was observed yesterday gives way while rows of now wait: the longer the queue, the slower it comes, and never so slow that a probe's spool runs over for nothing.</summary>
    private static double? HistoryRate(long waiting) => waiting <= UnhurriedRows ? null : Math.Max(LeastHistory, UsualHistory * UnhurriedRows / waiting);

    /// <summary>Numbers that the probe went past are recorded as missing; where they come after all they are stored, and the report of sequences says so.</summary>
    private void RecordGaps(ProbeStream stream, Group group)
    {
        foreach (var run in stream.Stored.Runs)
        {
            if (run.To <= stream.Through) continue;
            if (run.From > stream.Through + 1) RecordGap(stream, new(stream.Through + 1, run.From - 1), group);
            stream.Through = run.To;
        }
    }

    private List<(long Position, StoredLoss Loss)> Untold()
    {
        if (!lookForLosses) return [];
        lookForLosses = false; // before it is looked: what is found meanwhile is told by the next group
        using var view = store.OpenView();
        return damage.Untold(view);
    }

    /// <summary>Numbers that are gone with a damaged file are free again, are recorded as a gap, and an alarm says so: they had been acknowledged.</summary>
    private void Tell(long position, StoredLoss loss, Group group)
    {
        var numbers = new List<ProbeNumbers>();
        foreach (var (id, gone) in loss.Numbers)
        {
            if (ledger.Of(id) is not { } stream) continue;
            numbers.Add(new(stream.Probe, stream.Boot, gone));
            var runs = SequenceRanges.Parse(gone).Runs;
            foreach (var run in runs) stream.Stored.Remove(run);
            foreach (var run in runs.Take(MostGapsOfALoss)) RecordGap(stream, run, group, DamageTexts.GapReason);
        }
        var told = new ToldLoss(position, loss, numbers, group.Now);
        damage.Tell(told, group);
        DamageAlarm.Raise(told, alarms, identity, pack, group);
        log.LogError("{Loss}", DamageTexts.Sentence(told).En);
    }

    private void RecordGap(ProbeStream stream, SequenceRange missing, Group group, Text? reason = null)
    {
        var now = group.Now;
        var own = ledger.Of(new(ObservationBatch.OwnProbe), identity.Instance, now);
        own.Through++;
        own.Stored.Add(own.Through);
        own.ReceivedAt = now;
        var gap = new Observation
        {
            Id = Guid.CreateVersion7(now),
            Probe = own.Probe,
            Watch = new("ingest"),
            Subject = Subject.Probe(stream.Probe),
            Kind = Vocabulary.ProbeGap.Name,
            At = now,
            Facts = new Dictionary<string, Fact>
            {
                ["from_sequence"] = Fact.Of(missing.From),
                ["to_sequence"] = Fact.Of(missing.To),
                ["count"] = Fact.Of(missing.Count),
                ["reason"] = Fact.Of((reason ?? Texts.GapReason).Zh),
            },
        };
        writer.Append(EntryKind.Gap, own.Id, own.Through, null, now, JsonSerializer.SerializeToUtf8Bytes(new SpooledObservation(own.Boot, own.Through, gap), WireJson.Options));
        metrics.Gap(missing.Count);
        log.LogWarning("probe {Probe} boot {Boot}: numbers {From} to {To}: {Why}", stream.Probe, stream.Boot, missing.From, missing.To, (reason ?? Texts.GapReason).En);
        Observe(gap, isHistory: false, group);
    }

    private void Observe(Observation observation, bool isHistory, Group group)
    {
        observed.Add(new(observation, group.Now, isHistory));
        if (!isHistory) ProbeReports.Keep(observation, group.Now, writer);
        var verdicts = Judged(observation, isHistory, group);
        if (verdicts.Count == 0) return;
        if (!isHistory) Record(verdicts, group);
        else foreach (var verdict in verdicts.Where(v => v.Result == VerdictResult.Violation && !v.IsTrial && v.SuppressedBy is null)) alarms.Occurred(verdict, group);
    }

    private void Advance(Group group)
    {
        advancedAt = group.Now;
        Record(Advanced(group), group);
        if (faults.Verdict(group.Now, identity, pack) is { } own) Record([own], group);
        foreach (var slice in slices) slice.Advance(group);
    }

    private IReadOnlyList<Verdict> Judged(Observation observation, bool isHistory, Group group)
    {
        try
        {
            BeforeJudging?.Invoke(observation);
            return (isHistory ? past : engine).Observe(observation, group.Now);
        }
        catch (Exception fault)
        {
            return Failed(fault, group);
        }
    }

    private IReadOnlyList<Verdict> Advanced(Group group)
    {
        try
        {
            return engine.Advance(group.Now);
        }
        catch (Exception fault)
        {
            return Failed(fault, group);
        }
    }

    /// <summary>A fault of the engine never loses a batch: it is logged, and stands on the wall as an alarm about ourselves.</summary>
    private IReadOnlyList<Verdict> Failed(Exception fault, Group group)
    {
        if (faults.Note(fault, group.Now)) log.LogError(fault, "the rule engine failed; the observation is stored but was not judged");
        metrics.EngineFault();
        return [];
    }

    private void Record(IReadOnlyList<Verdict> verdicts, Group group)
    {
        foreach (var verdict in verdicts)
        {
            metrics.Verdict();
            if (verdict.IsTrial) Try(verdict);
            else if (!IsExplained(verdict)) alarms.Report(verdict, group);
        }
    }

    /// <summary>What has its cause in another alarm raises none of its own; one that is there already is told of the cause.</summary>
    private bool IsExplained(Verdict verdict) => verdict.SuppressedBy is not null && alarms.Present(AlarmRecord.IdOf(verdict.Rule, verdict.Subject)) is not { Active: true };

    /// <summary>A rule on trial is heard, but must not trouble the desk.</summary>
    private void Try(Verdict verdict) =>
        log.LogInformation("trial of rule {Rule}: {Result} for {Subject} at {At:O}: {Sentence}", verdict.Rule, verdict.Result, verdict.Subject, verdict.At, verdict.Sentence.Zh);

    /// <summary>An alarm whose rule is no longer in the pack would be active for ever; but nobody has seen its condition go, so it is not cleared.</summary>
    private void Withdraw(AlarmRecord orphan, Group group)
    {
        if (!alarms.Withdraw(orphan.Id, Texts.RuleWithdrawn(orphan.Rule, pack.Name, orphan.Title), group)) return;
        log.LogWarning("alarm {Alarm} is unknown: its rule {Rule} is not in force in {Pack}", orphan.Id, orphan.Rule, pack.Name);
    }

    /// <summary>An engine reads one register all its life: where an act changed the register, the next one goes on from its state.</summary>
    private void RenewEngines(DateTimeOffset now)
    {
        if (ReferenceEquals(registers.Present.Fm, judgedBy)) return;
        SaveEngines();
        (engine, past) = (Engine(EngineState, now), Engine(PastState, now));
    }

    private void SaveEngines()
    {
        foreach (var (judge, kind) in ((RuleEngine, string)[])[(engine, EngineState), (past, PastState)])
            foreach (var (key, json) in judge.TakeChangedState())
            {
                if (json is null) writer.Remove(kind, key);
                else writer.Put(kind, key, Encoding.UTF8.GetBytes(json));
            }
    }

    private RuleEngine Engine(string kind, DateTimeOffset now)
    {
        judgedBy = registers.Present.Fm;
        var fresh = new RuleEngine(pack, judgedBy, identity.Build);
        var refused = fresh.Restore(writer.Documents(kind).Select(d => (d.Id, Encoding.UTF8.GetString(d.Body.Span))));
        if (refused.Count > 0) log.LogWarning("{Count} states of rules begin anew, the pack no longer fits them: {First}", refused.Count, refused[0]);
        fresh.Resume(now);
        return fresh;
    }
}
