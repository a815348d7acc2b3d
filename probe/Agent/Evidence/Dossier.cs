using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Probe.Evidence;

/// <summary>One dossier while it is recorded: the files of its folder, and what its manifest says of them. It reads no clock and has no thread; what it is given twice gives the same bytes twice.</summary>
internal sealed class Dossier : IDisposable
{
    /// <summary>The recording of the channel, without its ending.</summary>
    public const string Iq = "channel";

    // Blocks are stamped when they end, give or take a block: less than this is no gap.
    private const double GapSeconds = 0.5;

    private const int MostGapsListed = 1000;

    private const double FullScaleDeviationHz = 150_000;

    private readonly EvidenceOccasion occasion;
    private readonly EvidenceSettings settings;
    private readonly TimeZoneInfo zone;
    private readonly List<SoundPart> parts = [];
    private readonly List<EvidenceGap> gaps = [];
    private readonly GroupFile groups;
    private SpectraFile? spectra;
    private SigMfRecorder? recorder;
    private IqPart? iq;
    private SoundFile? sound;
    private bool iqDone;
    private long gapsNotListed, lastTicks;
    private double secondsMissing;
    private DateTimeOffset? suspicionEnd;

    /// <summary>Begins a dossier.</summary>
    /// <param name="part">Its folder.</param>
    /// <param name="occasion">Of what, and why.</param>
    /// <param name="settings">How much.</param>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public Dossier(string part, EvidenceOccasion occasion, EvidenceSettings settings)
    {
        (Folder, this.occasion, this.settings, zone, lastTicks) = (part, occasion, settings, occasion.Receiver.Zone, occasion.At.UtcTicks);
        // First of all: whatever happens next, the folder says what it is.
        WriteManifest();
        File.WriteAllText(Path.Combine(part, EvidenceReadme.Name), EvidenceReadme.Text(occasion.FrequencyHz));
        groups = new GroupFile(part, occasion.FrequencyHz, occasion.At, occasion.Receiver.Software, zone);
    }

    public string Folder { get; }

    public EvidenceOccasion Occasion => occasion;

    public double SoundSeconds => parts.Sum(p => p.Samples / (double)p.SampleRateHz) + (sound?.Samples ?? 0) / (double)SoundRing.SampleRateHz;

    public double SecondsMissing => secondsMissing;

    /// <summary>Sound.</summary>
    /// <param name="left">Left, at most one file's length.</param>
    /// <param name="right">Right.</param>
    /// <param name="endTicks">When the last sample was received.</param>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Sound(ReadOnlySpan<short> left, ReadOnlySpan<short> right, long endTicks)
    {
        var startTicks = endTicks - Ticks(left.Length / (double)SoundRing.SampleRateHz);
        if (sound is not null && (startTicks - sound.NextTicks) / (double)TimeSpan.TicksPerSecond is var away and > GapSeconds)
        {
            Lost("sound", sound.NextTicks, away, EvidenceTexts.NothingReceived);
        }
        while (!left.IsEmpty)
        {
            sound ??= new SoundFile(Folder, parts.Count + 1, occasion, startTicks);
            var take = (int)Math.Min(left.Length, MostSamples - sound.Samples);
            sound.Write(left[..take], right[..take]);
            left = left[take..];
            right = right[take..];
            startTicks += Ticks(take / (double)SoundRing.SampleRateHz);
            if (sound.Samples >= MostSamples) CompleteSound();
        }
        lastTicks = Math.Max(lastTicks, endTicks);
    }

    /// <summary>Samples of the channel. What is beyond its length is not kept.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    /// <exception cref="ProblemException">Likewise.</exception>
    public void Samples(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double sampleRateHz, long endTicks)
    {
        if (iqDone) return;
        if (recorder is not null && sampleRateHz != iq!.SampleRateHz)
        {
            CompleteIq(); // one recording has one rate
            return;
        }
        recorder ??= BeginIq(re, im, sampleRateHz, endTicks - Ticks(re.Length / sampleRateHz));
        var take = (int)Math.Min(re.Length, (long)(settings.Iq.TotalSeconds * iq!.SampleRateHz) - recorder.Samples);
        recorder.Write(re[..take], im[..take]);
        if (take < re.Length || recorder.Samples >= (long)(settings.Iq.TotalSeconds * iq.SampleRateHz)) CompleteIq();
    }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Group(in TimedGroup group)
    {
        groups.Add(group);
        lastTicks = Math.Max(lastTicks, group.Ticks);
    }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Spectrum(SpectrumAxis axis, ReadOnlySpan<byte> line, long ticks)
    {
        spectra ??= new SpectraFile(Folder, axis, occasion.FrequencyHz, zone);
        spectra.Add(axis, line, ticks);
    }

