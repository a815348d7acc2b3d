using SignalWatch.Contracts;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Watches a stretch of the FM band: finds its carriers, demodulates all of them without a break, measures them and decodes their RDS.
/// <para>An engine: it has no clock (time is the number of samples), no thread of its own (with <see cref="FmBandSettings.Workers"/> at 1 it calls back on the caller's) and allocates nothing for a block of samples.</para></summary>
public sealed class FmBandReceiver
{
    private const int ChannelSize = 512;

    // The channels' rate aimed at: it holds ±120 kHz and the filter's transitions. Decimation by powers of two comes within a factor of √2.
    private const double ChannelRateHz = 320_000;

    // Hearing one block in four is enough to tell an image from a station.
    private const int ImageEvery = 4;

    private const float FullScale = 0.995f;
    private const double OverloadShare = 1e-4;
    private const double OnRasterHz = 15_000;
    private const double SameCarrierHz = 50_000;

    // Beside a stronger carrier a middle is known to that much.
    private const double BesideOnRasterHz = 30_000;
    private const double FloorStepHz = 100_000;

    private readonly FmBandSettings settings;
    private readonly Channelizer channelizer;
    private readonly BandSpectrum spectrum;
    private readonly ImageCoherence images;
    private readonly CarrierSurvey survey;
    private readonly BandSnapshots snapshots;
    private readonly DcSpike spike;
    private readonly Waterfall waterfall;
    private readonly List<CarrierTrack> tracks = [];
    private readonly CarrierWorkers workers;
    private readonly Func<double, bool> isOnAir;
    private long samples;
    private long clipped;
    private int blocks;
    private double startSeconds;
    private bool settled;
    private bool torn;

    /// <summary>Prepares a receiver.</summary>
    /// <exception cref="ProblemException"><c>fm.sample-rate</c>, <c>fm.setting</c>: a setting is out of range.</exception>
    public FmBandReceiver(FmBandSettings settings)
    {
        Check(settings);
        this.settings = settings;
        var decimation = (int)Math.Pow(2, Math.Max(0, Math.Round(Math.Log2(settings.SampleRateHz / ChannelRateHz))));
        channelizer = new Channelizer(settings.SampleRateHz, decimation, ChannelSize);
        spectrum = new BandSpectrum(channelizer.Size, settings.SampleRateHz, settings.UsableShare);
        images = new ImageCoherence(channelizer.Size);
        snapshots = new BandSnapshots(channelizer.Size, settings.Interval.TotalSeconds * settings.SampleRateHz / channelizer.Hop);
        spike = new DcSpike(settings.SampleRateHz, channelizer.Hop);
        survey = new CarrierSurvey(spectrum, images, new CarrierResidue(snapshots, spike, channelizer.Size, settings.SampleRateHz), settings);
        waterfall = new Waterfall(settings, channelizer);
        workers = new CarrierWorkers(settings.Workers, tracks);
        isOnAir = hz => tracks.Exists(track => track.OnAir && Math.Abs(track.BasebandHz - hz) < SameCarrierHz);
    }

    /// <summary>Called with each line of the waterfall.</summary>
    public Action<PowerSpectrum>? OnSpectrum { get; set; }

    /// <summary>Asked once for each carrier that is found, by its nominal frequency: where what it sends goes.</summary>
    public Func<long, StationTap?>? TapFor { get; set; }

    /// <summary>Called with each interval's reading.</summary>
    public Action<FmBandReading>? OnReading { get; set; }

    /// <summary>Takes the next samples.</summary>
    /// <param name="interleavedIq">I, Q, I, Q …, full scale ±1; any even number.</param>
    /// <param name="discontinuity">Samples are missing before the first one: filters and loops start afresh, carriers and what they said of themselves stay.</param>
    public void Process(ReadOnlySpan<float> interleavedIq, bool discontinuity)
    {
        if (discontinuity) StartAfresh();
        while (channelizer.Take(ref interleavedIq)) ProcessBlock();
    }

    /// <summary>The receiver was tuned away and is back: what was begun is dropped, and what comes is not torn.</summary>
    internal void Tune()
    {
        DropInterval();
        StartAfresh();
    }

    private void DropInterval()
    {
        waterfall.Collect();
        waterfall.Interval.Clear();
        images.Clear();
        snapshots.Clear();
        spike.Clear();
        (samples, clipped, torn) = (0, 0, false);
    }

    private void StartAfresh()
    {
        channelizer.Reset();
        foreach (var track in tracks) track.Reset();
        spike.Break();
        settled = false;
        torn |= samples > 0;
    }

    private void ProcessBlock()
    {
        workers.ProcessBlock();
        // A block that begins with silence has the spectrum of its beginning.
        if (settled) Measure();
        settled = true;
        samples += channelizer.Hop;
        if (samples >= settings.Interval.TotalSeconds * settings.SampleRateHz) Report();
    }

