using SignalWatch.Contracts;
using SignalWatch.Probe.Evidence;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Probe.Uplink;

/// <summary>Keeps what a probe has on its disk within its bounds. What gives way, in this order: dossiers that the collector has, telemetry, dossiers that it has not, alarms; each time the oldest, and never what is being recorded or sent.
/// Alarms give way to the capacity alone: where others fill the disk, nothing is won by dropping them before they can't be written.</summary>
/// <param name="spool">Observations.</param>
/// <param name="outbox">Dossiers.</param>
/// <param name="inUse">The folder of the dossier that is being sent, or null.</param>
/// <param name="settings">The bounds.</param>
/// <param name="free">Bytes that are free on the disk.</param>
/// <param name="lost">Told of what is lost by it.</param>
/// <param name="say">For the log.</param>
internal sealed class DataRoom(SpoolFolder spool, DossierOutbox outbox, Func<string?> inUse, SpoolFolderSettings settings, Func<long> free, Action<SpoolGap> lost, Action<Text> say)
{
    /// <summary>Makes room where there is too little.</summary>
    public void Keep()
    {
        var beyond = spool.Figures.Bytes + outbox.Bytes() - settings.TotalBytes;
        var need = Math.Max(beyond, settings.FreeBytes - free());
        if (need <= 0) return;
        var whole = outbox.Whole().Where(d => d.Folder != inUse()).ToList();
        foreach (var delivered in whole.Where(outbox.IsDelivered))
        {
            if (need <= 0) return;
            Remove(delivered, ref need, ref beyond);
        }
        DropFrom(spool.Telemetry, ref need, ref beyond);
        foreach (var waiting in whole.Where(d => !outbox.IsDelivered(d)))
        {
            if (need <= 0) return;
            if (Remove(waiting, ref need, ref beyond)) lost(new SpoolGap(null, null, 1, DeliveryTexts.DossierMadeRoom(waiting.Name)) { Priority = ObservationPriority.Evidence });
        }
        DropFrom(spool.Alarms, ref beyond, ref need);
    }

    private static void DropFrom(ClassSpool spools, ref long until, ref long other)
    {
        while (until > 0)
        {
            var freed = spools.DropOldest();
            if (freed == 0) return;
            until -= freed;
            other -= freed;
        }
    }

    private bool Remove(DossierReference dossier, ref long need, ref long beyond)
    {
        try
        {
            var bytes = DossierFolder.Bytes(dossier.Folder);
            Directory.Delete(dossier.Folder, recursive: true);
            need -= bytes;
            beyond -= bytes;
            say(DeliveryTexts.DossierRemoved(dossier.Name, outbox.IsDelivered(dossier)));
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return false; // the next look finds it again
        }
    }
}
