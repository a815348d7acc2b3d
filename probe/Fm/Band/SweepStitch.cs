namespace SignalWatch.Fm;

/// <summary>Makes one reading of a sweep's hops. Where two overlap, powers are averaged, each the heavier the farther it is from its hop's edge.</summary>
internal sealed class SweepStitch
{
    private const double FloorStepHz = 100_000;
    private const double SpikeHz = 5_000;
    private const double SameCarrierHz = 50_000;
    private const double Nothing = -200;

    // An image lies 25 dB and more below what makes it (the least that quadrature receivers are sold with), and moves a carrier's measured frequency while it is not 15 dB below that carrier.
    private const double ImageDb = 10;

    // Channels of 200 kHz that are so far apart overlap by their thin ends only.
    private const double ImageReachHz = 150_000;

    // The hops' transforms have bins of 440 to 880 Hz, as their rate is; a sweep has steps of its own.
    private const double StepHz = 600;

    private readonly SweepPlan plan;
    private readonly double[] weight;
    private readonly double[] power;
    private readonly float[] max;
    private readonly float[] min;

    public SweepStitch(SweepPlan plan)
    {
        this.plan = plan;
        var steps = (int)((plan.Settings.ToHz - plan.Settings.FromHz) / StepHz) + 1;
        (weight, power, max, min) = (new double[steps], new double[steps], new float[steps], new float[steps]);
    }

    /// <summary>The spectra and the noise of all hops.</summary>
    public (BandSpectra Spectra, NoiseFloorCurve Floor) Join(FmBandReading?[] heard, List<BandSpectra>[] spectra, double startSeconds, double lengthSeconds)
    {
        Array.Clear(weight);
        Array.Clear(power);
        Array.Fill(max, (float)Nothing);
        Array.Fill(min, 0);
        double resolution = 0;
        foreach (var hop in plan.Hops)
        {
            if (heard[hop.Index] is null) continue;
            foreach (var look in spectra[hop.Index])
            {
                Add(hop, look);
                resolution = look.ResolutionHz;
            }
        }
        var mean = new float[power.Length];
        for (var n = 0; n < mean.Length; n++) mean[n] = weight[n] > 0 ? (float)(10 * Math.Log10(power[n] / weight[n])) : (float)Nothing;
        var lowest = new float[min.Length];
        for (var n = 0; n < lowest.Length; n++) lowest[n] = weight[n] > 0 ? min[n] : (float)Nothing;
        return (new BandSpectra(startSeconds, lengthSeconds, plan.Settings.FromHz, StepHz, resolution, mean, [.. max], lowest), Floor(heard));
    }

    /// <summary>The carriers of all hops, each as the hop has it that has nothing of its own in the carrier's channel, and whose edge is the farthest. What is there beside a hop's spike or on its image
    /// alone, and not in the hop that hears the channel undisturbed, is made by the receiver.</summary>
    public (IReadOnlyList<CarrierReading> Carriers, IReadOnlyList<MaskedPeak> Ghosts) Carriers(FmBandReading?[] heard)
    {
        var all = new List<(CarrierReading Carrier, SweepHop Hop, MaskedPeak? Disturbed, double Inside)>();
        foreach (var hop in plan.Hops)
            foreach (var carrier in heard[hop.Index]?.Carriers ?? []) all.Add((carrier, hop, Disturbed(hop, heard[hop.Index]!, Hz(carrier), carrier.LevelDbfs), Inside(hop, Hz(carrier))));
        var ranked = all.OrderBy(c => c.Disturbed is not null).ThenByDescending(c => c.Inside);
        var (kept, ghosts) = (new List<CarrierReading>(), new List<MaskedPeak>());
        foreach (var (carrier, hop, disturbed, _) in ranked)
        {
            if (kept.Exists(k => Math.Abs(Hz(k) - Hz(carrier)) < SameCarrierHz)) continue;
            if (disturbed is not null && IsHeardClear(carrier, hop, heard)) ghosts.Add(disturbed);
            else kept.Add(carrier);
        }
        kept.RemoveAll(c => c.NominalHz < plan.Settings.FromHz || c.NominalHz > plan.Settings.ToHz);
        ghosts.RemoveAll(g => g.FrequencyHz < plan.Settings.FromHz || g.FrequencyHz > plan.Settings.ToHz);
        kept.Sort((x, y) => x.NominalHz.CompareTo(y.NominalHz));
        return (kept, ghosts);
    }

