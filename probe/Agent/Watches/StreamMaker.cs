using SignalWatch.Contracts;
using SignalWatch.Probe.Configuration;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>Makes watched streams of what is configured, whatever they arrive by.</summary>
/// <param name="data">The probe's data folder: line-ups and evidence are in it.</param>
/// <param name="mint">Makes observations.</param>
/// <param name="observe">Takes them.</param>
/// <param name="zone">In which clips' times are written.</param>
internal sealed class StreamMaker(string data, ObservationMint mint, Action<Observation> observe, TimeZoneInfo zone)
{
    /// <summary>The stream of a watch.</summary>
    /// <param name="configuration">The watch.</param>
    /// <param name="origin">Live, replayed or simulated.</param>
    /// <param name="input">The input as people know it.</param>
    /// <param name="dropped">What this machine dropped so far.</param>
    /// <param name="arrivalClock">The clock that its times come from, or null where they are no times of arrival.</param>
    /// <exception cref="ProblemException">Its template can't be read.</exception>
    public WatchedStream Make(TransportStreamConfiguration configuration, Origin origin, string input, Func<long?> dropped, Text? arrivalClock = null)
    {
        var template = configuration.Template is { } file ? MultiplexTemplateJson.ReadFile(file) : null;
        var clips = configuration.Record is { } record
            ? new ClipRecorder(record, new EvidenceFolder(record.Folder ?? Path.Combine(data, "evidence", configuration.Id.Value), record.MaxBytes), input, zone, dropped)
            : null;
        return new WatchedStream(
            new TransportStreamSettings { LearnFor = configuration.LearnFor, DefaultCharset = configuration.Charset, Profile = configuration.Profile, ArrivalClock = arrivalClock },
            Lineup(configuration.Id.Value, configuration.Source.ToString()),
            new MultiplexObservations(configuration.Id, origin, Subject.MultiplexInput(mint.Probe, configuration.Id), input, mint, observe),
            template, clips);
    }

    /// <summary>A stream that a tap found.</summary>
    /// <param name="configuration">The watch.</param>
    /// <param name="origin">Live or replayed.</param>
    /// <param name="label">Its address: no two streams of the tap have the same.</param>
    /// <param name="arrivalClock">The clock that its times come from.</param>
    public WatchedStream Make(TapConfiguration configuration, Origin origin, string label, Text arrivalClock) => new(
        new TransportStreamSettings { LearnFor = configuration.LearnFor, DefaultCharset = configuration.Charset, Profile = configuration.Profile, ArrivalClock = arrivalClock },
        Lineup($"{configuration.Id}-{string.Concat(label.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'))}", $"{configuration.Source} {label}"),
        new MultiplexObservations(configuration.Id, origin, new Subject(SubjectKind.Multiplex, $"{mint.Probe}/{configuration.Id}/{label}"), label, mint, observe),
        template: null, clips: null);

    private LineupFile Lineup(string name, string input) => new(Path.Combine(data, "lineups", $"{name}.json"), input);
}
