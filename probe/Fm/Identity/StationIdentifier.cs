using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>Says who the carriers of a band are: compares them with the register and with what was learnt of each licensed station, checks what else they could be, gives
/// reasons and points, and lets a suspicion ripen. It never concludes: what it gives are leads. Readings and times in, results out; the same readings give the same results.
/// One reading covers the whole of the band that is watched: a carrier that is not in it is off the air. Memory is bounded. Not for several threads.</summary>
/// <param name="settings">Receiver and place.</param>
public sealed class StationIdentifier(IdentitySettings settings)
{
    private const int MaxCarriers = 400;
    private const int MaxMemories = 1024;
    private const int MaxSignatures = 512;
    private const double ClearSnrDb = 20;

    // Above the discriminator's threshold the mean frequency is right, however noisy the sound.
    private const double SoundSnrDb = 12;

    // Readings are intervals of samples, times come from a clock: less than this apart they join.
    private const double JointSeconds = 2;
    private const double LongestReadingSeconds = 3600;

    // A third of a day's edges at once is no timer: aerial, feeder, gain or mains of the receiver.
    private const int ManyAtOnce = 3;

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<long, CarrierMemory> memories = [];
    private readonly SortedDictionary<long, StationSignature> signatures = [];
    private readonly OnOffHistory history = new(settings.LegalOffset);
    private readonly DecisionLog decisions = new();
    private IntermodulationCheck? products;
    private DateTimeOffset? last;
    private double? centreHz = settings.CenterFrequencyHz;
    private long turn;

    /// <summary>Called with each change of a stage, by frequency.</summary>
    public Action<StageChange>? OnStage { get; set; }

    /// <summary>Called with each edge, once it is certain: 10 s after it.</summary>
    public Action<OnOffEdge>? OnEdge { get; set; }

    /// <summary>When carriers were on the air.</summary>
    public OnOffHistory History => history;

    /// <summary>People's decisions, the latest last: the last 500.</summary>
    public IReadOnlyList<PersonDecision> Decisions => decisions.All;

    /// <summary>Judges a reading.</summary>
    /// <param name="reading">What was measured.</param>
    /// <param name="at">The end of its interval.</param>
    /// <param name="seconds">Time of signal that it covers, s: what lies between two readings beyond that was not watched.</param>
    /// <param name="register">What the register says of a frequency and the PI that is heard on it (null: none), in this area, today.</param>
    /// <param name="content">What the sound of a frequency showed.</param>
    /// <param name="field">Field strength, dBµV/m, of a level in dBFS at a frequency in Hz; null where the receiver is not calibrated.</param>
    /// <returns>One for each carrier, and each image that the receiver masked, by frequency.</returns>
    public IReadOnlyList<Identification> Update(FmBandReading reading, DateTimeOffset at, double seconds, Func<long, ushort?, RegisterAnswer> register, Func<long, ContentFindings> content, Func<double, double, double?> field)
    {
        at = at < Earliest ? Earliest : at > Latest ? Latest : at;
        seconds = seconds is > 0 and <= LongestReadingSeconds ? seconds : 0;
        turn++;
        var isFirst = last is null;
        var gap = last is { } before ? (at - before).TotalSeconds - seconds : 0;
        if (gap <= JointSeconds) gap = 0;
        last = at;
        var subjects = Subjects(reading, at, register, content, field);
        LearnCentre(reading);
        Follow(subjects, at, seconds, reading.Overload, isFirst, gap);
        foreach (var subject in subjects) subject.Status = Classify(subject, seconds, reading.Overload);
        CompareWithLearnt(subjects, reading.Overload, at, seconds);
        Exclude(subjects, reading.Overload, at, seconds);
        var reasons = new ReasonsOf(history, settings, register, memories);
        var unregistered = subjects.Where(s => s is { Status: CarrierStatus.Unregistered, Carrier.OnAir: true }).Select(s => s.NominalHz).ToHashSet();
        foreach (var subject in subjects) reasons.Add(subject, unregistered, at, seconds, reading.Overload);
        var images = MaskedImages(reading, subjects);
        foreach (var subject in subjects) Stage(subject, at, seconds, images);
        Evict();
        return [.. subjects.Select(s => Result(s, at)).Concat(images).OrderBy(i => i.NominalHz)];
    }