    private void Measure()
    {
        if (blocks++ % ImageEvery == 0) images.Add(channelizer.SpectrumRe, channelizer.SpectrumIm);
        snapshots.Add(channelizer.SpectrumRe, channelizer.SpectrumIm);
        channelizer.Newest(out var re, out var im);
        spike.Add(re, im);
        clipped += Sums.CountBeyond(re, FullScale) + Sums.CountBeyond(im, FullScale);
        if (waterfall.Add() is { } line) OnSpectrum?.Invoke(line);
    }

    private void Report()
    {
        var length = samples / settings.SampleRateHz;
        waterfall.Collect();
        if (waterfall.Interval.Blocks > 0) OnReading?.Invoke(Read(length));
        startSeconds += length;
        DropInterval();
    }

    private FmBandReading Read(double length)
    {
        spectrum.Set(waterfall.Interval.Sums, waterfall.Interval.Scale, spike);
        if (settings.MeasureStations) survey.Run(isOnAir);
        var interval = new Interval(length, clipped > OverloadShare * samples, torn);
        return new FmBandReading(TimeSpan.FromSeconds(length), spectrum.Floor.MedianDb, interval.Overload, ReadCarriers(interval), [.. survey.Masked])
        {
            // Two components of each sample can be at full scale.
            ClippedShare = clipped / (2.0 * samples),
            Torn = torn,
            NoiseFloor = Floor(),
            Spectra = waterfall.Spectra(startSeconds, length),
        };
    }

    private NoiseFloorCurve Floor()
    {
        var start = Math.Ceiling((settings.CenterFrequencyHz - spectrum.EdgeHz) / FloorStepHz) * FloorStepHz;
        var curve = new float[Math.Max(1, (int)((settings.CenterFrequencyHz + spectrum.EdgeHz - start) / FloorStepHz) + 1)];
        for (var n = 0; n < curve.Length; n++) curve[n] = (float)(10 * Math.Log10(spectrum.Floor.At(start + n * FloorStepHz - settings.CenterFrequencyHz)));
        return new NoiseFloorCurve(start, FloorStepHz, curve);
    }

    private List<CarrierReading> ReadCarriers(in Interval interval)
    {
        var readings = new List<CarrierReading>();
        var seen = new HashSet<CarrierTrack>();
        foreach (var found in survey.Found)
        {
            var track = TrackOf(found, seen);
            seen.Add(track);
            readings.Add(track.Found(found, survey, spectrum, interval));
        }
        foreach (var track in tracks)
            if (!seen.Contains(track)) readings.Add(track.Missing(spectrum, interval.Seconds));
        tracks.RemoveAll(track => track.VanishedSeconds > settings.RemembersVanished.TotalSeconds);
        readings.Sort((a, b) => a.NominalHz.CompareTo(b.NominalHz));
        return readings;
    }

    private CarrierTrack TrackOf(in FoundCarrier found, HashSet<CarrierTrack> seen)
    {
        var basebandHz = found.BasebandHz;
        var known = tracks.Where(track => !seen.Contains(track)).OrderBy(track => Math.Abs(track.BasebandHz - basebandHz)).FirstOrDefault();
        if (known is not null && Math.Abs(known.BasebandHz - basebandHz) < SameCarrierHz) return known;
        var frequency = settings.CenterFrequencyHz + basebandHz;
        var onRaster = Math.Round(frequency / settings.RasterHz) * settings.RasterHz;
        var offRaster = Math.Abs(frequency - onRaster) > (found.BesideStronger ? BesideOnRasterHz : OnRasterHz);
        var nominal = offRaster ? Math.Round(frequency / 10_000) * 10_000 : onRaster;
        var track = new CarrierTrack(channelizer, (long)nominal, offRaster, nominal - settings.CenterFrequencyHz, TapFor?.Invoke((long)nominal));
        tracks.Add(track);
        return track;
    }

    private static void Check(FmBandSettings settings)
    {
        if (settings.SampleRateHz is not (>= 240_000 and <= 25_000_000)) throw new ProblemException(Texts.SampleRate(settings.SampleRateHz));
        if (!double.IsFinite(settings.CenterFrequencyHz)) throw new ProblemException(Texts.Setting(nameof(settings.CenterFrequencyHz)));
        if (settings.RasterHz is not (>= 10_000 and <= 1_000_000)) throw new ProblemException(Texts.Setting(nameof(settings.RasterHz)));
        if (settings.Interval < TimeSpan.FromMilliseconds(100) || settings.Interval > TimeSpan.FromMinutes(1)) throw new ProblemException(Texts.Setting(nameof(settings.Interval)));
        if (settings.SpectrumLinesPerSecond is < 1 or > 100) throw new ProblemException(Texts.Setting(nameof(settings.SpectrumLinesPerSecond)));
        if (settings.MaxSpectrumBins < 16 || !int.IsPow2(settings.MaxSpectrumBins)) throw new ProblemException(Texts.Setting(nameof(settings.MaxSpectrumBins)));
        if (settings.Workers is < 1 or > 64) throw new ProblemException(Texts.Setting(nameof(settings.Workers)));
        if (settings.UsableShare is not (> 0.1 and <= 1)) throw new ProblemException(Texts.Setting(nameof(settings.UsableShare)));
    }
}
