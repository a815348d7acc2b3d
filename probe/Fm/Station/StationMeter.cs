namespace SignalWatch.Fm;

/// <summary>All measurements of a station's multiplex, brought together into a reading: each with what it may claim.</summary>
internal sealed class StationMeter
{
    // SNR in 200 kHz under which a discriminator clicks: there what it says of deviation is not its input.
    private const double ThresholdSnrDb = 10;

    private readonly double sampleRateHz, rdsRateHz;
    private readonly PilotLoop pilot;
    private readonly MpxNoise noise;
    private readonly RdsLevel rdsLevel;
    private readonly SoundMeter sound;
    private readonly DeviationMeter deviation;
    private readonly OverDeviation overDeviation = new();
    private readonly ModulationPower power = new(DeviationMeter.SlotSeconds);
    private readonly DeviationHistogram interval = new();
    private readonly DeviationHistogram total = new();
    private float intervalHigh = float.NegativeInfinity, intervalLow = float.PositiveInfinity;
    private float totalHigh = float.NegativeInfinity, totalLow = float.PositiveInfinity;
    private double intervalSquares;
    private int blocks, pilotBlocks;

    /// <summary>Prepares the meters.</summary>
    public StationMeter(double sampleRateHz, int maxBlock, PilotLoop pilot, MpxNoise noise, RdsLevel rdsLevel, double rdsRateHz, double deemphasisSeconds)
    {
        (this.sampleRateHz, this.pilot, this.noise, this.rdsLevel, this.rdsRateHz) = (sampleRateHz, pilot, noise, rdsLevel, rdsRateHz);
        sound = new SoundMeter(deemphasisSeconds);
        deviation = new DeviationMeter(sampleRateHz, maxBlock) { OnSlot = AddSlot };
    }

    /// <summary>Signal over noise in 200 kHz that the noise of the multiplex corresponds to, dB; null before it was measured.</summary>
    public double? SnrDb => noise.Density is { } density ? -10 * Math.Log10(Math.Max(density, 1e-12) * 2 * CarrierSurvey.HalfChannelHz) : null;

    /// <summary>Samples are missing. What the interval had so far stays.</summary>
    public void Reset()
    {
        deviation.Reset();
        noise.Reset();
        rdsLevel.Break();
        power.Reset();
        sound.Reset();
    }

    /// <summary>The carrier was not what it is, for a moment: its deviation then is not counted.</summary>
    public void Taint() => deviation.Taint();

    /// <summary>Takes what a block brought.</summary>
    public void AddBlock(ReadOnlySpan<float> rdsRe, ReadOnlySpan<float> rdsIm, PilotLoop? locked, in (double Sum, double Difference, double Cross, int Samples) energy, bool? isStereo)
    {
        if (!deviation.IsTainted) noise.Add();
        rdsLevel.Process(rdsRe, rdsIm, locked);
        sound.Add(energy, isStereo, noise.Density ?? 0);
        blocks++;
        if (locked is not null) pilotBlocks++;
    }

    /// <summary>Takes a block of the multiplex up to 60 kHz.</summary>
    public void AddComposite(ReadOnlySpan<float> hz) => deviation.Process(hz);

