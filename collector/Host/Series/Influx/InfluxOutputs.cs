using SignalWatch.Collector.Storage;

namespace SignalWatch.Collector.Series.Influx;

/// <summary>All targets of series, each on its own.</summary>
internal sealed class InfluxOutputs(CollectorOptions options, IStore journal, TimeProvider time, ILogger<InfluxOutputs> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<InfluxOutput> outputs =
        [.. options.Influx.Select(target => new InfluxOutput(target, journal, Path.Combine(options.DataFolder, "outputs"), time, log))];
    private Task[] running = [];

    public IReadOnlyList<InfluxStatus> Status => [.. outputs.Select(o => o.Status)];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var output in outputs) output.Open();
        running = [.. outputs.Select(output => Task.Run(() => output.Run(stopping.Token), CancellationToken.None))];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Dispose();
        foreach (var output in outputs) output.Dispose();
    }
}
