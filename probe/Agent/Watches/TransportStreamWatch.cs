using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a transport stream: packets in, <c>ts.multiplex</c> and <c>ts.service</c> each second out. Its line-up is remembered, so that a restart does not learn a stranger as normal.</summary>
internal sealed class TransportStreamWatch(TransportStreamConfiguration configuration, Func<ITransportStreamSource> open, LineupFile remembered, ObservationMint mint, Action<Observation> observe) : IWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int BufferBytes = 256 * 1024;

    private (int Network, int Stream)? ids;
    private long droppedBefore;

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        await using var source = open();
        var known = remembered.Read();
        var analyzer = new TransportStreamAnalyzer(new TransportStreamSettings { Lineup = known, LearnFor = configuration.LearnFor });
        var buffer = new byte[BufferBytes];
        DateTimeOffset? reported = null;
        while (true)
        {
            var read = await source.ReadAsync(buffer, cancel).ConfigureAwait(false);
            if (reported is null) working();
            reported ??= read.At;
            if (read.Bytes > 0) analyzer.Push(buffer.AsSpan(0, read.Bytes), read.At);
            else analyzer.Tick(read.At);
            if (read.At - reported >= Interval)
            {
                reported = read.At;
                Report(source, analyzer.Report(read.At));
                if (analyzer.Lineup != known) remembered.Write(known = analyzer.Lineup);
            }
            if (read.Ended) return;
        }
    }

    private void Report(ITransportStreamSource source, MultiplexReport report)
    {
        // Its ids stay its own while it is silent: the alarm of a lost multiplex is about the multiplex, not about an input.
        if (report is { OriginalNetworkId: { } network, TransportStreamId: { } stream }) ids = (network, stream);
        // What this machine dropped is missing in the counters of the stream: in such a second nothing can be said of the broadcaster's own losses.
        var dropped = source.Dropped is { } total ? total - droppedBefore : 0;
        droppedBefore += dropped;
        var whole = dropped == 0;
        var subject = ids is { } known ? Subject.Multiplex(known.Network, known.Stream) : Subject.MultiplexInput(mint.Probe, Id);
        observe(mint.Measured(Id, subject, Vocabulary.TsMultiplex, report.At, source.Origin,
            ("sync", Fact.Of(report.InSync)),
            ("sync_lost_s", Known.Number(report.OutOfSyncSeconds)),
            ("transport_stream_id", Known.Number(report.TransportStreamId)),
            ("original_network_id", Known.Number(report.OriginalNetworkId)),
            ("bitrate_bps", Known.Number(report.BitrateBps)),
            ("packets", Fact.Of(report.Packets)),
            ("services", Fact.Of(report.Services.Count(s => s.Present))),
            ("cc_errors", whole ? Fact.Of(report.CcErrors) : null),
            ("transport_errors", Fact.Of(report.TransportErrors)),
            ("sync_byte_errors", Fact.Of(report.SyncByteErrors)),
            ("crc_errors", whole ? Fact.Of(report.CrcErrors) : null),
            ("datagrams_dropped", Fact.Of(dropped)),
            ("input", Known.Words(source.Name))));
        if (ids is not { } own) return; // a service has no name of its own before its network has
        foreach (var service in report.Services) observe(Service(source, report, service, own, subject, whole));
    }

    private Observation Service(ITransportStreamSource source, MultiplexReport report, ServiceReport service, (int Network, int Stream) own, Subject multiplex, bool whole) =>
        mint.Measured(Id, Subject.Service(own.Network, own.Stream, service.ServiceId), Vocabulary.TsService, report.At, source.Origin,
            ("service_id", Fact.Of(service.ServiceId)),
            ("name", Known.Words(service.Name)),
            ("provider", Known.Words(service.Provider)),
            ("service_type", Known.Number(service.ServiceType)),
            ("present", Fact.Of(service.Present)),
            ("in_lineup", Fact.Of(service.InLineup)),
            ("cc_errors", whole ? Fact.Of(service.CcErrors) : null),
            ("bitrate_bps", Known.Number(service.BitrateBps)),
            ("scrambled", Fact.Of(service.Scrambled)),
            ("components", Fact.Of(service.Components.Count)),
            ("multiplex", Known.Words(multiplex.Key)));
}