    /// <summary>Something is missing.</summary>
    public void Lost(string what, long ticks, double seconds, Text why)
    {
        secondsMissing += seconds;
        if (gaps.Count < MostGapsListed) gaps.Add(new EvidenceGap(what, EvidenceTime.In(ticks, zone), Math.Round(seconds, 3), why));
        else gapsNotListed++;
        if (what is "all" or "sound") sound?.Anchor(sound.NextTicks + Ticks(seconds));
        if (what is "all" or "iq") recorder?.Gap((long)(seconds * iq!.SampleRateHz), EvidenceTime.In(ticks + Ticks(seconds), zone));
    }

    /// <summary>The suspicion ended for now; null: it stands again.</summary>
    public void Suspicion(DateTimeOffset? end) => suspicionEnd = end;

    /// <summary>Puts on the disk what there is: this is what the plug leaves.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Flush()
    {
        groups.Flush();
        spectra?.Flush(toDisk: true);
        sound?.Flush();
        recorder?.Flush();
        WriteManifest();
    }

    /// <summary>Ends it.</summary>
    /// <returns>Its name, and the manifest's SHA-256.</returns>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public (string Name, string Sha256) Complete(Text ending)
    {
        if (sound is not null) CompleteSound();
        if (recorder is not null) CompleteIq();
        spectra?.Flush(toDisk: true);
        var manifest = Manifest(DossierState.Complete, ending);
        Dispose();
        return DossierFolder.Publish(Folder, manifest);
    }

    /// <summary>Lets go of the files; without <see cref="Complete"/> they stay as they are.</summary>
    public void Dispose()
    {
        groups.Dispose();
        spectra?.Dispose();
        sound?.Dispose();
        recorder?.Dispose();
    }

    private long MostSamples => (long)((settings.Before + settings.AtLeast).TotalSeconds * SoundRing.SampleRateHz);

    private void CompleteSound()
    {
        sound!.Complete();
        parts.Add(sound.Part(zone));
        sound.Dispose();
        sound = null;
    }

    private SigMfRecorder BeginIq(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double sampleRateHz, long startTicks)
    {
        var receiver = occasion.Receiver;
        var gain = Gain(re, im);
        iq = new IqPart(Iq + ".sigmf-data", EvidenceTime.In(startTicks, zone), 0, sampleRateHz, gain, 0);
        return new SigMfRecorder(Path.Combine(Folder, Iq), new RecordingDescription
        {
            SampleRateHz = sampleRateHz,
            CenterFrequencyHz = occasion.FrequencyHz,
            At = new DateTimeOffset(startTicks, TimeSpan.Zero),
            Origin = receiver.Origin,
            Gain = gain,
            DbmAtFullScale = receiver.DbmAtFullScale,
            Hardware = receiver.Name,
            Recorder = "SignalWatch " + receiver.Software,
            Description = occasion.Reason.Zh,
            Position = receiver.Position is { } p ? (p.Latitude, p.Longitude) : null,
            Annotations = [new RecordingAnnotation(occasion.FrequencyHz - 100_000, occasion.FrequencyHz + 100_000, string.Create(CultureInfo.InvariantCulture, $"FM {occasion.FrequencyHz / 1e6:F2} MHz"))],
        });
    }

    // A power of two that leaves the first block 12 dB below full scale: a weak carrier at ±1 would be rounded away, and division gives it back exactly.
    private static float Gain(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        var peak = 0f;
        for (var n = 0; n < re.Length; n++) peak = Math.Max(peak, Math.Max(Math.Abs(re[n]), Math.Abs(im[n])));
        return peak > 0 && float.IsFinite(peak) ? (float)Math.ScaleB(1, Math.Clamp(-Math.ILogB(peak) - 3, 0, 20)) : 1;
    }

    private void CompleteIq()
    {
        var finished = recorder!.Complete();
        iq = iq! with { Samples = finished.Samples, Clipped = finished.Clipped };
        recorder.Dispose();
        (recorder, iqDone) = (null, true);
    }

    private void WriteManifest() => DossierFolder.WriteManifest(Folder, Manifest(DossierState.Recording, null));

