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

    internal FmRegister(IEnumerable<FmLicence> licences)
    {
        byFrequency = [.. licences.OrderBy(l => l.FrequencyHz).ThenBy(l => l.Area, StringComparer.Ordinal).ThenBy(l => l.ValidFrom)];
        labels = [.. byFrequency.Select(l => $"{l.Area} {l.Name}".Trim())];
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

    /// <summary>The entry for a frequency: the nearest within <see cref="ToleranceHz"/>, valid on the day, and in force in the area; of equally near ones the one for the smaller area.</summary>
    /// <param name="area">Area code of GB/T 2260 where the carrier is received.</param>
    /// <param name="frequencyHz">Its frequency, Hz.</param>
    /// <param name="at">When.</param>
    /// <returns>The entry; null where there is none, and where it can't be said because the area is not known well enough.</returns>
    public FmLicence? Find(string area, long frequencyHz, DateTimeOffset at) => Look(area, frequencyHz, at).Licence;

    /// <summary>As <see cref="Find"/>, but tells "none" from "can't be said": an entry for 4401 neither covers nor excludes a probe of which only the province 44 is known.</summary>
    /// <param name="area">Area code of GB/T 2260 where the carrier is received.</param>
    /// <param name="frequencyHz">Its frequency, Hz.</param>
    /// <param name="at">When.</param>
    public (bool Known, FmLicence? Licence) Look(ReadOnlySpan<char> area, long frequencyHz, DateTimeOffset at)
    {
        if (byFrequency.Length == 0) return (false, null);
        var day = LegalTime.DayOf(at);
        FmLicence? best = null;
        var undecided = false;
        for (var i = FirstFrom(frequencyHz - ToleranceHz); i < byFrequency.Length && byFrequency[i].FrequencyHz <= frequencyHz + ToleranceHz; i++)
        {
            var licence = byFrequency[i];
            if (!licence.IsValid(day)) continue;
            if (!area.StartsWith(licence.Area, StringComparison.Ordinal)) undecided |= licence.Area.AsSpan().StartsWith(area, StringComparison.Ordinal);
            else if (best is null || IsBetter(licence, best, frequencyHz)) best = licence;
        }
        return (best is not null || !undecided, best);
    }

    /// <summary>What the register has on a frequency for other areas than this one: whoever reads that it is not registered here must read that too.</summary>
    /// <param name="area">Area code of GB/T 2260 where the carrier is received.</param>
    /// <param name="frequencyHz">Its frequency, Hz.</param>
    /// <param name="at">When.</param>
    /// <returns>Area and name of the nearest entry, such as <c>4403 深圳先锋898</c>; null where there is none.</returns>
    public string? Elsewhere(ReadOnlySpan<char> area, long frequencyHz, DateTimeOffset at)
    {
        var (day, best) = (LegalTime.DayOf(at), -1);
        for (var i = FirstFrom(frequencyHz - ToleranceHz); i < byFrequency.Length && byFrequency[i].FrequencyHz <= frequencyHz + ToleranceHz; i++)
        {
            var licence = byFrequency[i];
            if (licence.IsValid(day) && !area.StartsWith(licence.Area, StringComparison.Ordinal) && (best < 0 || IsBetter(licence, byFrequency[best], frequencyHz))) best = i;
        }
        return best < 0 ? null : labels[best];
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
