using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A band over the whole run.</summary>
internal sealed class BandSummary(RegisterFile? register)
{
    /// <summary>Under it 1e-6 of a station's samples is not resolved (SM.1268-5), and there is no MPX power by its standard (BS.412-9).</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<long, CarrierSummary> carriers = [];
    private readonly Dictionary<(long Place, MaskReason Reason), MaskedPeak> masked = [];
    private CarrierIdentity? identity;
    private double noiseSum;
    private double seconds;

    /// <summary>All carriers that were on the air, by frequency.</summary>
    public IEnumerable<CarrierSummary> Carriers => carriers.Values.Where(c => c.LastOnAir is not null);

    /// <summary>What was no carrier, each place once at its strongest; none where a carrier is found at another time.</summary>
    public IEnumerable<MaskedPeak> Masked => masked.Values.Where(m => !Carriers.Any(c => Math.Abs(c.Last.NominalHz + c.OffsetHz - m.FrequencyHz) < 50_000)).OrderBy(m => m.FrequencyHz);

    /// <summary>The mirror images among it, with what was said of each; by frequency.</summary>
    public IEnumerable<(MaskedPeak Peak, Identification Who)> Images
    {
        get
        {
            // A wide image has two flanks: it is told once, at its strongest.
            var told = new HashSet<long>();
            foreach (var peak in Masked.Where(m => m.Reason == MaskReason.Image).OrderByDescending(m => m.LevelDbfs))
            {
                var who = Identity.Values.Where(w => w.Status == CarrierStatus.Image).MinBy(w => Math.Abs(w.NominalHz - peak.FrequencyHz));
                if (who is not null && Math.Abs(who.NominalHz - peak.FrequencyHz) <= 50_000 && told.Add(who.NominalHz)) yield return (peak, who);
            }
        }
    }

    /// <summary>Who they are, by nominal frequency.</summary>
    public IReadOnlyDictionary<long, Identification> Identity => identity?.Latest ?? new Dictionary<long, Identification>();

    /// <summary>The receiver was overloaded at some time.</summary>
    public bool Overload { get; private set; }

    /// <summary>Mean noise density; null before the first reading.</summary>
    public double? NoiseFloorDbfsPerHz => seconds > 0 ? Math.Round(10 * Math.Log10(Math.Max(noiseSum / seconds, 1e-30)), 2) : null;

    /// <summary>Adds an interval.</summary>
    /// <param name="reading">What was measured.</param>
    /// <param name="at">Its end.</param>
    /// <param name="centreHz">The frequency in the middle of the band.</param>
    public void Add(FmBandReading reading, DateTimeOffset at, double centreHz)
    {
        var length = reading.Length.TotalSeconds;
        noiseSum += Math.Pow(10, reading.NoiseFloorDbfsPerHz / 10) * length;
        seconds += length;
        Overload |= reading.Overload;
        foreach (var carrier in reading.Carriers)
        {
            if (!carriers.TryGetValue(carrier.NominalHz, out var known)) carriers[carrier.NominalHz] = known = new CarrierSummary { Last = carrier };
            known.Add(carrier, length);
        }
        foreach (var peak in reading.Masked)
        {
            var place = ((long)Math.Round(peak.FrequencyHz / 50_000), peak.Reason);
            if (!masked.TryGetValue(place, out var stronger) || peak.LevelDbfs > stronger.LevelDbfs) masked[place] = peak;
        }
        identity ??= new CarrierIdentity(register, centreHz);
        identity.Add(reading, at);
    }

    /// <summary>What a reader of the figures has to know.</summary>
    public IEnumerable<Problem> Warnings(TimeSpan length, bool hasRegister)
    {
        if (Overload) yield return FmTexts.Overload;
        if (length < Short) yield return FmTexts.ShortObservation(length.TotalSeconds);
        if (!hasRegister) yield return FmTexts.NoRegister;
    }
}
