namespace SignalWatch.Fm;

/// <summary>Hears a band hop by hop with a narrow receiver and puts the hops together. Each hop has a receiver of its own that knows its carriers from the sweep before:
/// they are demodulated from its first sample on, and RDS grows from sweep to sweep.
/// <para>Use, for each hop of the plan: tune, wait, <c>Begin(hop, now)</c>, <c>Process(samples)</c> until it gives true.</para></summary>
public sealed class BandSweepReceiver
{
    // A hop is looked at three times: in the first sweep the first look finds the carriers, and the last measures them.
    private const int Looks = 3;
    private const int SpectrumBins = 4096;
    private const int RemembersSweeps = 6;

    private readonly SweepPlan plan;
    private readonly FmBandReceiver[] receivers;
    private readonly FmBandReading?[] heard;
    private readonly List<BandSpectra>[] spectra;
    private readonly Dictionary<long, double[]>[] modulation;
    private readonly SweepStitch stitch;
    private int current = -1;
    private int looks;
    private double startSeconds;
    private double hopSeconds;
    private double processedSeconds;

    /// <summary>Prepares a receiver for each hop.</summary>
    public BandSweepReceiver(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        var settings = plan.Settings;
        heard = new FmBandReading?[plan.Hops.Count];
        spectra = [.. plan.Hops.Select(_ => new List<BandSpectra>(Looks))];
        modulation = [.. plan.Hops.Select(_ => new Dictionary<long, double[]>())];
        stitch = new SweepStitch(plan);
        receivers = [.. plan.Hops.Select(hop => new FmBandReceiver(new FmBandSettings
        {
            SampleRateHz = settings.SampleRateHz,
            CenterFrequencyHz = hop.CenterHz,
            RasterHz = settings.RasterHz,
            UsableShare = 1 - settings.CropShare,
            Interval = hop.Dwell / Looks,
            MaxSpectrumBins = SpectrumBins,
            MeasureStations = settings.MeasureStations,
            RemembersVanished = hop.Dwell * RemembersSweeps,
        }) { OnReading = Take })];
    }

    /// <summary>Called with each sweep, when its last hop is complete.</summary>
    public Action<BandSweepReading>? OnSweep { get; set; }

    /// <summary>The tuner has settled on a hop.</summary>
    /// <param name="hop">The hop, one of the plan's.</param>
    /// <param name="atSeconds">Now, on the caller's clock, s.</param>
    public void Begin(SweepHop hop, double atSeconds)
    {
        ArgumentNullException.ThrowIfNull(hop);
        if (hop.Index < 0 || hop.Index >= receivers.Length || plan.Hops[hop.Index] != hop) throw new ArgumentException("not a hop of this plan", nameof(hop));
        // A hop that was heard already, or the first one: a new sweep, whatever the last one lacked.
        if (hop.Index == 0 || heard[hop.Index] is not null || heard.All(h => h is null)) StartSweep(atSeconds);
        (current, looks, hopSeconds, processedSeconds) = (hop.Index, 0, atSeconds, 0);
        spectra[current].Clear();
        modulation[current].Clear();
        receivers[current].Tune();
    }

    /// <summary>Takes the hop's next samples.</summary>
    /// <param name="interleavedIq">I, Q, I, Q …, full scale ±1.</param>
    /// <param name="discontinuity">Samples are missing before the first one.</param>
    /// <returns>True where the hop is complete: tune to the next one. What is left of the samples is dropped.</returns>
    public bool Process(ReadOnlySpan<float> interleavedIq, bool discontinuity = false)
    {
        if (current < 0 || looks >= Looks) return current >= 0;
        processedSeconds += interleavedIq.Length / 2 / plan.Settings.SampleRateHz;
        receivers[current].Process(interleavedIq, discontinuity);
        if (looks < Looks) return false;
        if (current == plan.Hops.Count - 1) Finish();
        return true;
    }

    private void StartSweep(double atSeconds)
    {
        Array.Clear(heard);
        startSeconds = atSeconds;
    }

    private void Take(FmBandReading reading)
    {
        if (looks >= Looks) return;
        foreach (var carrier in reading.Carriers)
            if (carrier.OnAir && carrier.Station?.RmsDeviationHz.Justified is { } rms) LooksOf(carrier.NominalHz)[looks] = rms * rms;
        looks++;
        spectra[current].Add(reading.Spectra!);
        // Overload in any look casts doubt on the hop.
        heard[current] = reading with
        {
            Overload = reading.Overload || heard[current]?.Overload == true && looks > 1,
            Carriers = looks < Looks ? reading.Carriers : [.. reading.Carriers.Select(c => modulation[current].TryGetValue(c.NominalHz, out var squares) ? c with { Looks = new HopModulation(current, squares) } : c)],
        };
    }

    // A new array each time: readings keep it.
    private double[] LooksOf(long nominalHz)
    {
        if (modulation[current].TryGetValue(nominalHz, out var squares)) return squares;
        squares = new double[Looks];
        Array.Fill(squares, double.NaN);
        return modulation[current][nominalHz] = squares;
    }

    private void Finish()
    {
        var end = hopSeconds + processedSeconds;
        var (carriers, ghosts) = stitch.Carriers(heard);
        var (whole, floor) = stitch.Join(heard, spectra, startSeconds, end - startSeconds);
        OnSweep?.Invoke(new BandSweepReading(startSeconds, end - startSeconds, whole, floor, heard.Any(h => h?.Overload == true),
            carriers, [.. stitch.Masked(heard), .. ghosts], [.. plan.Hops.Where(h => heard[h.Index] is null)]));
    }
}
