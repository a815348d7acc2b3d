using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>Reports of a transport stream → observations of it and of its services. What is missing through no fault of the broadcaster is not held against him.</summary>
/// <param name="watch">Which watch says so.</param>
/// <param name="origin">Live, replayed or simulated.</param>
/// <param name="unnamed">What the stream is called before its ids are known.</param>
/// <param name="input">Where it comes from, for people.</param>
/// <param name="mint">Makes observations.</param>
/// <param name="observe">Takes them.</param>
internal sealed class MultiplexObservations(WatchId watch, Origin origin, Subject unnamed, string input, ObservationMint mint, Action<Observation> observe)
{
    private readonly ClockSpan clocks = new();
    private (int Network, int Stream)? ids;

    /// <summary>Its ids stay its own while it is silent: the alarm of a lost multiplex is about the multiplex, not about an input.</summary>
    public Subject Subject => ids is { } known ? Subject.Multiplex(known.Network, known.Stream) : unnamed;

    /// <summary>What a second was like.</summary>
    /// <param name="report">The report.</param>
    /// <param name="delivery">How the stream got here.</param>
    /// <param name="losses">Which continuity errors that explains.</param>
    /// <param name="isSound">What the checks found can be held against the broadcaster.</param>
    public void Tell(MultiplexReport report, in Delivery delivery, LossAccount losses, bool isSound)
    {
        if (report is { OriginalNetworkId: { } network, TransportStreamId: { } stream }) ids = (network, stream);
        var whole = !delivery.IsTorn;
        observe(Multiplex(report, delivery, losses, whole, isSound));
        clocks.Take(report);
        foreach (var clock in clocks.Due(report.At)) observe(Clock(clock, report.At));
        if (ids is not { } own) return; // a service has no name of its own before its network has
        foreach (var service in report.Services)
            observe(mint.Measured(watch, Subject.Service(own.Network, own.Stream, service.ServiceId), Vocabulary.TsService, report.At, origin, ServiceFacts.Of(service, Subject, losses.Of(service), whole, isSound)));
    }

    /// <summary>Differences from its template, and marks of retransmission.</summary>
    public void Tell(IReadOnlyList<StandingDrift> drifts, DateTimeOffset at)
    {
        foreach (var drift in drifts)
        {
            observe(mint.Measured(watch, Subject, Vocabulary.TsDrift, at, origin,
                ("drift", Fact.Of(drift.Id)),
                ("standing", Fact.Of(drift.Stands)),
                ("weight", Fact.Of(drift.Weight)),
                ("expected", Known.Words(drift.Expected)),
                ("found", Known.Words(drift.Found)),
                ("sentence", mint.Words(drift.Sentence))));
        }
    }

    /// <summary>Clips that were written, that had to go, and that failed.</summary>
    public void Tell(IReadOnlyList<ClipNews> clips, DateTimeOffset at)
    {
        foreach (var clip in clips)
        {
            observe(mint.Measured(watch, Subject, Vocabulary.TsClip, at, origin,
                ("kept", Fact.Of(clip.Kept)),
                ("file", Known.Words(clip.File)),
                ("sha256", Known.Words(clip.Sha256)),
                ("checks", Known.Words(clip.Checks)),
                ("duration_s", Known.Number(clip.Seconds)),
                ("deleted", Fact.Of(clip.DeletedSoFar)),
                ("reason", mint.Words(clip.Reason))));
        }
    }

    private Observation Multiplex(MultiplexReport report, in Delivery delivery, LossAccount losses, bool whole, bool isSound)
    {
        List<(string, Fact?)> facts =
        [
            ("sync", Fact.Of(report.InSync)),
            ("sync_lost_s", Known.Number(report.OutOfSyncSeconds)),
            ("transport_stream_id", Known.Number(report.TransportStreamId)),
            ("original_network_id", Known.Number(report.OriginalNetworkId)),
            ("network_name", Known.Words(report.NetworkName)),
            ("bitrate_bps", Known.Number(report.BitrateBps)),
            ("packets", Fact.Of(report.Packets)),
            ("packet_bytes", report.Packets > 0 ? Fact.Of(report.PacketBytes) : null),
            ("services", Fact.Of(report.Services.Count(s => s.Present))),
            ("cc_errors", whole ? Fact.Of(Math.Max(0, report.CcErrors - losses.Explained)) : null),
            ("cc_errors_network", Fact.Of(losses.Explained)),
            ("transport_errors", Fact.Of(report.TransportErrors)),
            ("sync_byte_errors", Fact.Of(report.SyncByteErrors)),
            ("crc_errors", whole ? Fact.Of(report.CrcErrors) : null),
            ("datagrams_dropped", Fact.Of(delivery.Dropped)),
            ("rtp_lost", Known.Number(delivery.Rtp?.Lost)),
            ("rtp_recovered", Known.Number(delivery.Rtp?.Recovered)),
            ("rtp_reordered", Known.Number(delivery.Rtp?.Reordered)),
            ("rtp_duplicates", Known.Number(delivery.Rtp?.Duplicates)),
            ("mdi_df_ms", Known.Number(delivery.Mdi?.DelayFactorMs)),
            ("mdi_mlr", Known.Number(delivery.Mdi?.MediaLossRate)),
            ("input", Known.Words(input)),
        ];
        if (isSound) facts.AddRange(CheckFacts.Of(report, losses.Explained));
        return mint.Measured(watch, Subject, Vocabulary.TsMultiplex, report.At, origin, [.. facts]);
    }

    private Observation Clock(ClockSpan.Figures clock, DateTimeOffset at) => mint.Measured(watch, Subject, Vocabulary.TsClock, at, origin,
        ("pid", Fact.Of(clock.Last.Pid)),
        ("accuracy_max_ns", Known.Number(clock.AccuracyMaxNs)),
        ("accuracy_p99_ns", Known.Number(clock.AccuracyP99Ns)),
        ("offset_ppm", Known.Number(clock.Last.OffsetPpm.Value)),
        ("overall_jitter_ns", Known.Number(clock.OverallJitterNs)),
        ("drift_mhz_s", Known.Number(clock.Last.DriftMilliHertzPerSecond.Value)),
        ("method", mint.Words(clock.Method)));
}
