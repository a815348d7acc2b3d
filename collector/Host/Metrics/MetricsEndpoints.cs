using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Damage;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Nodes;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Influx;
using SignalWatch.Collector.Wall;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Metrics;

/// <summary>Whether the collector can do its work, and why not.</summary>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Reasons">Why it can't.</param>
/// <param name="Notices">What a person should look after although it can: a damaged file that was set aside, a disk that is nearly full.</param>
/// <param name="Node">What it is among several machines; null where there is one.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<Problem> Reasons, IReadOnlyList<Problem> Notices, NodeReport? Node = null);

/// <summary><c>/metrics</c> (Prometheus text, version 0.0.4) and <c>/healthz</c>.</summary>
internal static class MetricsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics", (CollectorMetrics metrics, AlarmBook alarms, WallFeed feed, SpectrumFeed spectrum, SeriesRecorder series, InfluxOutputs outputs, OutboxSenders senders, IServiceProvider services) =>
            TypedResults.Text(Exposition(metrics, alarms, feed, spectrum, series, outputs, senders) + OfNode(services), "text/plain; version=0.0.4; charset=utf-8")).ExcludeFromDescription();
        routes.MapGet("/healthz", Health).ExcludeFromDescription();
    }

    private static JsonHttpResult<HealthReport> Health(HttpContext http, JournalWriter writer, DamageBook damage, RetentionKeeper retention, CollectorOptions options, IServiceProvider services)
    {
        http.Response.Headers.CacheControl = "no-store";
        Problem?[] all = [writer.StorageProblem, services.GetService<Succession>()?.StoreProblem, services.GetService<BrokerLink>()?.Problem];
        Problem[] reasons = [.. all.OfType<Problem>()];
        IReadOnlyList<Problem> notices = [.. damage.Committed.Where(told => File.Exists(Path.Combine(options.DataFolder, told.Loss.SetAside))).OrderBy(told => told.Position).Select(DamageTexts.Notice), .. retention.Notice is { } full ? [full] : Array.Empty<Problem>()];
        return TypedResults.Json(new HealthReport(reasons.Length == 0 ? "ok" : "failing", reasons, notices, Node(services)), WireJson.Options, statusCode: reasons.Length == 0 ? 200 : 503);
    }

    /// <summary>How this node stands; null where it is alone.</summary>
    private static NodeReport? Node(IServiceProvider services)
    {
        if (services.GetService<NodeOptions>() is not { } node) return null;
        var leading = services.GetRequiredService<JournalWriter>().Leading;
        return new(node.Name, leading ? NodeRole.Writer : NodeRole.Follower, services.GetRequiredService<Succession>().Holder?.Name, services.GetRequiredService<IngestQueue>().IsOpen,
            leading ? 0 : services.GetRequiredService<Follower>().LagMs);
    }

    private static string OfNode(IServiceProvider services) => Node(services) is not { } node ? "" : string.Create(CultureInfo.InvariantCulture, $"""
        # HELP signalwatch_node_writer 1 where this node writes, 0 where it follows.
        # TYPE signalwatch_node_writer gauge
        signalwatch_node_writer {(node.Role == NodeRole.Writer ? 1 : 0)}
        # HELP signalwatch_node_broker_connected 1 while observations can be taken.
        # TYPE signalwatch_node_broker_connected gauge
        signalwatch_node_broker_connected {(node.BrokerConnected ? 1 : 0)}
        # HELP signalwatch_node_lag_seconds From the commit of the newest entry until it was shown here; 0 on the writer.
        # TYPE signalwatch_node_lag_seconds gauge
        signalwatch_node_lag_seconds {node.LagMs / 1000:R}
        # HELP signalwatch_node_poison_messages_total Messages that were no batches and were put aside.
        # TYPE signalwatch_node_poison_messages_total counter
        signalwatch_node_poison_messages_total {services.GetRequiredService<IngestConsumer>().Poison}

        """);

    private static string Exposition(CollectorMetrics metrics, AlarmBook alarms, WallFeed feed, SpectrumFeed spectrum, SeriesRecorder series, InfluxOutputs outputs, OutboxSenders senders)
    {
        var text = new StringBuilder(4096);
        void Family(string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP signalwatch_{name} {help}\n# TYPE signalwatch_{name} {type}\n");
        void Sample(string name, double value, string labels = "") => text.Append(CultureInfo.InvariantCulture, $"signalwatch_{name}{labels} {value:R}\n");
        void One(string name, string type, string help, double value)
        {
            Family(name, type, help);
            Sample(name, value);
        }

        One("ingest_rows_total", "counter", "Observations stored.", metrics.Stored);
        One("ingest_duplicates_total", "counter", "Observations refused because they were stored before.", metrics.Duplicates);
        One("ingest_rejected_total", "counter", "Lines kept as dead letters.", metrics.Rejected);
        One("ingest_refused_batches_total", "counter", "Batches answered 429 because the queue was full.", metrics.RefusedBatches);
        One("ingest_gaps_total", "counter", "Gaps found in the numbers of probes.", metrics.Gaps);
        One("ingest_missing_numbers_total", "counter", "Numbers within those gaps.", metrics.MissingNumbers);
        One("ingest_queue_rows", "gauge", "Rows that wait to be written.", metrics.QueueDepth());
        One("journal_position", "gauge", "Newest position of the journal.", metrics.Position);
        One("journal_groups_total", "counter", "Transactions committed.", metrics.Groups);
        One("journal_failed_groups_total", "counter", "Transactions that failed: nothing of them was acknowledged.", metrics.FailedGroups);
        One("verdicts_total", "counter", "Verdicts journaled.", metrics.Verdicts);
        One("engine_faults_total", "counter", "Exceptions of the rule engine.", metrics.EngineFaults);

        Family("ack_seconds", "histogram", "From the receipt of a batch to its acknowledgement after fsync.");
        foreach (var (count, i) in metrics.Cumulative().Select((c, i) => (c, i)))
            Sample("ack_seconds_bucket", count, $"{{le=\"{(i < CollectorMetrics.Bounds.Length ? CollectorMetrics.Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf")}\"}}");
        Sample("ack_seconds_sum", metrics.AcknowledgeSeconds);
        Sample("ack_seconds_count", metrics.Acknowledgements);

        Family("alarms", "gauge", "Live alarms by priority and state; drills and replays apart.");
        foreach (var group in alarms.Committed.Where(a => a.Live).GroupBy(a => (a.Priority, a.State, a.Origin)).OrderBy(g => g.Key))
            Sample("alarms", group.Count(), $"{{priority=\"{group.Key.Priority}\",state=\"{group.Key.State.ToString().ToLowerInvariant()}\",origin=\"{group.Key.Origin.ToString().ToLowerInvariant()}\"}}");

        One("alarms_raised_10_minutes", "gauge", "Alarms raised within ten minutes.", alarms.Flood.State.Count);
        One("alarms_flood", "gauge", "1 while there are more alarms than a person can take in.", alarms.Flood.State.Since is null ? 0 : 1);
        One("viewers", "gauge", "Walls connected.", feed.Viewers);
        One("spectrum_viewers", "gauge", "Walls that watch spectra.", spectrum.Viewers);
        One("wall_deltas_total", "counter", "Deltas sent.", metrics.DeltasSent);
        One("wall_snapshots_total", "counter", "Snapshots sent: at connection, on request, and where a viewer fell too far behind for deltas.", metrics.SnapshotsSent);
        One("wall_viewers_dropped_total", "counter", "Viewers cut off because they did not read.", metrics.ViewersDropped);
        One("spectrum_frames_total", "counter", "Spectrum frames received.", metrics.FramesReceived);
        One("spectrum_frames_dropped_total", "counter", "Frames that a viewer was too slow for.", metrics.FramesDropped);
        One("series", "gauge", "Series that there are; 0 where their folder can't be used.", series.Store?.Names.Count ?? 0);
        One("series_points_total", "counter", "Values taken into series.", series.Intake.Points);
        One("series_waiting_points", "gauge", "Values of series that are not in files yet; a kill leaves them to the journal.", series.Store?.Waiting ?? 0);
        One("series_position", "gauge", "Position of the journal that the series have reached.", series.Reached);
        One("series_wrong_time_total", "counter", "Observations left out of series because their time is in the future or older than is kept.", series.Intake.WrongTime);
        One("series_refused_points_total", "counter", "Values left out because there are too many different series.", series.Intake.TooMany);
        One("series_overflows_total", "counter", "Groups that were read from the journal again because too many observations waited.", series.Overflows);
        One("series_failed_flushes_total", "counter", "Attempts to write series that failed.", series.FailedFlushes);
        One("series_damaged_files_total", "counter", "Files of series that were found damaged and put aside.", series.Store?.Damaged ?? 0);
        var targets = outputs.Status;
        void Targets(string name, string type, string help, Func<InfluxStatus, double> value)
        {
            if (targets.Count > 0) Family(name, type, help);
            foreach (var target in targets) Sample(name, value(target), $"{{target=\"{target.Target.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}");
        }
        Targets("series_output_waiting_entries", "gauge", "Entries of the journal that a target of series has not taken yet.", t => t.Waiting);
        Targets("series_output_lines_total", "counter", "Lines that a target took.", t => t.Lines);
        Targets("series_output_rejected_batches_total", "counter", "Batches of which a target refused lines for good.", t => t.Rejected);
        Targets("series_output_skipped_entries_total", "counter", "Entries that were too old when a target came back.", t => t.SkippedEntries);
        Targets("series_output_failures", "gauge", "Attempts that failed in a row; 0 while all is well.", t => t.Failures);
        var told = senders.Status;
        void Told(string name, string type, string help, Func<OutboxStatus, double> value)
        {
            if (told.Count > 0) Family(name, type, help);
            foreach (var target in told) Sample(name, value(target), $"{{target=\"{target.Name}\"}}");
        }
        Told("outbox_waiting_messages", "gauge", "Messages about alarms that a target has not taken yet.", t => t.Waiting);
        Told("outbox_sent_total", "counter", "Messages that a target took.", t => t.Sent);
        Told("outbox_given_up_total", "counter", "Messages that were given up.", t => t.GivenUp);
        Told("outbox_failures", "gauge", "Attempts that failed in a row; 0 while all is well.", t => t.Failures);
        One("process_cpu_seconds_total", "counter", "Processor time of the collector.", Environment.CpuUsage.TotalTime.TotalSeconds);
        One("process_resident_memory_bytes", "gauge", "Memory of the collector.", Environment.WorkingSet);
        return text.ToString();
    }
}
