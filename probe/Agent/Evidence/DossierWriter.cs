using System.Buffers;
using System.Threading.Channels;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Evidence;

/// <summary>The thread that writes dossiers. A full or broken disk costs the dossier, never the watch.</summary>
internal sealed class DossierWriter(DossierFolder folder, EvidenceSettings settings, Action<EvidenceNews> tell, Action<int> taken)
{
    private readonly Dictionary<Dossiered, Dossier> dossiers = [];

    /// <summary>Writes until the queue is complete.</summary>
    public void Run(ChannelReader<EvidenceWork> queue)
    {
        Tell(folder.Recover());
        Tell(folder.Trim());
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (queue.TryRead(out var work))
            {
                Guarded(work);
                Return(work);
                taken(work.Cost);
            }
        foreach (var dossier in dossiers.Values) dossier.Dispose();
    }

    private void Guarded(in EvidenceWork work)
    {
        try
        {
            Do(work);
        }
        catch (Exception failed) when (work.Dossier is not null)
        {
            // Whatever it is: one dossier is lost, the others go on. What the disk says stands inside the recorder's problem.
            Fail(work.Dossier, (failed.InnerException ?? failed).Message);
        }
    }

    private void Do(in EvidenceWork work)
    {
        if (work.Kind == EvidenceWorkKind.Mark)
        {
            work.Done!.SetResult();
            return;
        }
        if (work.Kind == EvidenceWorkKind.Begin) Begin(work);
        else if (dossiers.TryGetValue(work.Dossier!, out var dossier)) Do(work, dossier);
    }

    private void Do(in EvidenceWork work, Dossier dossier)
    {
        switch (work.Kind)
        {
            case EvidenceWorkKind.Sound:
                dossier.Sound(work.Left.AsSpan(0, work.Count), work.Right.AsSpan(0, work.Count), work.Ticks);
                break;
            case EvidenceWorkKind.Iq:
                dossier.Samples(work.Re.AsSpan(0, work.Count), work.Im.AsSpan(0, work.Count), work.Seconds, work.Ticks);
                break;
            case EvidenceWorkKind.Group:
                dossier.Group(work.Group);
                break;
            case EvidenceWorkKind.Spectrum:
                dossier.Spectrum(work.Axis, work.Bytes.AsSpan(0, work.Count), work.Ticks);
                break;
            case EvidenceWorkKind.Lost:
                dossier.Lost("all", work.Ticks, work.Seconds, EvidenceTexts.LostByReceiver);
                break;
            case EvidenceWorkKind.Overflow:
                dossier.Lost(work.What!, work.Ticks, work.Seconds, EvidenceTexts.DiskTooSlow);
                break;
            case EvidenceWorkKind.Suspicion:
                dossier.Suspicion(work.Ticks == 0 ? null : new DateTimeOffset(work.Ticks, TimeSpan.Zero));
                break;
            case EvidenceWorkKind.Flush:
                Flush(work.Dossier!, dossier);
                break;
            default:
                Complete(work.Dossier!, dossier, work.Text);
                break;
        }
    }

    private void Begin(in EvidenceWork work)
    {
        var occasion = work.Dossier!.Occasion;
        Tell(folder.Trim());
        var dossier = new Dossier(folder.Create(occasion.FrequencyHz, occasion.At), occasion, settings);
        dossiers[work.Dossier] = dossier;
        tell(News(EvidenceEvent.Begun, dossier, Name(dossier), null, null));
        if (work.Count > 0) dossier.Sound(work.Left, work.Right, work.Ticks);
        foreach (var group in work.Groups ?? []) dossier.Group(group);
        if (work.Lines is not { } lines) return;
        for (var n = 0; n < lines.Ticks.Length; n++) dossier.Spectrum(lines.Axis, lines.Levels.AsSpan(n * lines.Axis.Bins, lines.Axis.Bins), lines.Ticks[n]);
    }

    private void Flush(Dossiered key, Dossier dossier)
    {
        dossier.Flush();
        Tell(folder.Trim());
        if (DossierFolder.Bytes(dossier.Folder) > settings.MostBytes / 2) Complete(key, dossier, EvidenceTexts.LargestReached);
    }

    private void Complete(Dossiered key, Dossier dossier, Text ending)
    {
        var (name, sha256) = dossier.Complete(ending);
        dossiers.Remove(key);
        key.IsLost = true;
        tell(News(EvidenceEvent.Complete, dossier, name, sha256, ending));
        Tell(folder.Trim());
    }

    private void Fail(Dossiered key, string why)
    {
        key.IsLost = true;
        var reason = EvidenceTexts.DiskFailed(why);
        if (dossiers.Remove(key, out var dossier))
        {
            tell(News(EvidenceEvent.Failed, dossier, Name(dossier), null, reason));
            try
            {
                dossier.Dispose();
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // What its buffers still held can't be written either; that it failed was told.
            }
        }
        else tell(new EvidenceNews(EvidenceEvent.Failed, null, key.Occasion.FrequencyHz, null, null, null, folder.Deleted, reason));
    }

    private EvidenceNews News(EvidenceEvent what, Dossier dossier, string name, string? sha256, Text? reason) =>
        new(what, name, dossier.Occasion.FrequencyHz, sha256, Math.Round(dossier.SoundSeconds, 1), Math.Round(dossier.SecondsMissing, 1), folder.Deleted, reason);

    private static string Name(Dossier dossier) => Path.GetFileName(dossier.Folder)[..^DossierFolder.Part.Length];

    private void Tell(IReadOnlyList<EvidenceNews> news)
    {
        foreach (var one in news) tell(one);
    }

    // What came from the pool goes back; the copy of a beginning was made for it alone.
    private static void Return(in EvidenceWork work)
    {
        if (work.Kind == EvidenceWorkKind.Sound)
        {
            ArrayPool<short>.Shared.Return(work.Left!);
            ArrayPool<short>.Shared.Return(work.Right!);
        }
        else if (work.Kind == EvidenceWorkKind.Iq)
        {
            ArrayPool<float>.Shared.Return(work.Re!);
            ArrayPool<float>.Shared.Return(work.Im!);
        }
        else if (work.Kind == EvidenceWorkKind.Spectrum) ArrayPool<byte>.Shared.Return(work.Bytes!);
    }
}
