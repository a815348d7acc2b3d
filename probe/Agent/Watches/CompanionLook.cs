using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Watches;

/// <summary>Between the sweeps, hears a carrier and those that it could be a product of at the same time: in a sweep they may lie in different hops, and then nothing of their modulation can be compared.
/// One such look a sweep; of several carriers that are pending each has its turn.</summary>
internal sealed class CompanionLook(ITunableIqSource source, SweepSettings settings)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(0.8);

    // Hops of the sweep are numbered from 0 on.
    private const int FirstHop = 10_000;

    // Each keeps the receiver that knows its carriers from the look before.
    private const int MostGroups = 8;

    // As the plan has it at the edges of a hop.
    private const double MarginHz = 300_000;

    private readonly List<(double FromHz, double ToHz, SweptReceiver Receiver)> groups = [];
    private readonly Dictionary<long, HopModulation> heard = [];
    private IReadOnlyList<long> wanted = [];
    private long lastHz;

    /// <summary>Chooses what the next look is for.</summary>
    public void Choose(IEnumerable<Identification> who)
    {
        var pending = who.Where(w => w.PendingParentsHz.Count > 0 && Span(w) + MarginHz <= settings.SampleRateHz * (1 - settings.CropShare)).OrderBy(w => w.NominalHz).ToList();
        var next = pending.Find(w => w.NominalHz > lastHz) ?? pending.FirstOrDefault();
        wanted = next is null ? [] : [next.NominalHz, .. next.PendingParentsHz];
        lastHz = next?.NominalHz ?? 0;
    }

    /// <summary>Takes the look, if there is one to take.</summary>
    /// <returns>False where the source has ended.</returns>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        heard.Clear();
        if (wanted.Count == 0) return true;
        if (await Receiver(wanted.Min(), wanted.Max()).SweepAsync(cancel).ConfigureAwait(false) is not { } look) return false;
        foreach (var carrier in look.Reading.Carriers)
            if (carrier.OnAir && carrier.Looks is { } looks) heard[carrier.NominalHz] = looks with { Hop = FirstHop };
        return true;
    }

    /// <summary>The sweep's carriers, those of the look with the modulation that was heard in it.</summary>
    public IEnumerable<CarrierReading> With(IEnumerable<CarrierReading> carriers) => carriers.Select(c => heard.TryGetValue(c.NominalHz, out var looks) ? c with { Looks = looks } : c);

    private static long Span(Identification who) => Math.Max(who.NominalHz, who.PendingParentsHz.Max()) - Math.Min(who.NominalHz, who.PendingParentsHz.Min());

    private SweptReceiver Receiver(double fromHz, double toHz)
    {
        var known = groups.FindIndex(g => g.FromHz == fromHz && g.ToHz == toHz);
        var group = known >= 0 ? groups[known] : (fromHz, toHz, new SweptReceiver(source, SweepPlan.For(settings with { FromHz = fromHz, ToHz = toHz, Period = Length, Twice = false })));
        if (known >= 0) groups.RemoveAt(known);
        else if (groups.Count == MostGroups) groups.RemoveAt(0);
        groups.Add(group);
        return group.Item3;
    }
}
