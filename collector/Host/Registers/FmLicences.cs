using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Registers;

/// <summary>The register of FM stations as rules and probes look it up: every row that is known now, whatever days it is valid on.</summary>
internal static class FmLicences
{
    private static readonly RegisterSchema Schema = RegisterSchemas.Find(RegisterSchemas.FmType)!;
    private static readonly int Frequency = At("frequency_hz"), Pi = At("pi"), Ps = At("ps"), Licensee = At("licensee"), Class = At("class"), Area = At("area"), Erp = At("erp_kw"), Lat = At("lat"), Lon = At("lon"),
        Deviation = At("max_deviation_hz"), Level = At("max_level"), Note = At("note");

    /// <summary>No rows at all are no register: with it nobody is accused.</summary>
    public static FmRegister Of(IEnumerable<RegisteredEntry> entries)
    {
        var licences = entries.SelectMany(e => e.Present).Select(Licence).ToList();
        return licences.Count == 0 ? FmRegister.None : FmRegister.Of(licences);
    }

    private static FmLicence Licence(Segment segment)
    {
        var cells = segment.Cells;
        return new((long)Number(cells[Frequency])!.Value, cells[Pi].Length == 0 ? null : cells[Pi], cells[Ps], cells[Licensee], Enum.Parse<LicenceClass>(cells[Class], ignoreCase: true), cells[Area],
            Number(cells[Erp]), Number(cells[Lat]), Number(cells[Lon]), Number(cells[Deviation]), Number(cells[Level]),
            segment.From == DateOnly.MinValue ? null : segment.From, segment.To == DateOnly.MaxValue ? null : segment.To, cells[Note]);
    }

    private static double? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);

    private static int At(string column) => Schema.IndexOf(column);
}
