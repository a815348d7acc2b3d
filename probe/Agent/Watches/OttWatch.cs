using SignalWatch.Contracts;
using SignalWatch.Ott;
using SignalWatch.Probe.Configuration;
using SignalWatch.Simulation;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a streaming channel by its media playlist: <c>ott.channel</c> at each poll. A server that does not answer is an observation, not a fault of the watch.</summary>
internal sealed class OttWatch(OttConfiguration configuration, IPlaylistSource source, ObservationMint mint, Origin origin, TimeProvider time, Action<Observation> observe) : IWatch
{
    private readonly Subject subject = new(SubjectKind.Ott, configuration.Channel);

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        var monitor = new HlsMonitor();
        using var timer = new PeriodicTimer(configuration.PollEvery, time);
        working();
        do observe(Describe(monitor.Poll(await source.FetchAsync(cancel).ConfigureAwait(false))));
        while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
    }

    private Observation Describe(HlsChannelState state) => mint.Measured(Id, subject, Vocabulary.OttChannel, state.At, origin,
        ("name", Known.Words(configuration.Name)),
        ("available", Fact.Of(state.Available)),
        ("live", Known.Flag(state.Live)),
        ("stale_s", Known.Number(state.StaleSeconds)),
        ("media_sequence", Known.Number(state.MediaSequence)),
        ("target_duration_s", Known.Number(state.TargetDurationSeconds)),
        ("fault", Known.Words(state.FaultCode)));
}

/// <summary>A channel of the simulated city.</summary>
internal sealed class CityPlaylistSource(City city, string channel, TimeProvider time) : IPlaylistSource
{
    public Task<PlaylistFetch> FetchAsync(CancellationToken cancel) => Task.FromResult(new PlaylistFetch(time.GetUtcNow(), city.ReadPlaylist(channel), null));
}
