using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>Something done to evidence on the writer.</summary>
/// <param name="act">Decides and does it; what it refuses it throws before anything is changed.</param>
internal sealed class EvidenceWork<T>(Func<Group, T> act) : ActWork<T>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        try
        {
            Answer(act(group));
        }
        catch (ProblemException refused)
        {
            Refuse(refused.Problem);
        }
    }
}

/// <summary>Starts the evidence log behind the journal, and signs it before the journal closes.</summary>
internal sealed class EvidenceKeeper(EvidenceBook book, EvidenceLog files, EvidenceKeys keys, JournalWriter writer, CollectorOptions options, ILogger<EvidenceKeeper> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Node is null) Begin(); // a node does when it takes over: the files are all nodes' own, and have one writer
        return Task.CompletedTask;
    }

    /// <summary>Brings the log's files up to the journal; from then on it is kept and signed here.</summary>
    public void Begin()
    {
        files.Start();
        book.Signer = keys.Signer;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!writer.Leading) return;
        try
        {
            var last = new EvidenceWork<EvidenceLogHead>(book.Sign);
            writer.Offer(last);
            await last.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ProblemException or OperationCanceledException)
        {
            log.LogWarning("the evidence log was not signed at the stop: {Why}; the next start signs it", failure.Message);
        }
    }
}
