namespace SignalWatch.TransportStream;

/// <summary>Tables of one short section: TDT, TOT, RST and DIT (EN 300 468 5.2.5 to 5.2.7, 7.1.1).</summary>
internal static class TimeTables
{
    public static IEnumerable<TableDefinition> All { get; } =
    [
        new(TableIdentifiers.TimeAndDate, "TDT", TimeAndDate),
        new(TableIdentifiers.TimeOffset, "TOT", TimeOffset),
        new(TableIdentifiers.RunningStatus, "RST", RunningStatus),
        new(TableIdentifiers.Discontinuity, "discontinuity_information_table", Discontinuity),
    ];

    private static bool TimeAndDate(TableVersion table, TableElementBuilder element, DvbText text)
    {
        var reader = new BitReader(table.Body(0));
        DvbTime.Say(element, "UTC_time", ref reader);
        TableDocument.SayMetadata(table, element);
        return IsAllRead(reader);
    }

    private static bool TimeOffset(TableVersion table, TableElementBuilder element, DvbText text)
    {
        var reader = new BitReader(table.Body(0));
        DvbTime.Say(element, "UTC_time", ref reader);
        TableDocument.SayMetadata(table, element);
        reader.Skip(4);
        DescriptorLoop.Read12(ref reader, element, new DescriptorScope(text, table.TableId));
        return IsAllRead(reader);
    }

    private static bool RunningStatus(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayMetadata(table, element);
        var reader = new BitReader(table.Body(0));
        while (reader.BytesLeft > 0)
        {
            var entry = element.Child("event").Hex("transport_stream_id", reader.Bits(16), 16);
            entry.Hex("original_network_id", reader.Bits(16), 16).Hex("service_id", reader.Bits(16), 16).Hex("event_id", reader.Bits(16), 16);
            reader.Skip(5);
            ServiceTables.SayRunningStatus(entry, reader.Bits(3));
        }
        return !reader.Failed;
    }

    private static bool Discontinuity(TableVersion table, TableElementBuilder element, DvbText text)
    {
        var reader = new BitReader(table.Body(0));
        element.Flag("transition", reader.Flag());
        reader.Skip(7);
        TableDocument.SayMetadata(table, element);
        return IsAllRead(reader);
    }

    private static bool IsAllRead(in BitReader reader) => !reader.Failed && reader.BytesLeft == 0;
}