    /// <summary>The reading of the time since the last one; null where nothing was received.</summary>
    /// <param name="filter">The filter in front of the discriminator.</param>
    /// <param name="reception">How it was received.</param>
    /// <param name="rdsInStep">Whether RDS blocks are received.</param>
    public StationReading? Read(ChannelFilter filter, in Reception reception, bool rdsInStep)
    {
        if (blocks == 0) return null;
        var claims = new StationClaims(filter, reception, noise.Density is null ? null : Math.Sqrt(noise.MeanSquare()));
        var isStereo = 2 * pilotBlocks > blocks;
        var isClear = !(reception.SnrDb < ThresholdSnrDb);
        var counts = claims.Deviation is null;
        if (counts && interval.Samples > 0)
        {
            total.Add(interval);
            (totalHigh, totalLow) = (Math.Max(totalHigh, intervalHigh), Math.Min(totalLow, intervalLow));
            overDeviation.Accept();
        }
        else
        {
            overDeviation.Reject();
            // Filters still hold the end of that interval.
            if (reception.Overload || reception.Torn) Taint();
        }
        var seconds = interval.Samples / sampleRateHz;
        var observed = total.Samples / sampleRateHz;
        var offset = total.Samples > 0 ? total.Mean : interval.Mean;
        var noiseSquare = noise.MeanSquare();
        var (shift, shiftNow) = (new NoiseShift(total, noiseSquare), new NoiseShift(interval, noiseSquare));
        var pilotNow = pilot.Take();
        var reading = new StationReading
        {
            Filter = filter,
            RmsDeviationHz = claims.Rms(interval.Samples > 0 ? Math.Sqrt(Math.Max(0, intervalSquares / interval.Samples - interval.Mean * interval.Mean - noiseSquare)) : null, seconds, isClear),
            PeakDeviationHz = claims.Peak(total.Samples > 0 ? Corrected(Math.Max(totalHigh - offset, offset - totalLow), 1, shift) : null, observed),
            IntervalPeakDeviationHz = claims.Peak(interval.Samples > 0 ? Corrected(Math.Max(intervalHigh - offset, offset - intervalLow), 1, shiftNow) : null, seconds),
            P99999DeviationHz = claims.Rare(total.Samples > 0 ? Corrected(total.Exceeded(1e-5), Math.Max(1, 1e-5 * total.Samples), shift) : null, observed),
            ShareAbove75k = claims.Share(total.Samples > 0 ? total.ShareBeyond(75_000) : null, observed),
            ShareAbove77k = claims.Share(total.Samples > 0 ? total.ShareBeyond(OverDeviation.LimitHz) : null, observed),
            OverDeviated = overDeviation.Verdict(sampleRateHz),
            Histogram = total.ByKilohertz(),
            MpxPowerDbr = claims.Power(power.Dbr, power.Seconds),
            WorstMpxPowerDbr = claims.WorstPower(power.WorstDbr ?? power.Dbr, power.WorstDbr is not null, power.Seconds),
            Stereo = isStereo ? true : isClear ? false : null,
            PilotHz = claims.PilotFrequency(isStereo, pilotNow is { } f ? (19_000 + f.OffsetHz, f.Seconds) : null),
            PilotDeviationHz = claims.PilotDeviation(isStereo, pilotNow is { } d ? (d.DeviationHz, d.Seconds) : null, isClear),
            RdsDeviationHz = default, RdsPhaseDegrees = default, LeftDbfs = default, RightDbfs = default,
            SilenceSeconds = claims.Silence(sound.SilentSeconds, sound.CanTell),
        };
        reading = WithSoundAndRds(reading, claims, rdsInStep);
        Clear();
        return reading;
    }

    private StationReading WithSoundAndRds(StationReading reading, in StationClaims claims, bool rdsInStep)
    {
        var rds = rdsLevel.Take(rdsRateHz, rdsInStep);
        var levels = sound.Take(noise.Density ?? 0);
        return reading with
        {
            RdsDeviationHz = claims.RdsDeviation(rds is { } r ? (r.DeviationHz, r.Seconds) : null),
            RdsPhaseDegrees = claims.RdsPhase(rds is { PhaseDegrees: { } phase } p ? (phase, p.Seconds) : null),
            LeftDbfs = claims.Level(levels?.Left, levels?.Seconds ?? 0),
            RightDbfs = claims.Level(levels?.Right, levels?.Seconds ?? 0),
        };
    }

    private void AddSlot(DeviationSlot slot)
    {
        interval.Add(slot);
        intervalSquares += slot.Square * slot.Samples;
        (intervalHigh, intervalLow) = (Math.Max(intervalHigh, slot.High), Math.Min(intervalLow, slot.Low));
        var mean = (total.Mean * total.Samples + interval.Mean * interval.Samples) / (total.Samples + interval.Samples);
        overDeviation.Add(slot, mean, Math.Sqrt(noise.MeanSquare()));
        power.Add(slot.Mean, slot.Square, noise.MeanSquare());
    }

    private void Clear()
    {
        interval.Clear();
        (intervalSquares, blocks, pilotBlocks) = (0, 0, 0);
        (intervalHigh, intervalLow) = (float.NegativeInfinity, float.PositiveInfinity);
    }

    private static double Corrected(double hz, double rank, in NoiseShift shift) => Math.Max(0, hz - shift.Of(hz, rank));
}
