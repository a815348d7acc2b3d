using System.Collections.Frozen;

namespace SignalWatch.TransportStream;

/// <summary>Reads a table into its element.</summary>
/// <returns>False where a section breaks off or contradicts itself.</returns>
internal delegate bool TableParser(TableVersion table, TableElementBuilder element, DvbText text);

/// <summary>A table that is read as a document.</summary>
internal sealed record TableDefinition(int TableId, string Name, TableParser Parser);

/// <summary>Tables → documents. What has no parser, or breaks its parser, is a generic table with all its bytes.</summary>
internal static class TableDocument
{
    private static readonly FrozenDictionary<int, TableDefinition> Definitions =
        new IEnumerable<TableDefinition>[] { ProgramTables.All, NetworkTables.All, ServiceTables.All, TimeTables.All, ApplicationTables.All, SpliceInformation.All }
            .SelectMany(family => family).ToFrozenDictionary(definition => definition.TableId);

    public static TableElement Read(TableVersion table, DvbText text)
    {
        if (Definitions.TryGetValue(table.TableId, out var known))
        {
            var element = new TableElementBuilder(known.Name);
            if (known.Parser(table, element, text)) return element.Build();
        }
        return Generic(table);
    }

    /// <summary>The attributes that tables of long sections begin with.</summary>
    public static void SayVersion(TableVersion table, TableElementBuilder element) =>
        element.Number("version", table.Version ?? 0).Flag("current", table.IsCurrent);

    /// <summary>Where the table stood in the stream. Not part of the table.</summary>
    public static void SayMetadata(TableVersion table, TableElementBuilder element)
    {
        var metadata = element.Child("metadata").Number("PID", table.Pid).Number("first_ts_packet", table.FirstPacket).Number("last_ts_packet", table.LastPacket);
        if (table.MissingSections > 0) metadata.Number("missing_sections", table.MissingSections);
    }

    private static TableElement Generic(TableVersion table)
    {
        if (table.Extension is not { } extension)
        {
            var shortTable = new TableElementBuilder("generic_short_table").Hex("table_id", (ulong)table.TableId, 8).Flag("private", table.PrivateIndicator);
            SayMetadata(table, shortTable);
            shortTable.Bytes(table.Body(0));
            return shortTable.Build();
        }
        var element = new TableElementBuilder("generic_long_table").Hex("table_id", (ulong)table.TableId, 8).Hex("table_id_ext", (ulong)extension, 16);
        SayVersion(table, element);
        element.Flag("private", table.PrivateIndicator);
        SayMetadata(table, element);
        for (var i = 0; i < table.Sections.Count; i++) element.Child("section").Bytes(table.Body(i));
        return element.Build();
    }
}