    /// <summary>A person says that it is a pirate. It holds for 24 h: for this transmission, and for the next ones once they are suspect.</summary>
    /// <param name="frequencyHz">Nominal frequency, Hz.</param>
    /// <param name="who">Who.</param>
    /// <param name="at">When.</param>
    /// <returns>There is a suspicion now that it confirms.</returns>
    public bool Confirm(long frequencyHz, string who, DateTimeOffset at)
    {
        decisions.Add(new PersonDecision(frequencyHz, PersonVerdict.Confirmed, who, at, Later(at, TimeSpan.FromHours(24)), ""));
        return memories.TryGetValue(frequencyHz, out var memory) && Tell(memory.Track.Confirm(at, 0, IdentityTexts.ConfirmedBy(who)));
    }

    /// <summary>A person says that it is none. The suspicion ends, and none arises before the decision expires.</summary>
    /// <param name="frequencyHz">Nominal frequency, Hz.</param>
    /// <param name="who">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="at">When.</param>
    /// <param name="holdsFor">For how long; 30 days at most.</param>
    public void Dismiss(long frequencyHz, string who, string reason, DateTimeOffset at, TimeSpan holdsFor)
    {
        decisions.Add(new PersonDecision(frequencyHz, PersonVerdict.Dismissed, who, at, Later(at, holdsFor < OnOffHistory.Reach ? holdsFor : OnOffHistory.Reach), reason));
        if (memories.TryGetValue(frequencyHz, out var memory)) Tell(memory.Track.End(at, 0, IdentityTexts.DismissedBy(who, reason)));
    }

    /// <summary>A person says that what is heard on a licensed frequency is the licensed station, and the register or what was learnt is out of date. What was learnt is forgotten.</summary>
    /// <param name="licensedHz">The licensed frequency, Hz.</param>
    /// <param name="pi">The PI that it has, or null.</param>
    /// <param name="who">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="at">When.</param>
    public void AcceptSignature(long licensedHz, ushort? pi, string who, string reason, DateTimeOffset at)
    {
        decisions.Add(new PersonDecision(licensedHz, PersonVerdict.SignatureAccepted, who, at, DateTimeOffset.MaxValue, reason));
        signatures[licensedHz] = new StationSignature { AcceptedPi = pi is { } known ? Pis.Hex(known) : null };
        if (memories.TryGetValue(licensedHz, out var memory)) memory.Comparison.Reset();
    }

    /// <summary>What must survive a restart.</summary>
    public IdentifierSnapshot Snapshot() => new()
    {
        At = last,
        Suspicions = [.. memories.Values.Select(m => m.Track.Snapshot(m.WasModulated)).OfType<SuspicionSnapshot>()],
        Signatures = [.. signatures.Select(s => s.Value.Snapshot(s.Key))],
        Edges = history.AllEdges(),
        Watched = [.. history.Watched],
        Decisions = [.. decisions.All],
    };

    /// <summary>Takes up where a snapshot was taken. The time since then was not watched.</summary>
    public void Restore(IdentifierSnapshot snapshot)
    {
        last = snapshot.At;
        history.Restore(snapshot.Edges, snapshot.Watched);
        // What was on the air then and is not in the next reading has gone: it must be remembered to be missed.
        foreach (var hz in history.Frequencies)
            if (history.Edges(hz)[^1].OnAir) Memory(hz);
        foreach (var suspicion in snapshot.Suspicions)
        {
            var memory = Memory(suspicion.FrequencyHz);
            memory.Track.Restore(suspicion);
            (memory.WasModulated, memory.SeenClear, memory.LastTurn) = (suspicion.WasModulated, true, turn);
        }
        foreach (var signature in snapshot.Signatures.Take(MaxSignatures)) signatures[signature.FrequencyHz] = StationSignature.From(signature);
        foreach (var decision in snapshot.Decisions) decisions.Add(decision);
    }

    private List<Subject> Subjects(FmBandReading reading, DateTimeOffset at, Func<long, ushort?, RegisterAnswer> register, Func<long, ContentFindings> content, Func<double, double, double?> field)
    {
        var day = DateOnly.FromDateTime((at + settings.LegalOffset).UtcDateTime);
        // Where a frequency is there twice the stronger one on the air counts: the order of a reading means nothing.
        var carriers = reading.Carriers.GroupBy(c => c.NominalHz).Select(same => same.OrderByDescending(c => c.OnAir).ThenByDescending(c => c.LevelDbfs).ThenBy(c => c.OffsetHz).First())
            .OrderByDescending(c => c.OnAir).ThenByDescending(c => c.LevelDbfs).ThenBy(c => c.NominalHz).Take(MaxCarriers).OrderBy(c => c.NominalHz);
        var subjects = new List<Subject>();
        foreach (var carrier in carriers)
        {
            var memory = Memory(carrier.NominalHz);
            memory.LastTurn = turn;
            var answer = register(carrier.NominalHz, carrier.Rds?.Pi);
            var licence = answer.Licence?.IsValid(day) == true ? answer.Licence : null;
            subjects.Add(new Subject(carrier, memory)
            {
                Answer = answer,
                Licence = licence,
                Lapsed = licence is null ? answer.Licence : null,
                Signature = licence is null ? null : SignatureOf(licence.FrequencyHz),
                Content = carrier.OnAir ? content(carrier.NominalHz) : ContentFindings.None,
                FieldDbuvm = carrier.OnAir ? field(carrier.LevelDbfs, carrier.NominalHz) : null,
            });
            if (carrier.OnAir) memory.Trail.Set(turn, carrier);
        }
        return subjects;
    }

