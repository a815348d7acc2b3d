using System.Reflection;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Position;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;
using SignalWatch.Probe.Watches;

namespace SignalWatch.Probe;

/// <summary>A probe at work: watches → spool → collector, and a heartbeat.</summary>
internal sealed class ProbeRun : IDisposable
{
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(5);

    private readonly ProbeConfiguration configuration;
    private readonly TimeProvider time;
    private readonly ObservationMint mint;
    private readonly SpoolFolder spool;
    private readonly ObservationUplink uplink;
    private readonly EvidenceUplink evidence;
    private readonly DataRoom room;
    private readonly SpectrumUplink spectrum;
    private readonly RegisterFeed register;
    private readonly GpsdClient? gps;
    private readonly HttpClient http;
    private readonly WatchSupervisor[] watches;
    private readonly DateTimeOffset started;

    /// <exception cref="ProblemException">The data folder can't be used.</exception>
    public ProbeRun(ProbeConfiguration configuration, Uri collector, string data, Language language, HttpMessageHandler handler, TimeProvider time, Action<Text> say)
    {
        (this.configuration, this.time, started) = (configuration, time, time.GetUtcNow());
        mint = new ObservationMint(configuration.Id, configuration.Area, language);
        spool = new SpoolFolder(Path.Combine(data, "spool"), configuration.Spool, time, gap => mint.Gap(gap, time.GetUtcNow()), say);
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var clock = new ClockOffset();
        var outbox = new DossierOutbox(Path.Combine(data, "spool", "evidence"), [.. configuration.Watches.OfType<FmBandConfiguration>().Select(w => new DossierSource(w.Id, Path.Combine(data, $"fm-{w.Id}", "evidence")))],
            new EvidenceStation(configuration.Id, configuration.Area, configuration.Antenna, configuration.Review));
        evidence = new EvidenceUplink(http, collector, outbox, configuration.Delivery, time, clock, Random.Shared, (dossier, what) => spool.Append(mint.Altered(dossier, what, time.GetUtcNow())), say);
        room = new DataRoom(spool, outbox, () => evidence.InUse, configuration.Spool, () => new DriveInfo(data).AvailableFreeSpace, gap => spool.Append(mint.Gap(gap, time.GetUtcNow())), say);
        uplink = new ObservationUplink(http, collector, spool, configuration.Delivery, time, Random.Shared, say, clock, evidence);
        spectrum = new SpectrumUplink(http, collector, time);
        register = new RegisterFeed(http, collector, data, time, say);
        gps = configuration.Gpsd is { } server ? GpsdClient.Start(new GpsdOptions { Host = server.Host, Port = server.Port }, time) : null;
        var factory = new WatchFactory(data, mint, spool.Append, spectrum.Offer, http, time, say, configuration.Scenario, new FmSite(data, mint, configuration.Position, () => register.Fm, time, say, gps is null ? null : () => gps.Status));
        watches = [.. configuration.Watches.Select(w => new WatchSupervisor(factory.Create(w), mint, spool.Append, time, say))];
    }

    /// <summary>Runs until it is cancelled; on return all that was observed is on disk.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var flushing = new CancellationTokenSource();
        var flush = spool.RunAsync(flushing.Token);
        await Task.WhenAll([.. watches.Select(w => w.RunAsync(cancel)), uplink.RunAsync(cancel), spectrum.RunAsync(cancel), register.RunAsync(cancel), BeatAsync(cancel)]).ConfigureAwait(false);
        if (gps is not null) await gps.DisposeAsync().ConfigureAwait(false);
        await flushing.CancelAsync().ConfigureAwait(false); // last: what the watches said while they ended is kept too
        await flush.ConfigureAwait(false);
    }

    public void Dispose()
    {
        spool.Dispose();
        http.Dispose();
    }

    private async Task BeatAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(HeartbeatEvery, time);
        try
        {
            do
            {
                room.Keep();
                spool.Append(Heartbeat());
                foreach (var watch in watches) watch.Tell();
            }
            while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException) { /* the probe stops */ }
    }

    private Observation Heartbeat()
    {
        var (now, figures) = (time.GetUtcNow(), spool.Figures);
        return mint.AboutProbe(Vocabulary.ProbeHeartbeat, now,
            ("uptime_s", Fact.Of(Math.Round((now - started).TotalSeconds, 1))),
            ("spool_entries", Fact.Of(figures.Entries)),
            ("spool_bytes", Fact.Of(figures.Bytes)),
            ("spool_history", Fact.Of(spool.HistoryEntries)),
            ("evidence_waiting", Fact.Of(evidence.Waiting)),
            ("dropped", Fact.Of(figures.Dropped)),
            ("watches", Fact.Of(watches.Length)),
            ("watches_failed", Fact.Of(watches.Count(w => w.Failed))),
            ("version", Known.Words(typeof(ProbeRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)),
            ("name", Fact.Of(configuration.Name)),
            ("area", Fact.Of(configuration.Area)));
    }
}
