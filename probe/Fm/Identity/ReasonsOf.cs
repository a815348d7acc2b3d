using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>Collects the reasons for and against a suspicion.</summary>
internal sealed class ReasonsOf(OnOffHistory history, IdentitySettings settings, Func<long, ushort?, RegisterAnswer> register, IReadOnlyDictionary<long, CarrierMemory> memories)
{
    private const double LeastSnrDb = 12;
    private const double ExcessDb = 10;
    private const double ExcessHoldsSeconds = 1800;

    // The mean frequency of less than this is the programme's, not the carrier's.
    private const double LeastOffsetSeconds = 2;

    // Pairs grow with the square: the band has 211 frequencies, a city a handful of unlicensed ones.
    private const int MostCompared = 60;
    private const long AviationFromHz = 108_050_000, AviationToHz = 137_000_000;

    /// <summary>Adds a carrier's reasons.</summary>
    public void Add(Subject s, HashSet<long> unregistered, DateTimeOffset at, double seconds, bool overload)
    {
        if (!s.IsInBand) s.Reasons.Add(SuspicionScore.RegisterUnknown.With(IdentityTexts.OutsideBand(s.NominalHz)));
        else if (!s.Answer.Known && s.Licence is null) s.Reasons.Add(SuspicionScore.RegisterUnknown.With(IdentityTexts.RegisterUnknown));
        else if (s.Licence is { } licence) Licensed(s, licence, seconds, overload);
        else if (s.Carrier.OnAir) Unlicensed(s, unregistered, at, seconds);
    }

    private static void Licensed(Subject s, FmLicence licence, double seconds, bool overload)
    {
        if (!s.Carrier.OnAir) return;
        if (s.Finding is { } finding) s.Reasons.AddRange(finding.Reasons);
        if (s.Finding is { Masquerade: true } && SuspicionRule.IsLoop(s.Content)) s.Reasons.Add(SuspicionScore.ContentLoop.With(IdentityTexts.Loop(s.Content)));
        if (licence.Class == LicenceClass.Test) s.Reasons.Add(SuspicionScore.TestLicence.With(IdentityTexts.TestLicence(licence)));
        if (overload && s.Reasons.Count > 0) s.Reasons.Add(SuspicionScore.Overload.With(ExclusionTexts.UnderOverload));
        if (s.OverspillExcessDb is not { } excess || overload) return;
        s.Memory.ExcessSeconds = excess > ExcessDb ? s.Memory.ExcessSeconds + seconds : 0;
        if (excess <= 0) s.Reasons.Add(SuspicionScore.OverspillExpected.With(IdentityTexts.OverspillExpected(licence, s.FieldDbuvm!.Value)));
        else if (s.Memory.ExcessSeconds >= ExcessHoldsSeconds) s.Reasons.Add(SuspicionScore.OverspillExcess.With(IdentityTexts.OverspillExcess(licence, excess, s.Memory.ExcessSeconds)));
    }

    private void Unlicensed(Subject s, HashSet<long> unregistered, DateTimeOffset at, double seconds)
    {
        var carrier = s.Carrier;
        var intermodulation = s.Exclusions.Find(e => e.Check == Exclusions.Intermodulation);
        if (s.IsPending) s.Reasons.Add(SuspicionScore.IntermodulationPending.With(intermodulation!.Arithmetic));
        if (s.Status == CarrierStatus.CarrierOnly || (s.IsPending && carrier.Modulated != true))
        {
            s.Reasons.Add(SuspicionScore.UnmodulatedCarrier.With(IdentityTexts.Unmodulated(s.NominalHz)));
            return;
        }
        if (s.Exclusions.Find(e => e is { Check: Exclusions.Overload, Explains: null }) is { } overload) s.Reasons.Add(SuspicionScore.Overload.With(overload.Arithmetic));
        else if (s.Status == CarrierStatus.Unknown && !s.IsPending)
        {
            s.Reasons.Add(SuspicionScore.RegisterUnknown.With(IdentityTexts.Undecided));
            return;
        }
        s.Reasons.Add(SuspicionScore.NotInRegister.With(IdentityTexts.NotInRegister(s.NominalHz, carrier.SnrDb, s.Lapsed)));
        if (carrier.OffRaster) s.Reasons.Add(SuspicionScore.OffRaster.With(IdentityTexts.OffRaster(s.NominalHz + carrier.OffsetHz, settings.RasterHz)));
        else if (Math.Abs(s.OffsetHz ?? 0) > SignatureComparison.ToleranceHz && carrier.OnAirSeconds >= LeastOffsetSeconds && carrier.SnrDb >= LeastSnrDb)
            s.Reasons.Add(SuspicionScore.SignatureOffset.With(IdentityTexts.OffsetBeyond(s.OffsetHz!.Value)));
        if (OverDeviation.Of(carrier, null) is { } over) s.Reasons.Add(over);
        if (SuspicionRule.IsLoop(s.Content)) s.Reasons.Add(SuspicionScore.ContentLoop.With(IdentityTexts.Loop(s.Content)));
        var same = s.Content.SameAsHz.Where(hz => hz != s.NominalHz && unregistered.Contains(hz)).Distinct().Order().ToList();
        if (same.Count > 0) s.Reasons.Add(SuspicionScore.SameSound.With(IdentityTexts.SameSound(same)) with { OtherHz = same });
        s.Reasons.AddRange(Patterns(s, at, seconds));
        if (intermodulation is { Explains: true }) s.Reasons.Add(SuspicionScore.ByIntermodulation.With(intermodulation.Arithmetic));
    }

    // The history changes with edges alone; once an hour the nights move on.
    private IReadOnlyList<ScoreReason> Patterns(Subject s, DateTimeOffset at, double seconds)
    {
        var hour = at.UtcTicks / TimeSpan.TicksPerHour;
        if (s.Memory.Patterns is { } known && known.Version == history.Version && known.Hour == hour) return known.Reasons;
        var reasons = new List<ScoreReason>();
        if (SwitchingPatterns.Schedule(history, s.NominalHz, at) is { } schedule) reasons.Add(SuspicionScore.Schedule.With(IdentityTexts.Schedule(schedule)));
        var others = history.Frequencies.Where(hz => hz != s.NominalHz).ToList();
        var partner = others.Where(IsUnlicensed).Take(MostCompared).Select(hz => (Hz: hz, Nights: SwitchingPatterns.CommonNights(history, s.NominalHz, hz))).OrderByDescending(p => p.Nights).FirstOrDefault();
        if (partner.Nights > 0) reasons.Add(SuspicionScore.CoSwitching.With(IdentityTexts.CoSwitching(partner.Hz, partner.Nights)) with { OtherHz = [partner.Hz] });
        var spurious = others.Where(hz => hz is > AviationFromHz and <= AviationToHz).Take(MostCompared).Select(hz => (Hz: hz, Edges: SwitchingPatterns.CommonEdges(history, hz, s.NominalHz, seconds))).OrderByDescending(p => p.Edges).FirstOrDefault();
        if (spurious.Edges > 0) reasons.Add(SuspicionScore.Spurious.With(IdentityTexts.Spurious(spurious.Hz, spurious.Edges)) with { OtherHz = [spurious.Hz] });
        s.Memory.Patterns = (history.Version, hour, reasons);
        return reasons;
    }

    private bool IsUnlicensed(long hz)
    {
        if (hz is < 87_000_000 or > 108_000_000) return false;
        var answer = register(hz, null);
        return answer is { Known: true, Licence: null } && !(memories.TryGetValue(hz, out var memory) && memory.Status == CarrierStatus.Intermodulation);
    }
}
