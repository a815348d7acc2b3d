using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Packages;
using SignalWatch.Collector.Http;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Nodes;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Probes;
using SignalWatch.Collector.Registers;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Influx;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Wall;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector;

/// <summary>Puts a collector together: one process, one store, one writer, and what reads beside it.</summary>
internal static class CollectorHost
{
    /// <summary>Builds a collector that is ready to start.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="pack">The rules in force.</param>
    /// <param name="time">The clock.</param>
    /// <param name="customise">For tests: another server.</param>
    /// <exception cref="ProblemException">The data folder can't be used.</exception>
    public static WebApplication Build(CollectorOptions options, RulePack pack, TimeProvider time, Action<WebApplicationBuilder>? customise = null)
    {
        // Nothing is read from the environment or appsettings: what runs is what the command line says.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a start that fails is told once, as a problem
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffzzz "));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ObservationBatch.MaxBytes;
            if (options.Listen is { } listen) kestrel.Listen(listen);
        });
        AddServices(builder.Services, options, pack, time);
        customise?.Invoke(builder);
        var app = builder.Build();
        app.Services.GetRequiredService<AlarmBook>().AreaOf = app.Services.GetRequiredService<ProbeTable>().AreaOf;
        UseAll(app, options);
        return app;
    }

    private static void AddServices(IServiceCollection services, CollectorOptions options, RulePack pack, TimeProvider time)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        services.AddSingleton(options).AddSingleton(pack).AddSingleton(time).AddSingleton<CollectorIdentity>().AddSingleton<CollectorMetrics>();
        // Opened here, before anything starts: a folder that can't be used ends the program with its reason.
        var store = Stores.Open(options, time.GetUtcNow());
        services.AddSingleton<IStore>(_ => store); // by a factory, so that the container closes it
        foreach (var slice in Slices.Fresh())
        {
            if (slice is OutboxBook outbox) outbox.Configure(options.Outputs);
            services.AddSingleton(slice.GetType(), slice).AddSingleton(slice);
        }
        services.AddSingleton<IReadOnlyList<ISlice>>(s => [.. s.GetServices<ISlice>()]).AddSingleton<ProbeTable>();
        services.AddSingleton<WallState>().AddSingleton<ICommitListener>(s => s.GetRequiredService<WallState>());
        var evidence = options.EvidenceFolder ?? options.DataFolder;
        var keys = EvidenceKeys.Open(evidence);
        services.AddSingleton(_ => keys).AddSingleton(new ObjectFiles(evidence)).AddSingleton<Uploads>().AddSingleton<ReadLedger>().AddSingleton<PackageContent>().AddSingleton<IntegrityAlarm>();
        services.AddSingleton<EvidenceLog>().AddSingleton<ICommitListener>(s => s.GetRequiredService<EvidenceLog>());
        services.AddSingleton<SeriesRecorder>().AddSingleton<ICommitListener>(s => s.GetRequiredService<SeriesRecorder>());
        services.AddSingleton<InfluxOutputs>().AddSingleton<OutboxSenders>().AddSingleton<ICommitListener, OutboxFeed>();
        services.AddSingleton<ObservationReaders>().AddSingleton<GroupCommit>().AddSingleton<JournalReader>().AddSingleton<JournalWriter>();
        services.AddSingleton<Presence>().AddSingleton<WallFeed>().AddSingleton<SpectrumFeed>();
        services.AddSingleton(_ => new ConsoleFiles(options.ConsoleFolder));
        // In this order: the writer brings the state back, the wall begins with it, and the server, which is last, opens the door.
        // The recorder of series comes before the writer, so that it is stopped behind it and has the last group.
        services.AddHostedService(s => s.GetRequiredService<SeriesRecorder>());
        services.AddHostedService(s => s.GetRequiredService<JournalWriter>());
        services.AddSingleton<EvidenceKeeper>().AddHostedService(s => s.GetRequiredService<EvidenceKeeper>()); // behind the writer: it signs the log before the writer stops
        if (options.Node is { } node) AddNode(services, node);
        services.AddSingleton<HttpClient>().AddSingleton<TimestampAuthority>().AddHostedService(s => s.GetRequiredService<TimestampAuthority>());
        services.AddSingleton<RetentionKeeper>().AddHostedService(s => s.GetRequiredService<RetentionKeeper>());
        services.AddHostedService(s => s.GetRequiredService<WallFeed>());
        services.AddHostedService(s => s.GetRequiredService<InfluxOutputs>());
        services.AddHostedService(s => s.GetRequiredService<OutboxSenders>());
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // else a body that can't be read is answered with 400 and not a word
        services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        services.AddSignalR().AddJsonProtocol(json => WireJson.Configure(json.PayloadSerializerOptions));
        services.AddOpenApi("v1", api =>
        {
            var examples = ApiExamples.Read().ToLookup(e => e.Operation, StringComparer.Ordinal);
            api.AddOperationTransformer((operation, _, _) =>
            {
                ApiExamples.Describe(operation, examples);
                return Task.CompletedTask;
            });
            api.AddDocumentTransformer((document, _, _) =>
            {
                (document.Info.Title, document.Info.Description) = ("SignalWatch collector", 
                    $"Failures are application/problem+json with a stable code, in the language of Accept-Language, and in both under texts. The codes: {string.Join(", ", Problems.Codes())}.");
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>One of several. Behind the writer, so that it has stopped taking batches, and taking over, before the writer stops.</summary>
    private static void AddNode(IServiceCollection services, NodeOptions node)
    {
        services.AddSingleton(node).AddSingleton<Follower>().AddSingleton<Succession>().AddSingleton<IngestQueue>().AddSingleton<SpectrumExchange>().AddSingleton<IngestConsumer>().AddSingleton<BrokerLink>();
        services.AddHostedService(s => s.GetRequiredService<Succession>());
        services.AddHostedService(s => s.GetRequiredService<BrokerLink>());
        services.AddHttpForwarder();
    }

    private static void UseAll(WebApplication app, CollectorOptions options)
    {
        app.UseWebSockets();
        Problems.Use(app);
        BrowserGuard.Use(app);
        if (options.Node is { } node) ActForwarding.Use(app, node);
        app.MapOpenApi();
        IngestEndpoints.Map(app);
        JournalEndpoints.Map(app);
        AlarmEndpoints.Map(app);
        CaseEndpoints.Map(app);
        RegisterEndpoints.Map(app);
        EvidenceEndpoints.Map(app);
        UploadEndpoints.Map(app);
        LogEndpoints.Map(app);
        WallEndpoints.Map(app);
        SeriesEndpoints.Map(app);
        OutboxSenders.Map(app);
        MetricsEndpoints.Map(app);
        app.Services.GetRequiredService<ConsoleFiles>().Map(app);
    }
}
