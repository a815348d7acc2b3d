using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Rules.Packs;

namespace SignalWatch.Rules;

/// <summary>The register of FM stations: who may transmit on which frequency, where and when. Immutable.</summary>
public sealed class FmRegister
{
    /// <summary>A carrier belongs to an entry within this distance, Hz: half the 100 kHz raster.</summary>
    public const long ToleranceHz = 50_000;

    private readonly FmLicence[] byFrequency;
    private readonly string[] labels;
    private readonly FmLicence[] overspill; // the same stations, as other areas receive them

    internal FmRegister(IEnumerable<FmLicence> licences)
    {
        byFrequency = [.. licences.OrderBy(l => l.FrequencyHz).ThenBy(l => l.Area, StringComparer.Ordinal).ThenBy(l => l.ValidFrom)];
        labels = [.. byFrequency.Select(l => $"{l.Area} {l.Name}".Trim())];
        overspill = [.. byFrequency.Select(l => l with { Class = LicenceClass.Overspill })];
        Digest = DigestOf(byFrequency);
    }

    /// <summary>No register at all. Not the same as one in which nobody is licensed: with it, what the register says is unknown, and nobody is accused.</summary>
    public static FmRegister None { get; } = new([]);

    /// <summary>A register of these entries, as another part of the product gives them.</summary>
    /// <param name="licences">The entries, in any order.</param>
    public static FmRegister Of(IEnumerable<FmLicence> licences) => new(licences);

    /// <summary>The entries, by frequency.</summary>
    public IReadOnlyList<FmLicence> Licences => byFrequency;

    /// <summary>SHA-256 over the entries, lower-case hex: the same entries have the same digest, whatever the order, columns or encoding of their file. Empty for no register.</summary>
    public string Digest { get; }

    /// <summary>Imports a register from CSV (RFC 4180) in UTF-8, with or without BOM, or GB18030.</summary>
    /// <param name="csv">The file's bytes.</param>
    /// <param name="mode">What becomes of a file with bad rows.</param>
    public static FmImport Import(ReadOnlyMemory<byte> csv, ImportMode mode) => new FmCsv(mode).Read(csv);

    /// <summary>The entry for a frequency: the nearest within <see cref="ToleranceHz"/>, valid on the day, and in force in the area; of equally near ones the one for the smaller area.
    /// Where there is none, a station of another area: received here it is overspill (溢波), unless the carrier's PI shows that it is not that station.</summary>
    /// <param name="area">Area code of GB/T 2260 where the carrier is received.</param>
    /// <param name="frequencyHz">Its frequency, Hz.</param>
    /// <param name="at">When.</param>
    /// <param name="pi">The PI that the carrier was heard with, four hex digits; null where none is known.</param>
    public RegisterEntry Look(ReadOnlySpan<char> area, long frequencyHz, DateTimeOffset at, string? pi = null)
    {
        if (byFrequency.Length == 0) return default;
        var day = LegalTime.DayOf(at);
        int here = -1, elsewhere = -1, other = -1;
        var undecided = false;
        for (var i = FirstFrom(frequencyHz - ToleranceHz); i < byFrequency.Length && byFrequency[i].FrequencyHz <= frequencyHz + ToleranceHz; i++)
        {
            var licence = byFrequency[i];
            if (!licence.IsValid(day)) continue;
            if (area.StartsWith(licence.Area, StringComparison.Ordinal)) here = Better(i, here);
            // An entry for 4401 neither covers nor excludes a probe of which only the province 44 is known.
            else if (licence.Area.AsSpan().StartsWith(area, StringComparison.Ordinal)) undecided = true;
            // Overspill is registered for the areas that it reaches: in others it excuses nobody (FM-01).
            else if (licence.Class == LicenceClass.Overspill) other = Better(i, other);
            else if (pi is null || licence.Pi is null || pi.Equals(licence.Pi, StringComparison.OrdinalIgnoreCase)) elsewhere = Better(i, elsewhere);
            else other = Better(i, other);
        }
        if (here >= 0) return new(true, byFrequency[here], null);
        if (undecided) return default;
        if (elsewhere >= 0) return new(true, overspill[elsewhere], labels[elsewhere]);
        return new(true, null, other < 0 ? null : labels[other]);

        int Better(int i, int best) => best < 0 || IsBetter(byFrequency[i], byFrequency[best], frequencyHz) ? i : best;
    }

    private static bool IsBetter(FmLicence licence, FmLicence best, long frequencyHz)
    {
        var nearer = Math.Abs(licence.FrequencyHz - frequencyHz).CompareTo(Math.Abs(best.FrequencyHz - frequencyHz));
        return nearer < 0 || (nearer == 0 && licence.Area.Length > best.Area.Length);
    }

    private int FirstFrom(long frequencyHz)
    {
        int low = 0, high = byFrequency.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (byFrequency[middle].FrequencyHz < frequencyHz) low = middle + 1; else high = middle;
        }
        return low;
    }

    private static string DigestOf(FmLicence[] licences)
    {
        if (licences.Length == 0) return "";
        // Control characters between fields and entries: they can't be in a field, so no two registers give the same text.
        var lines = licences.Select(l => string.Join('\u001f', new[]
        {
            Number(l.FrequencyHz), l.Pi, l.Name, l.Licensee, l.Class.ToString(), l.Area, Number(l.ErpKw), Number(l.Latitude), Number(l.Longitude), Number(l.MaxDeviationHz),
            Number(l.MaxLevelDbuvm), Day(l.ValidFrom), Day(l.ValidTo), l.Note,
        }));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001e', lines.Order(StringComparer.Ordinal)))));

        static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
        static string? Day(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture);
    }
}
