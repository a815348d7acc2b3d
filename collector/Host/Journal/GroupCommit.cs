using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Registers;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Journal;

/// <summary>An observation that a group stored, with the time of its receipt.</summary>
internal readonly record struct StoredObservation(Observation Observation, DateTimeOffset ReceivedAt);

/// <summary>What follows a commit: projections are told of what is on disk, never of what may still be undone.</summary>
internal interface ICommitListener
{
    /// <summary>Called on the writer: it must be quick and must not throw.</summary>
    void Committed(IReadOnlyList<StoredObservation> observations, IReadOnlyList<ClockReading> clocks, IReadOnlyList<AlarmRecord> alarms, DateTimeOffset now);
}

/// <summary>Writes one group in one transaction: entries, verdicts, alarms, engine state and the ledger of numbers. A kill at any moment leaves all of it or nothing.</summary>
internal sealed class GroupCommit(Database database, RulePack pack, RegisterBook registers, AlarmBook alarms, ICommitListener listener, CollectorMetrics metrics,
    CollectorIdentity identity, CollectorOptions options, ILogger<GroupCommit> log) : IDisposable
{
    private readonly List<StoredObservation> observed = [];
    private readonly List<ClockReading> clocks = [];
    private readonly HashSet<ProbeStream> streams = [];
    private readonly InitialRegister? initial = options.Register;
    private readonly EngineFaults faults = new();
    private JournalStore store = null!;
    private SequenceLedger ledger = null!;
    private RuleEngine engine = null!;
    private IReadOnlyList<AlarmRecord> orphans = [];
    private bool reloadFirst;
    private DateTimeOffset advancedAt;

    /// <summary>Opens the store and brings back alarms, engine and ledger as they were committed.</summary>
    public void Start(DateTimeOffset now)
    {
        store = new JournalStore(database);
        Reload(now);
        faults.Start(alarms, now);
        // A file that was imported before is not imported again: that would undo what came after it.
        if (initial is { Import.Register: not null } && !store.HasRegister(RegisterBook.FmKind, Sha256(initial.Content)))
            Write([new RegisterWork(initial.Source, initial.Mode, initial.Content, initial.Import, "command line")], now, checkRoom: false);
    }

    /// <summary>Reads all state back from the store.</summary>
    public void Reload(DateTimeOffset now)
    {
        reloadFirst = true;
        store.Rollback();
        registers.Load(store.NewestRegister(RegisterBook.FmKind));
        var (storedLedger, storedAlarms, state) = store.Load();
        (ledger, engine) = (storedLedger, new RuleEngine(pack, registers.Fm, identity.Build));
        alarms.Load(storedAlarms);
        orphans = [.. storedAlarms.Values.Where(a => a.Active && a.Rule != EngineFaults.Rule && pack.Rule(a.Rule) is not { Status: RuleStatus.Active })];
        Restore(engine, state, now);
        metrics.Position = store.Position;
        reloadFirst = false;
    }

    /// <summary>Writes a group; returns after fsync. On an exception nothing of it is stored, and <see cref="Reload"/> must follow.</summary>
    public void Write(IReadOnlyList<JournalWork> group, DateTimeOffset now, bool checkRoom)
    {
        if (reloadFirst) Reload(now);
        if (checkRoom) store.CheckRoom();
        observed.Clear();
        clocks.Clear();
        streams.Clear();
        store.Begin();
        foreach (var orphan in orphans) Withdraw(orphan, now);
        var tick = false;
        foreach (var work in group)
        {
            switch (work)
            {
                case IngestWork ingest:
                    clocks.Add(ingest.Clock);
                    ingest.Answer(Ingest(ingest.Batch, now));
                    break;
                case AcknowledgeWork acknowledge: Acknowledge(acknowledge, now); break;
                case RegisterWork register: register.Answer(Import(register, now)); break;
                case TickWork: tick = true; break;
            }
        }
        // Under load ticks queue behind batches; time must go on for the rules all the same.
        if (tick || now - advancedAt >= TimeSpan.FromSeconds(1)) Advance(now);
        foreach (var (key, json) in engine.TakeChangedState()) store.SaveState(key, json);
        foreach (var stream in streams) store.Save(stream);
        foreach (var alarm in alarms.Changed) store.Save(alarm);
        store.Commit();
        orphans = [];
        metrics.Position = store.Position;
        listener.Committed(observed, clocks, alarms.Publish(), now);
    }

    /// <summary>Closes the store cleanly.</summary>
    public void Stop()
    {
        try
        {
            store.Checkpoint();
        }
        catch (Exception failure) when (StorageFailure.Is(failure))
        {
            log.LogWarning("the log was not merged into the database: {Why}; the next start does it", failure.Message);
        }
        Dispose();
    }

    /// <summary>For tests: called where the engine is about to judge an observation; what it throws is as if the engine had.</summary>
    internal Action<Observation>? BeforeJudging { get; set; }

    /// <summary>For tests: a statement on the writer's own connection.</summary>
    internal void Execute(string sql) => store.Execute(sql);

    /// <inheritdoc/>
    public void Dispose() => store?.Dispose();

    private IngestReply Ingest(ObservationBatch batch, DateTimeOffset now)
    {
        var stream = ledger.Of(batch.Probe, batch.Boot, now);
        streams.Add(stream);
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
                store.Append(EntryKind.Observation, stream.Id, line.Sequence, null, now, line.Body);
                stored++;
                Observe(observation, now);
            }
            else
            {
                store.SaveDeadLetter(stream.Id, line.Sequence, line.Line, line.Reason!, now, line.Body);
                rejected.Add(new(line.Line, line.Reason!));
            }
        }
        stream.Duplicates += duplicates;
        RecordGaps(stream, now);
        metrics.Ingested(stored, duplicates, rejected.Count);
        return new(batch.Boot, stream.Through, stored, duplicates, rejected, now);
    }

    /// <summary>Numbers that the probe went past are recorded as missing; where they come after all they are stored, and the report of sequences says so.</summary>
    private void RecordGaps(ProbeStream stream, DateTimeOffset now)
    {
        foreach (var run in stream.Stored.Runs)
        {
            if (run.To <= stream.Through) continue;
            if (run.From > stream.Through + 1) RecordGap(stream, new(stream.Through + 1, run.From - 1), now);
            stream.Through = run.To;
        }
    }

    private void RecordGap(ProbeStream stream, SequenceRange missing, DateTimeOffset now)
    {
        var own = ledger.Of(new(ObservationBatch.OwnProbe), identity.Instance, now);
        streams.Add(own);
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
                ["reason"] = Fact.Of(Texts.GapReason.Zh),
            },
        };
        store.Append(EntryKind.Gap, own.Id, own.Through, null, now, JsonSerializer.SerializeToUtf8Bytes(new SpooledObservation(own.Boot, own.Through, gap), WireJson.Options));
        metrics.Gap(missing.Count);
        log.LogWarning("probe {Probe} boot {Boot}: numbers {From} to {To} never arrived", stream.Probe, stream.Boot, missing.From, missing.To);
        Observe(gap, now);
    }

    private void Observe(Observation observation, DateTimeOffset now)
    {
        observed.Add(new(observation, now));
        if (observation.Kind == Vocabulary.ProbeHeartbeat.Name || observation.Kind == Vocabulary.ProbeWatch.Name) store.SaveReport(observation, now);
        Judge(() =>
        {
            BeforeJudging?.Invoke(observation);
            return engine.Observe(observation, now);
        }, now);
    }

    private void Advance(DateTimeOffset now)
    {
        advancedAt = now;
        Judge(() => engine.Advance(now), now);
        if (faults.Verdict(now, identity, pack) is { } own) Record(own, now);
    }

    /// <summary>A fault of the engine never loses a batch: it is logged, and stands on the wall as an alarm about ourselves.</summary>
    private void Judge(Func<IReadOnlyList<Verdict>> evaluate, DateTimeOffset now)
    {
        IReadOnlyList<Verdict> verdicts;
        try
        {
            verdicts = evaluate();
        }
        catch (Exception fault)
        {
            if (faults.Note(fault, now)) log.LogError(fault, "the rule engine failed; the observation is stored but was not judged");
            metrics.EngineFault();
            return;
        }
        foreach (var verdict in verdicts) Record(verdict, now);
    }

    private void Record(Verdict verdict, DateTimeOffset now)
    {
        store.Append(EntryKind.Verdict, null, null, AlarmRecord.IdOf(verdict.Rule, verdict.Subject), now, JsonSerializer.SerializeToUtf8Bytes(verdict, WireJson.Options));
        alarms.Report(verdict, now);
        metrics.Verdict();
    }

    /// <summary>An alarm whose rule is no longer in the pack would be active for ever; but nobody has seen its condition go, so it is not cleared.</summary>
    private void Withdraw(AlarmRecord orphan, DateTimeOffset now)
    {
        var sentence = Texts.RuleWithdrawn(orphan.Rule, pack.Name, orphan.Title);
        if (!alarms.Withdraw(orphan.Id, sentence, now)) return;
        store.Append(EntryKind.Command, null, null, orphan.Id, now, JsonSerializer.SerializeToUtf8Bytes(new JournaledWithdrawal(orphan.Id, now, sentence), WireJson.Options));
        log.LogWarning("alarm {Alarm} is unknown: its rule {Rule} is not in force in {Pack}", orphan.Id, orphan.Rule, pack.Name);
    }

    private void Acknowledge(AcknowledgeWork work, DateTimeOffset now)
    {
        if (alarms.Acknowledge(work.Alarm, work.Given, now) is { } refusal)
        {
            work.Refuse(refusal);
            return;
        }
        store.Append(EntryKind.Command, null, null, work.Alarm, now, JsonSerializer.SerializeToUtf8Bytes(new JournaledAcknowledgement(work.Alarm, now, work.Given), WireJson.Options));
        work.Answer(alarms.Row(work.Alarm));
    }

    private FmImport Import(RegisterWork work, DateTimeOffset now)
    {
        var sha256 = Sha256(work.Content);
        store.SaveRegister(RegisterBook.FmKind, work.Source, work.Mode, sha256, now, work.Content);
        store.Append(EntryKind.Command, null, null, null, now,
            JsonSerializer.SerializeToUtf8Bytes(new JournaledRegister(RegisterBook.FmKind, work.Source, work.Mode, sha256, work.Import.Kept, work.Actor, now), WireJson.Options));
        foreach (var (key, json) in engine.TakeChangedState()) store.SaveState(key, json);
        // The engine reads one register all its life: the next one goes on from its state.
        var next = new RuleEngine(pack, work.Import.Register!, identity.Build);
        Restore(next, store.LoadState(), now);
        engine = next;
        registers.Replace(work.Import.Register!);
        return work.Import;
    }

    private void Restore(RuleEngine fresh, IEnumerable<(string, string)> state, DateTimeOffset now)
    {
        var refused = fresh.Restore(state);
        if (refused.Count > 0) log.LogWarning("{Count} states of rules begin anew, the pack no longer fits them: {First}", refused.Count, refused[0]);
        fresh.Resume(now);
    }

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
