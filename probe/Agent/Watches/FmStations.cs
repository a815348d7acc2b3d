using System.Globalization;
using System.Text.Json;
using SignalWatch.Content.Sound;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using SignalWatch.Probe.Analysis;
using SignalWatch.Probe.Evidence;
using SignalWatch.Rules;

namespace SignalWatch.Probe.Watches;

/// <summary>What an FM watch knows beyond one second: who the stations are, what their sound repeats, when they were on the air, and what is kept as evidence.
/// Times come with the samples; one thread at a time. What was learnt is on disk every minute, and read again at the start.</summary>
internal sealed class FmStations : IAsyncDisposable
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    private readonly Func<FmRegister> register;
    private readonly Func<EvidencePosition?> where;
    private readonly EvidenceReceiver receiver;
    private readonly StationIdentifier identifier;
    private readonly SoundMemory sound = new();
    private readonly FmEvidenceRecorder evidence;
    private readonly OnOffFile edgesFile;
    private readonly string snapshotFile;
    private readonly Action<Text> say;
    private readonly List<OnOffEdge> edges = [];
    private readonly List<StageChange> changes = [];
    private readonly Dictionary<long, Identification> latest = [];
    private DateTimeOffset now, saved;
    private Task writing = Task.CompletedTask;

    /// <param name="folder">Where what was learnt and the evidence are kept.</param>
    /// <param name="receiver">What the dossiers say of the receiver.</param>
    /// <param name="settings">What the identification has to know.</param>
    /// <param name="evidenceSettings">How much is kept.</param>
    /// <param name="register">The register in force.</param>
    /// <param name="where">Where the antenna is, each time that a dossier is begun: it may move.</param>
    /// <param name="at">When it begins.</param>
    /// <param name="say">For the log.</param>
    public FmStations(string folder, EvidenceReceiver receiver, IdentitySettings settings, EvidenceSettings evidenceSettings, Func<FmRegister> register, Func<EvidencePosition?> where, DateTimeOffset at, Action<Text> say)
    {
        (this.register, this.where, this.receiver, this.say, now, saved) = (register, where, receiver, say, at, at);
        Directory.CreateDirectory(folder);
        snapshotFile = Path.Combine(folder, "stations.json");
        identifier = new StationIdentifier(settings) { OnStage = changes.Add, OnEdge = edges.Add };
        edgesFile = OnOffFile.Open(Path.Combine(folder, "on-off.txt"), at);
        Restore();
        evidence = new FmEvidenceRecorder(Path.Combine(folder, "evidence"), evidenceSettings);
    }

    /// <summary>Stages that changed with the last <see cref="Judge"/>.</summary>
    public IReadOnlyList<StageChange> Changes => changes;

    /// <summary>Digest of the register that the last <see cref="Judge"/> went by; empty where there was none.</summary>
    public string RegisterDigest { get; private set; } = "";

    /// <summary>Carriers that were heard here within 30 days, went off the air, and are not in a reading any more.</summary>
    public IEnumerable<long> Missing(FmBandReading reading, double lowestHz, double highestHz)
    {
        var there = reading.Carriers.Select(c => c.NominalHz).ToHashSet();
        return identifier.History.Frequencies.Where(hz => hz >= lowestHz && hz <= highestHz && !there.Contains(hz) && identifier.History.Edges(hz) is [.., { OnAir: false }]);
    }

    /// <summary>What to hang on a carrier's decoder.</summary>
    public StationTap Tap(long carrierHz)
    {
        var recorder = evidence.Tap(carrierHz);
        return new StationTap
        {
            OnGroup = recorder.OnGroup,
            OnIq = recorder.OnIq,
            OnSound = (left, right) =>
            {
                recorder.OnSound!(left, right);
                sound.Add(carrierHz, left, right, now);
            },
        };
    }

    /// <summary>Samples up to this time are processed next.</summary>
    public void Advance(DateTimeOffset blockEnd, double secondsLost)
    {
        now = blockEnd;
        evidence.Advance(blockEnd, secondsLost);
        if (secondsLost > 0) foreach (var hz in latest.Keys) sound.Gap(hz);
    }

    /// <summary>A line of the waterfall.</summary>
    public void Spectrum(in PowerSpectrum line) => evidence.Spectrum(line, now);

    /// <summary>Says who the carriers are, and begins and ends dossiers.</summary>
    /// <param name="reading">What was measured.</param>
    /// <param name="seconds">Time of signal that it covers.</param>
    /// <param name="field">Field strength of a level at a frequency; null where the receiver is not calibrated.</param>
    public IReadOnlyDictionary<long, Identification> Judge(FmBandReading reading, double seconds, Func<double, double, double?> field)
    {
        changes.Clear();
        edges.Clear();
        var inForce = register();
        RegisterDigest = inForce.Digest;
        var who = identifier.Update(reading, now, seconds, (hz, pi) => Answer(inForce, hz, pi), Content, field);
        latest.Clear();
        foreach (var one in who) latest[one.NominalHz] = one;
        if (edges.Count > 0) Write(edgesFile.Append, edges.ToArray());
        foreach (var change in changes) Record(change);
        if (now - saved >= SaveEvery) Save();
        return latest;
    }

    /// <summary>What the sound of a carrier shows.</summary>
    public SoundFindings Sound(long carrierHz) => sound.Findings(carrierHz);

    /// <summary>What became of dossiers since the last call.</summary>
    public IReadOnlyList<EvidenceNews> TakeNews() => evidence.Take();

    /// <summary>Keeps what was learnt, and finishes what is being written.</summary>
    public async ValueTask DisposeAsync()
    {
        Save();
        await writing.ConfigureAwait(false);
        await evidence.DisposeAsync().ConfigureAwait(false);
    }

    private RegisterAnswer Answer(FmRegister inForce, long hz, ushort? pi)
    {
        var entry = inForce.Look(receiver.Area, hz, now, pi?.ToString("X4", CultureInfo.InvariantCulture));
        return new RegisterAnswer(entry.Known, entry.Licence);
    }

    private ContentFindings Content(long hz)
    {
        var findings = sound.Findings(hz);
        return findings.Loops == 0 && findings.SameAsHz.Count == 0 ? ContentFindings.None : new ContentFindings(findings.Loops, findings.LoopSeconds, findings.SameAsHz);
    }

    private void Record(StageChange change)
    {
        if (change.To == SuspicionStage.None) evidence.End(change.FrequencyHz, change.At);
        else if (change.From == SuspicionStage.None)
            evidence.Begin(new EvidenceOccasion
            {
                FrequencyHz = change.FrequencyHz, At = change.At, Reason = change.Why, RegisterDigest = RegisterDigest, Receiver = receiver with { Position = where() }, Identification = latest.GetValueOrDefault(change.FrequencyHz),
            });
    }

    private void Restore()
    {
        try
        {
            if (File.Exists(snapshotFile) && JsonSerializer.Deserialize<IdentifierSnapshot>(File.ReadAllBytes(snapshotFile), WireJson.Options) is { } kept) identifier.Restore(kept);
        }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            say(Texts.StationsLost(snapshotFile, damaged.Message));
        }
        // Written as it happened: it knows what came after the last snapshot, or all where that is gone.
        foreach (var edge in edgesFile.Edges) identifier.History.Add(edge);
    }

    private void Save()
    {
        saved = now;
        Write(Keep, JsonSerializer.Serialize(identifier.Snapshot(), WireJson.Options));
    }

    private void Keep(string snapshot)
    {
        try { WholeFile.Write(snapshotFile, overwrite: true, snapshot); }
        catch (ProblemException failed) { say(failed.Problem.OneLine()); }
    }

    // One after the other, and not on the samples' thread: a disk that takes seconds would cost samples.
    private void Write<T>(Action<T> write, T what) => writing = writing.ContinueWith(_ => write(what), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
