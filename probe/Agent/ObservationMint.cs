using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Probe;

/// <summary>Makes this probe's observations. Facts that are null are left out: what is not known is not there.</summary>
internal sealed class ObservationMint(ProbeId probe, string area, Language language)
{
    private static readonly WatchId Own = new("probe");

    public ProbeId Probe => probe;

    public string Area => area;

    /// <summary>A sentence as a fact, in the probe's language.</summary>
    public Fact? Words(Text? text) => Known.Words(text?.In(language));

    /// <summary>A measurement of a watch.</summary>
    public Observation Measured(WatchId watch, Subject subject, ObservationKind kind, DateTimeOffset at, Origin origin, params ReadOnlySpan<(string Name, Fact? Value)> facts)
    {
        var known = new Dictionary<string, Fact>(facts.Length);
        foreach (var (name, value) in facts)
            if (value is { } fact) known.Add(name, fact);
        return new Observation { Id = Guid.CreateVersion7(at), Probe = probe, Watch = watch, Subject = subject, Kind = kind.Name, At = at, Origin = origin, Facts = known };
    }

    /// <summary>The probe about itself. It is a real probe in a drill too.</summary>
    public Observation AboutProbe(ObservationKind kind, DateTimeOffset at, params ReadOnlySpan<(string Name, Fact? Value)> facts) =>
        Measured(Own, Subject.Probe(probe), kind, at, Origin.Live, facts);

    public Observation Gap(SpoolGap gap, DateTimeOffset at) => AboutProbe(Vocabulary.ProbeGap, at,
        ("from_sequence", Known.Number(gap.From)), ("to_sequence", Known.Number(gap.To)), ("count", Fact.Of(gap.Count)), ("reason", Fact.Of(gap.Reason.In(language))),
        ("class", Fact.Of(gap.Priority switch { ObservationPriority.Alarm => "alarm", ObservationPriority.Evidence => "evidence", _ => "telemetry" })), ("boot", Known.Words(gap.Boot?.ToString())));

    /// <summary>A dossier is not what its manifest says.</summary>
    public Observation Altered(OutgoingDossier dossier, Text what, DateTimeOffset at) =>
        Measured(dossier.Of.Source.Watch, dossier.FrequencyHz is { } hz ? Subject.Frequency(area, hz) : Subject.Watch(probe, dossier.Of.Source.Watch), Vocabulary.FmDossier, at, dossier.Origin,
            ("event", Fact.Of("altered")), ("folder", Known.Words(dossier.Of.Name)), ("sha256", Known.Words(dossier.ManifestSha256)), ("reason", Words(what)));

    public Observation WatchState(WatchId watch, bool running, string input, Text? reason, DateTimeOffset at) =>
        Measured(watch, Subject.Watch(probe, watch), Vocabulary.ProbeWatch, at, Origin.Live,
            ("running", Fact.Of(running)), ("reason", Known.Words(reason?.In(language))), ("input", Known.Words(input)));
}

/// <summary>Facts of values that may be missing.</summary>
internal static class Known
{
    private const int MostCharacters = 1000; // the collector refuses longer texts, and with them the whole observation

    public static Fact? Number(double? value) => value is { } number && double.IsFinite(number) ? Fact.Of(number) : null;

    public static Fact? Flag(bool? value) => value is { } flag ? Fact.Of(flag) : null;

    public static Fact? Words(string? value) => string.IsNullOrEmpty(value) ? null : Fact.Of(value.Length <= MostCharacters ? value : value[..MostCharacters]);
}
