namespace SignalWatch.TransportStream;

/// <summary>SDT, EIT and SIT (EN 300 468 5.2.3, 5.2.4, 7.1.2).</summary>
internal static class ServiceTables
{
    private static readonly string[] RunningStatus = ["undefined", "not-running", "starting", "pausing", "running", "off-air"];

    public static IEnumerable<TableDefinition> All { get; } =
    [
        new(TableIdentifiers.ServiceActual, "SDT", Services),
        new(TableIdentifiers.ServiceOther, "SDT", Services),
        new(TableIdentifiers.Selection, "selection_information_table", Selection),
        .. Enumerable.Range(TableIdentifiers.FirstEvent, TableIdentifiers.LastEvent - TableIdentifiers.FirstEvent + 1).Select(id => new TableDefinition(id, "EIT", Events)),
    ];

    public static void SayRunningStatus(TableElementBuilder element, uint status) => Fields.SayNamed(element, "running_status", status, 3, RunningStatus);

    private static bool Services(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        element.Hex("transport_stream_id", (ulong)table.Extension.GetValueOrDefault(), 16);
        var services = new List<(uint Id, TableElementBuilder Service)>();
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            var network = reader.Bits(16);
            if (i == 0)
            {
                element.Hex("original_network_id", network, 16).Flag("actual", table.TableId == TableIdentifiers.ServiceActual);
                TableDocument.SayMetadata(table, element);
            }
            reader.Skip(8);
            while (reader.BytesLeft > 0)
            {
                var id = reader.Bits(16);
                var service = new TableElementBuilder("service").Hex("service_id", id, 16);
                services.Add((id, service));
                reader.Skip(6);
                service.Flag("EIT_schedule", reader.Flag());
                service.Flag("EIT_present_following", reader.Flag());
                var status = reader.Bits(3);
                service.Flag("CA_mode", reader.Flag());
                SayRunningStatus(service, status);
                DescriptorLoop.Read12(ref reader, service, new DescriptorScope(text, table.TableId));
            }
            if (reader.Failed) return false;
        }
        foreach (var (_, service) in services.OrderBy(entry => entry.Id)) element.Add(service);
        return true;
    }

    private static bool Events(TableVersion table, TableElementBuilder element, DvbText text)
    {
        var isActual = table.TableId is TableIdentifiers.FirstEvent or >= TableIdentifiers.FirstSchedule and < TableIdentifiers.FirstScheduleOther;
        element.Text("type", table.TableId < TableIdentifiers.FirstSchedule ? "pf" : (table.TableId & 0xF).ToString(System.Globalization.CultureInfo.InvariantCulture));
        TableDocument.SayVersion(table, element);
        element.Flag("actual", isActual).Hex("service_id", (ulong)table.Extension.GetValueOrDefault(), 16);
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            var (stream, network) = (reader.Bits(16), reader.Bits(16));
            reader.Skip(8);
            var lastTable = reader.Bits(8);
            if (i == 0)
            {
                element.Hex("transport_stream_id", stream, 16).Hex("original_network_id", network, 16).Hex("last_table_id", lastTable, 8);
                TableDocument.SayMetadata(table, element);
            }
            while (reader.BytesLeft > 0) Event(ref reader, element.Child("event"), text, table.TableId);
            if (reader.Failed) return false;
        }
        return true;
    }

    private static bool Selection(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        TableDocument.SayMetadata(table, element);
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            reader.Skip(4);
            DescriptorLoop.Read12(ref reader, element, new DescriptorScope(text, table.TableId));
            while (reader.BytesLeft > 0)
            {
                var service = element.Child("service").Hex("service_id", reader.Bits(16), 16);
                reader.Skip(1);
                SayRunningStatus(service, reader.Bits(3));
                DescriptorLoop.Read12(ref reader, service, new DescriptorScope(text, table.TableId));
            }
            if (reader.Failed) return false;
        }
        return true;
    }

    private static void Event(ref BitReader reader, TableElementBuilder entry, DvbText text, int tableId)
    {
        entry.Hex("event_id", reader.Bits(16), 16);
        DvbTime.Say(entry, "start_time", ref reader);
        DvbTime.SayDuration(entry, "duration", ref reader);
        var status = reader.Bits(3);
        var isScrambled = reader.Flag();
        SayRunningStatus(entry, status);
        entry.Flag("CA_mode", isScrambled);
        DescriptorLoop.Read12(ref reader, entry, new DescriptorScope(text, tableId));
    }
}