    private void Follow(List<Subject> subjects, DateTimeOffset at, double seconds, bool overload, bool isFirst, double gap)
    {
        history.Watch(at - TimeSpan.FromSeconds(seconds), at);
        var present = subjects.ToDictionary(s => s.NominalHz, s => s.Carrier.OnAir);
        var on = memories.Values.Count(m => m.IsOn == true);
        var changing = memories.Values.Count(m => m.Changes(present.GetValueOrDefault(m.FrequencyHz)));
        var unseen = isFirst || overload || (changing >= ManyAtOnce && 2 * changing >= on);
        foreach (var memory in memories.Values)
        {
            var onAir = present.GetValueOrDefault(memory.FrequencyHz);
            if (gap > 0) Tell(memory.Track.Unwatched(gap, at));
            if (memory.Follow(onAir, seconds, at, unseen, gap > 0) is { } edge)
            {
                history.Add(edge);
                OnEdge?.Invoke(edge);
            }
            if (onAir) memory.SeenClear |= !overload;
            else Tell(memory.Track.Absent(seconds, at));
        }
    }

    private static CarrierStatus Classify(Subject subject, double seconds, bool overload)
    {
        if (!subject.IsInBand) return CarrierStatus.Unknown;
        if (subject.Licence is { } licence) return licence.Class == LicenceClass.Overspill ? CarrierStatus.Overspill : CarrierStatus.Licensed;
        if (!subject.Answer.Known) return CarrierStatus.Unknown;
        if (!subject.Carrier.OnAir) return subject.Memory.Status;
        // What an overloaded receiver makes of a carrier's sound says nothing about its modulation.
        return subject.Memory.ByModulation(overload && subject.Carrier.Modulated == false ? null : subject.Carrier.Modulated, seconds);
    }

    private void CompareWithLearnt(List<Subject> subjects, bool overload, DateTimeOffset at, double seconds)
    {
        var shift = Shift(subjects, overload);
        var day = DateOnly.FromDateTime((at + settings.LegalOffset).UtcDateTime);
        foreach (var subject in subjects)
        {
            var carrier = subject.Carrier;
            if (!carrier.OnAir) continue;
            var assigned = subject.Licence?.FrequencyHz ?? carrier.NominalHz;
            subject.OffsetHz = carrier.NominalHz + carrier.OffsetHz - assigned - shift.Ppm * 1e-6 * assigned;
            if (subject.Licence is not { } licence || subject.Signature is not { } signature) continue;
            // With a calibrated receiver its gain is part of the field strength; else only what other stations show tells a jump from the receiver's own.
            var common = overload ? null : shift.LevelDb ?? (subject.FieldDbuvm is null ? null : 0);
            subject.LevelJumpDb = signature.Level is { } level ? carrier.LevelDbfs - level.MedianDb - common : null;
            var isTest = licence.Class == LicenceClass.Test;
            var finding = isTest ? new SignatureFinding([], true, false, false)
                : subject.Memory.Comparison.Compare(carrier, licence, signature, new Circumstances(subject.OffsetHz, subject.LevelJumpDb, overload), seconds);
            subject.Finding = finding;
            if (overload || isTest || carrier.SnrDb < ClearSnrDb) continue;
            if (!finding.Masquerade) signature.LearnLevel(day, carrier.LevelDbfs, seconds);
            if (!finding.IsOther && carrier.Modulated == true) signature.Learn(carrier, subject.OffsetHz, seconds);
        }
    }

