using SignalWatch.Contracts;
using SignalWatch.Hardware.Ott;
using SignalWatch.Ott;
using SignalWatch.Probe.Configuration;

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
        do
        {
            var fetch = await FetchMediaAsync(cancel).ConfigureAwait(false);
            observe(Describe(monitor.Poll(fetch.At, fetch.Playlist, fetch.Failure)));
        }
        while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
    }

    // Of a master playlist the first variant, with which most players begin.
    private async Task<PlaylistFetch> FetchMediaAsync(CancellationToken cancel)
    {
        var fetch = await source.FetchAsync(null, cancel).ConfigureAwait(false);
        if (fetch.Playlist is null || HlsPlaylist.Parse(fetch.Playlist) is not { IsMaster: true } master) return fetch;
        return master.Variants is [var first, ..] ? await source.FetchAsync(first.Uri, cancel).ConfigureAwait(false) : fetch with { Playlist = null, Failure = Texts.NoVariant };
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
