using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Ott;
using SignalWatch.Simulation.Fm;
using SignalWatch.Simulation.Ott;
using SignalWatch.Simulation.TransportStream;

namespace SignalWatch.Simulation;

/// <summary>A simulated city for drills, tests and demonstrations: an FM band, multiplexes and OTT channels behind the same interfaces as receivers.
/// What happens in it is scripted over a virtual day; all that comes out of it has <see cref="Origin.Simulated"/> and the present time.</summary>
public sealed class City
{
    private readonly Scenario scenario;
    private readonly TimeProvider time;
    private readonly DateTimeOffset start;

    private City(Scenario scenario, TimeProvider time) => (this.scenario, this.time, start) = (scenario, time, time.GetUtcNow());

    /// <summary>The scenario that is played unless another one is asked for: at its beginning it is 18:29, and a pirate comes on air at 18:30.</summary>
    public const string Usual = "city";

    /// <summary>The scenarios that the product brings.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = [.. typeof(City).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".json", StringComparison.Ordinal)).Select(n => n[..^5]).Order(StringComparer.Ordinal)];

    /// <summary>A city that the product brings.</summary>
    /// <param name="time">The clock that the city runs by.</param>
    /// <param name="scenario">One of <see cref="Scenarios"/>.</param>
    /// <exception cref="ProblemException"><c>scenario.unknown-source</c>: there is no such scenario.</exception>
    public static City BuiltIn(TimeProvider time, string scenario = Usual)
    {
        using var stream = typeof(City).Assembly.GetManifestResourceStream(scenario + ".json") ?? throw new ProblemException(Texts.NoSuch("scenario", scenario, Scenarios));
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return Read(json, scenario + ".json", time);
    }

    /// <summary>Reads a scenario.</summary>
    /// <param name="json">The scenario, UTF-8.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="time">The clock that the city runs by.</param>
    /// <exception cref="ProblemException"><c>scenario.invalid</c>, with line and column.</exception>
    public static City Read(ReadOnlySpan<byte> json, string name, TimeProvider time) => new(ScenarioFile.Read(json, name), time);

    /// <summary>What the scenario is called.</summary>
    public Text Title => scenario.Title;

    /// <summary>The city's time now.</summary>
    public DateTimeOffset VirtualNow => VirtualTime(time.GetUtcNow());

    /// <summary>The city's time at a real time.</summary>
    public DateTimeOffset VirtualTime(DateTimeOffset real) => scenario.Clock + (real - start) * scenario.Speed;

    /// <summary>What is really so in the city at a virtual time: what a probe should find, and a test compares with.</summary>
    public CityTruth TruthAt(DateTimeOffset virtualTime)
    {
        var at = virtualTime.ToOffset(scenario.Clock.Offset);
        return new CityTruth(at,
            [.. scenario.Fm.Emitters.Select(e => new EmitterTruth(e.Name, e.FrequencyHz, e.FrequencyHz + e.OffsetHz, e.LevelDbfs, e.On.IsOn(at), e.Programme is not null,
                e.Programme?.PilotHz > 0, e.Rds?.Pi.ToUpperInvariant(), e.Rds?.Ps.PadRight(8)))],
            [.. scenario.Multiplexes.SelectMany(m => m.Services.Select(s => new ServiceTruth(m.Id, m.OriginalNetworkId, m.TransportStreamId, s.ServiceId, s.Name, s.On.IsOn(at), s.Losing?.IsWithin(at) == true)))],
            [.. scenario.Channels.Select(c => new ChannelTruth(c.Id, c.Name, c.Stale.IsWithin(at)))]);
    }

    /// <summary>A receiver for the FM band, 2.4 MS/s.</summary>
    public IIqSource OpenFmBand() => new FmBandSource(this, scenario.Fm, time);

    /// <summary>A multiplex.</summary>
    /// <param name="id">Its id in the scenario.</param>
    /// <exception cref="ProblemException"><c>scenario.unknown-source</c>.</exception>
    public ITransportStreamSource OpenMultiplex(string id) => new MultiplexSource(this, scenario.Multiplexes.FirstOrDefault(m => m.Id == id)
        ?? throw new ProblemException(Texts.NoSuch("multiplex", id, scenario.Multiplexes.Select(m => m.Id))), time);

    /// <summary>A streaming channel: what its server would answer.</summary>
    /// <param name="id">Its id in the scenario.</param>
    /// <exception cref="ProblemException"><c>scenario.unknown-source</c>.</exception>
    public IPlaylistSource OpenChannel(string id) => new ChannelSource(this, scenario.Clock, scenario.Channels.FirstOrDefault(c => c.Id == id)
        ?? throw new ProblemException(Texts.NoSuch("channel", id, scenario.Channels.Select(c => c.Id))), time);
}

/// <summary>What is so in the city at one virtual time.</summary>
/// <param name="At">The virtual time.</param>
/// <param name="Emitters">All transmitters of the band, on air or not.</param>
/// <param name="Services">All services of all multiplexes, present or not.</param>
/// <param name="Channels">All OTT channels.</param>
public sealed record CityTruth(DateTimeOffset At, IReadOnlyList<EmitterTruth> Emitters, IReadOnlyList<ServiceTruth> Services, IReadOnlyList<ChannelTruth> Channels);

/// <summary>One transmitter.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="FrequencyHz">Nominal frequency, Hz.</param>
/// <param name="CarrierHz">Where its carrier really is, Hz.</param>
/// <param name="LevelDbfs">Level in the receiver, dBFS.</param>
/// <param name="OnAir">It transmits.</param>
/// <param name="Modulated">It has a programme.</param>
/// <param name="Stereo">It has a pilot.</param>
/// <param name="Pi">RDS programme identification, four hexadecimal digits; null without RDS.</param>
/// <param name="Ps">RDS programme service name, eight characters; null without RDS.</param>
public sealed record EmitterTruth(Text Name, long FrequencyHz, double CarrierHz, double LevelDbfs, bool OnAir, bool Modulated, bool Stereo, string? Pi, string? Ps);

/// <summary>One service.</summary>
/// <param name="Multiplex">The id of its multiplex in the scenario.</param>
/// <param name="OriginalNetworkId">Of its multiplex.</param>
/// <param name="TransportStreamId">Of its multiplex.</param>
/// <param name="ServiceId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Present">It is in the tables and has packets.</param>
/// <param name="Losing">Packets of it are being lost.</param>
public sealed record ServiceTruth(string Multiplex, int OriginalNetworkId, int TransportStreamId, int ServiceId, string Name, bool Present, bool Losing);

/// <summary>One OTT channel.</summary>
/// <param name="Id">Its id in the scenario.</param>
/// <param name="Name">Its name.</param>
/// <param name="Stale">Its playlist stands still.</param>
public sealed record ChannelTruth(string Id, Text Name, bool Stale);