    private CommonShift Shift(List<Subject> subjects, bool overload)
    {
        var (ppm, levels) = (new List<double>(), new List<double>());
        foreach (var s in subjects)
        {
            if (s.Licence is not { } licence || !s.Carrier.OnAir || s.Carrier.SnrDb < SoundSnrDb) continue;
            ppm.Add((s.NominalHz + s.Carrier.OffsetHz - licence.FrequencyHz) / licence.FrequencyHz * 1e6);
            if (!overload && s.Carrier.SnrDb >= ClearSnrDb && s.Signature?.Level is { } level) levels.Add(s.Carrier.LevelDbfs - level.MedianDb);
        }
        return CommonShift.Of(ppm, levels, settings.FrequencyAccuracyPpm);
    }

    private void Exclude(List<Subject> subjects, bool overload, DateTimeOffset at, double seconds)
    {
        var onAir = subjects.Where(s => s.Carrier.OnAir).ToList();
        var suspects = onAir.Where(s => s.IsUnlicensed && s.IsInBand).ToList();
        if (suspects.Count == 0) return;
        var check = products ??= new IntermodulationCheck(history);
        check.Begin(onAir.Select(Emission));
        var strongest = onAir.Max(s => s.Carrier.LevelDbfs);
        var readings = onAir.ConvertAll(s => s.Carrier);
        foreach (var s in suspects)
        {
            var product = Ask(s, check.Check(Emission(s), s.Content.SameAsHz, overload, turn, at), seconds);
            // Once the evidence was there, a minute without it (steady sound, a fade) does not bring the accusation back; a fact against it does.
            if (product.Explains == true) s.Memory.Explained = product;
            else if (product.Explains == false) s.Memory.Explained = null;
            s.Exclusions.Add(Exclusions.Mirror(s.Carrier, readings, centreHz));
            s.Exclusions.Add(s.Memory.Explained ?? product);
            s.Exclusions.Add(Exclusions.OfOverload(s.Carrier, strongest, overload, s.Memory.SeenClear));
            if (s.Memory.Explained is not null) s.Status = CarrierStatus.Intermodulation;
            else if (s.IsPending || s.Exclusions.Exists(e => e is { Check: Exclusions.Overload, Explains: null })) s.Status = CarrierStatus.Unknown;
        }
    }

    // What could be a product is nobody's transmission until that is decided; the question has an end.
    private static ExclusionCheck Ask(Subject s, (ExclusionCheck Check, IReadOnlyList<long> ParentsHz) found, double seconds)
    {
        var (check, pending) = (found.Check, s.Memory.Product);
        if (pending.Ask(check.Explains, found.ParentsHz.Count > 0, seconds) && s.Memory.Explained is null) s.PendingParentsHz = found.ParentsHz;
        if (check.Explains is not null) return check;
        return check with { Arithmetic = s.IsPending ? ExclusionTexts.NotYet(check.Arithmetic, pending.Seconds, PendingProduct.MostSeconds(seconds)) : ExclusionTexts.NotShown(check.Arithmetic, pending.Seconds) };
    }

    private static Emission Emission(Subject s) =>
        new(s.NominalHz, s.NominalHz + s.Carrier.OffsetHz, s.Carrier.LevelDbfs, s.Carrier.SnrDb, s.Carrier.Rds?.Pi, s.Memory.Trail);

    private void LearnCentre(FmBandReading reading)
    {
        if (settings.CenterFrequencyHz is not null) return;
        var images = reading.Masked.Where(m => m.Reason == MaskReason.Image && double.IsFinite(m.FrequencyHz + m.CausedByHz)).Select(m => (m.FrequencyHz + m.CausedByHz) / 2).Order().ToList();
        if (images.Count > 0) centreHz = images[images.Count / 2];
    }

    private List<Identification> MaskedImages(FmBandReading reading, List<Subject> subjects)
    {
        var onAir = subjects.Where(s => s.Carrier.OnAir).ToDictionary(s => s.NominalHz, s => s.Carrier.LevelDbfs);
        var images = new SortedDictionary<long, Identification>();
        foreach (var peak in reading.Masked.Where(m => m.Reason == MaskReason.Image).OrderByDescending(m => m.LevelDbfs).ThenBy(m => m.FrequencyHz).Take(MaxCarriers))
        {
            var nominal = OnRaster(peak.FrequencyHz);
            if (onAir.ContainsKey(nominal)) continue;
            double? strong = onAir.TryGetValue(OnRaster(peak.CausedByHz), out var level) ? level : null;
            var check = Exclusions.Masked(peak, strong);
            images.TryAdd(nominal, new Identification
            {
                NominalHz = nominal, Status = CarrierStatus.Image, Exclusions = [check], Reasons = [SuspicionScore.ByImage.With(check.Arithmetic)],
            });
        }
        subjects.RemoveAll(s => images.ContainsKey(s.NominalHz) && Cleared(s));
        return [.. images.Values];

        // A carrier that has turned out to be an image is not there any more: its suspicion ends at once.
        bool Cleared(Subject s)
        {
            Tell(s.Memory.Track.End(last!.Value, 0, IdentityTexts.Cleared(CarrierStatus.Image)));
            return true;
        }
    }