    private JsonObject Manifest(DossierState state, Text? ending)
    {
        var receiver = occasion.Receiver;
        return JsonSerializer.SerializeToNode(new EvidenceManifest
        {
            State = state,
            Ending = ending,
            Standing = EvidenceStanding.Of(receiver, occasion.At),
            FrequencyHz = occasion.FrequencyHz,
            Reason = occasion.Reason,
            Begin = EvidenceTime.In(occasion.At.UtcTicks, zone),
            SuspicionEnd = suspicionEnd is { } end ? EvidenceTime.In(end.UtcTicks, zone) : null,
            Last = EvidenceTime.In(lastTicks, zone),
            Zone = zone.Id,
            Clock = receiver.Clock,
            Origin = receiver.Origin,
            Probe = receiver.Probe.Value,
            Watch = receiver.Watch.Value,
            Area = receiver.Area,
            Receiver = receiver.Name,
            Position = receiver.Position,
            Calibration = receiver.Calibration,
            DbmAtFullScale = receiver.DbmAtFullScale,
            RegisterDigest = occasion.RegisterDigest,
            Identification = occasion.Identification,
            Software = receiver.Software,
            Sound = sound is null ? parts : [.. parts, sound.Part(zone)],
            Iq = recorder is null ? iq : iq! with { Samples = recorder.Samples, Clipped = recorder.Clipped },
            Spectra = spectra is null ? null : new SpectraPart(SpectraFile.Levels, spectra.Rows, spectra.Axis.Bins, spectra.Axis.StartHz, spectra.Axis.StepHz, SpectrumRing.FloorDb, SpectrumRing.StepDb, spectra.Skipped),
            RdsGroups = groups?.Groups ?? 0,
            Gaps = gaps,
            GapsNotListed = gapsNotListed,
            SecondsMissing = Math.Round(secondsMissing, 3),
        }, EvidenceManifest.Json)!.AsObject();
    }

    private static long Ticks(double seconds) => (long)Math.Round(seconds * TimeSpan.TicksPerSecond);

    /// <summary>One file of sound.</summary>
    private sealed class SoundFile : IDisposable
    {
        private readonly string name;
        private readonly long startTicks;
        private readonly FileStream file;
        private readonly FlacWriter flac;
        private bool differ;
        private long anchorTicks, anchorSamples;

        public SoundFile(string folder, int number, EvidenceOccasion occasion, long startTicks)
        {
            (name, this.startTicks, anchorTicks) = (string.Create(CultureInfo.InvariantCulture, $"sound-{number:D3}.flac"), startTicks, startTicks);
            file = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            var receiver = occasion.Receiver;
            flac = new FlacWriter(file, SoundRing.SampleRateHz, 2, "SignalWatch " + receiver.Software,
            [
                new("TITLE", string.Create(CultureInfo.InvariantCulture, $"FM {occasion.FrequencyHz / 1e6:F3} MHz")),
                new("DATE", EvidenceTime.Text(startTicks, receiver.Zone)),
                new("LOCATION", receiver.Position is { } p ? string.Create(CultureInfo.InvariantCulture, $"{receiver.Area} {p.Latitude:F5} {p.Longitude:F5}") : receiver.Area),
                new("DESCRIPTION", occasion.Reason.Zh + " / " + occasion.Reason.En),
                new("ORIGIN", receiver.Origin.ToString().ToUpperInvariant()),
                new("PROBE", receiver.Probe.Value),
                new("FULLSCALE", string.Create(CultureInfo.InvariantCulture, $"{FullScaleDeviationHz:F0} Hz deviation")),
            ]);
        }

        public long Samples => flac.Samples;

        /// <summary>When the next sample is due.</summary>
        public long NextTicks => anchorTicks + Ticks((Samples - anchorSamples) / (double)SoundRing.SampleRateHz);

        /// <summary>The next sample is of this time.</summary>
        public void Anchor(long ticks) => (anchorTicks, anchorSamples) = (ticks, Samples);

        public void Write(ReadOnlySpan<short> left, ReadOnlySpan<short> right)
        {
            differ = differ || !left.SequenceEqual(right);
            flac.Write(left, right);
        }

        public SoundPart Part(TimeZoneInfo zone) => new(name, EvidenceTime.In(startTicks, zone), Samples, SoundRing.SampleRateHz, differ, FullScaleDeviationHz);

        public void Flush() => file.Flush(flushToDisk: true);

        public void Complete()
        {
            flac.Complete();
            file.Flush(flushToDisk: true);
        }

        public void Dispose()
        {
            flac.Dispose();
            file.Dispose();
        }
    }
}