    /// <summary>What was masked; what lies at one hop's edge and in the middle of another is none.</summary>
    public IReadOnlyList<MaskedPeak> Masked(FmBandReading?[] heard)
    {
        var masked = new List<MaskedPeak>();
        foreach (var hop in plan.Hops)
            foreach (var peak in heard[hop.Index]?.Masked ?? [])
            {
                if (peak.FrequencyHz < plan.Settings.FromHz || peak.FrequencyHz > plan.Settings.ToHz) continue;
                var best = plan.Hops.Where(h => heard[h.Index] is not null).MaxBy(h => Inside(h, peak.FrequencyHz));
                if (peak.Reason == MaskReason.HopEdge ? Inside(best!, peak.FrequencyHz) < CarrierSurvey.HalfChannelHz : best == hop || peak.Reason == MaskReason.DcSpike) masked.Add(peak);
            }
        return masked;
    }

    private static double Hz(CarrierReading carrier) => carrier.NominalHz + carrier.OffsetHz;

    /// <summary>What the receiver itself puts into a channel at that tuning; null where it is clear.</summary>
    private static MaskedPeak? Disturbed(SweepHop hop, FmBandReading heard, double hz, double levelDbfs)
    {
        if (Math.Abs(hz - hop.CenterHz) < CarrierSurvey.HalfChannelHz) return new(hz, levelDbfs, MaskReason.DcSpike, hop.CenterHz);
        var mirror = 2 * hop.CenterHz - hz;
        foreach (var carrier in heard.Carriers)
            if (carrier.OnAir && Math.Abs(Hz(carrier) - mirror) < ImageReachHz && carrier.LevelDbfs > levelDbfs + ImageDb) return new(hz, levelDbfs, MaskReason.Image, Hz(carrier));
        return null;
    }

    /// <summary>Another hop hears the whole channel, undisturbed.</summary>
    private bool IsHeardClear(CarrierReading carrier, SweepHop own, FmBandReading?[] heard) => plan.Hops.Any(hop => hop != own && heard[hop.Index] is { Overload: false } other
        && Inside(hop, Hz(carrier)) >= CarrierSurvey.HalfChannelHz && Disturbed(hop, other, Hz(carrier), carrier.LevelDbfs) is null);

    private static double Inside(SweepHop hop, double hz) => Math.Min(hz - hop.FromHz, hop.ToHz - hz);

    private void Add(SweepHop hop, BandSpectra look)
    {
        var from = Math.Max(0, (int)Math.Ceiling((hop.FromHz - plan.Settings.FromHz) / StepHz));
        var to = Math.Min(power.Length - 1, (int)Math.Floor((hop.ToHz - plan.Settings.FromHz) / StepHz));
        for (var n = from; n <= to; n++)
        {
            var hz = plan.Settings.FromHz + n * StepHz;
            var bin = (int)Math.Round((hz - look.StartHz) / look.StepHz);
            if (bin < 0 || bin >= look.MeanDbfs.Count) continue;
            // The receiver's spike is in the picture only where no other hop covers it.
            var w = Math.Abs(hz - hop.CenterHz) < SpikeHz ? 1e-6 : Math.Max(1, Inside(hop, hz));
            power[n] += w * Math.Pow(10, look.MeanDbfs[bin] / 10);
            weight[n] += w;
            max[n] = Math.Max(max[n], look.MaxDbfs[bin]);
            min[n] = Math.Min(min[n], look.MinDbfs[bin]);
        }
    }

    private NoiseFloorCurve Floor(FmBandReading?[] heard)
    {
        var start = Math.Ceiling(plan.Settings.FromHz / FloorStepHz) * FloorStepHz;
        var curve = new float[(int)((plan.Settings.ToHz - start) / FloorStepHz) + 1];
        for (var n = 0; n < curve.Length; n++)
        {
            var hz = start + n * FloorStepHz;
            var hop = plan.Hops.Where(h => heard[h.Index] is not null).MaxBy(h => Inside(h, hz));
            curve[n] = hop is not null && Inside(hop, hz) > -FloorStepHz ? (float)heard[hop.Index]!.NoiseFloor!.At(hz) : (float)Nothing;
        }
        return new NoiseFloorCurve(start, FloorStepHz, curve);
    }
}