    private long OnRaster(double hz) => double.IsFinite(hz) ? (long)(Math.Round(hz / settings.RasterHz) * settings.RasterHz) : 0;

    private void Stage(Subject subject, DateTimeOffset at, double seconds, List<Identification> images)
    {
        var (memory, score) = (subject.Memory, SuspicionScore.Of(subject.Reasons));
        memory.Status = subject.Status;
        if (!subject.Carrier.OnAir || images.Exists(i => i.NominalHz == subject.NominalHz)) return;
        var decision = decisions.At(subject.NominalHz, at);
        var suspect = decision?.Verdict == PersonVerdict.Dismissed ? false : SuspicionRule.IsSuspect(subject);
        var cleared = decision is { Verdict: PersonVerdict.Dismissed } d ? IdentityTexts.DismissedBy(d.Who, d.Reason) : IdentityTexts.Cleared(subject.Status);
        foreach (var change in memory.Track.Present(suspect, SuspicionRule.MayBegin(subject), seconds, at, score, cleared)) Tell(change);
        if (suspect != true || memory.Track.Stage is SuspicionStage.None or SuspicionStage.Confirmed) return;
        if (decision is { Verdict: PersonVerdict.Confirmed } confirmed) Tell(memory.Track.Confirm(at, score, IdentityTexts.ConfirmedBy(confirmed.Who)));
        else if (memory.Track.Stage == SuspicionStage.Held && SuspicionRule.IsLoop(subject.Content)) Tell(memory.Track.Confirm(at, score, IdentityTexts.ConfirmedByContent(subject.Content)));
    }

    private Identification Result(Subject s, DateTimeOffset at) => new()
    {
        NominalHz = s.NominalHz,
        Status = s.Status,
        Licence = s.Licence,
        Stage = s.Memory.Track.Stage,
        Score = SuspicionScore.Of(s.Reasons),
        Reasons = [.. s.Reasons.OrderByDescending(r => Math.Abs(r.Points)).ThenBy(r => r.Code, StringComparer.Ordinal)],
        Exclusions = s.Exclusions,
        PendingParentsHz = s.PendingParentsHz,
        OnAir = s.Carrier.OnAir,
        OffAirSeconds = s.Memory.OffAirSeconds,
        Masquerade = s.Finding?.Masquerade == true,
        SuspectedSince = s.Memory.Track.Since,
        PresentSeconds = s.Memory.Track.PresentSeconds,
        DismissedUntil = decisions.At(s.NominalHz, at) is { Verdict: PersonVerdict.Dismissed } d ? d.Until : null,
        FieldDbuvm = s.FieldDbuvm,
        OverspillExcessDb = s.OverspillExcessDb,
        OverspillExcessSeconds = s.Memory.ExcessSeconds,
        LevelJumpDb = s.LevelJumpDb,
        LevelJumpSeconds = s.Memory.Comparison.LevelSeconds,
        OffsetJumpHz = s.OffsetHz - (s.Signature?.OffsetHz?.Mean ?? 0),
        OffsetJumpSeconds = s.Memory.Comparison.OffsetSeconds,
    };

    private bool Tell(StageChange? change)
    {
        if (change is null) return false;
        OnStage?.Invoke(change);
        return true;
    }

    private CarrierMemory Memory(long frequencyHz)
    {
        if (memories.TryGetValue(frequencyHz, out var memory)) return memory;
        memory = new CarrierMemory(frequencyHz);
        if (history.Edges(frequencyHz) is { Count: > 0 } edges) memory.Restore(edges[^1].OnAir);
        return memories[frequencyHz] = memory;
    }

    private StationSignature? SignatureOf(long licensedHz) =>
        signatures.TryGetValue(licensedHz, out var known) ? known : signatures.Count >= MaxSignatures ? null : signatures[licensedHz] = new StationSignature();

    private void Evict()
    {
        if (memories.Count <= MaxMemories) return;
        foreach (var old in memories.Values.OrderBy(m => m.LastTurn).ThenBy(m => m.FrequencyHz).Take(memories.Count - MaxMemories).ToList()) memories.Remove(old.FrequencyHz);
    }

    private static DateTimeOffset Later(DateTimeOffset at, TimeSpan by) => DateTimeOffset.MaxValue - at > by ? at + by : DateTimeOffset.MaxValue;
}
