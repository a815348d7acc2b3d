using System.Globalization;
using SignalWatch.Collector.Registers;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Wall;

/// <summary>The carriers of the FM band now, as each probe sees them. What the register says of them is looked up with each observation.</summary>
internal sealed class CarrierTable(RegisterBook registers)
{
    /// <summary>More carriers than 200 probes could see; beyond it a probe is broken, and must not take the memory.</summary>
    private const int Most = 50_000;

    private readonly Dictionary<string, CarrierRow> rows = new(StringComparer.Ordinal);

    public IReadOnlyCollection<CarrierRow> Rows => rows.Values;

    public CarrierRow? Find(string key) => rows.GetValueOrDefault(key);

    /// <summary>Takes in an <c>fm.carrier</c> observation.</summary>
    /// <returns>The key of the row that changed or went; null where nothing did.</returns>
    public string? Observe(Observation o)
    {
        if (o.Facts.Number("frequency_hz") is not { } frequency) return null;
        var key = string.Create(CultureInfo.InvariantCulture, $"{o.Probe}/{o.Watch}/{(long)frequency}");
        var before = rows.GetValueOrDefault(key);
        if (before is not null && o.At < before.At) return null; // backfill: the wall shows now
        if (o.Facts.Flag("on_air") == false) return rows.Remove(key) ? key : null;
        if (before is null && rows.Count >= Most) return null;
        rows[key] = Row(key, o, (long)frequency);
        return key;
    }

    private CarrierRow Row(string key, Observation o, long frequency)
    {
        var slash = o.Subject.Key.IndexOf('/', StringComparison.Ordinal);
        var licence = registers.Fm.Look(slash > 0 ? o.Subject.Key.AsSpan(0, slash) : default, frequency, o.At, o.Facts.Text("pi")).Licence;
        return new(key, o.Probe, o.Watch, o.Subject, frequency, ClassOf(licence, o), licence?.Name ?? o.Facts.Text("ps"), o.Facts, o.At, o.Origin);
    }

    private CarrierClass ClassOf(FmLicence? licence, Observation o)
    {
        if (licence is not null) return licence.Class == LicenceClass.Overspill ? CarrierClass.Overspill : CarrierClass.Licensed;
        // Nobody is accused without a register to be missing from; what is not known to be modulated is not called a broadcast; and a product of the receiver, or what may be one, is nobody's transmission.
        return registers.Fm.Licences.Count > 0 && o.Facts.Flag("modulated") == true && (o.Facts.Text("status") is null or "unregistered") ? CarrierClass.Unregistered : CarrierClass.Unidentified;
    }
}
