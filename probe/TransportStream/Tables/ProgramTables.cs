namespace SignalWatch.TransportStream;

/// <summary>PAT, CAT, PMT and TSDT (ISO/IEC 13818-1 2.4.4).</summary>
internal static class ProgramTables
{
    public static IEnumerable<TableDefinition> All { get; } =
    [
        new(TableIdentifiers.ProgramAssociation, "PAT", Association),
        new(TableIdentifiers.ConditionalAccess, "CAT", Descriptors),
        new(TableIdentifiers.ProgramMap, "PMT", Map),
        new(TableIdentifiers.StreamDescription, "TSDT", Descriptors),
    ];

    private static bool Association(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        element.Hex("transport_stream_id", (ulong)table.Extension.GetValueOrDefault(), 16);
        var services = new List<(uint Id, uint Pid)>();
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            while (reader.BytesLeft > 0)
            {
                var id = reader.Bits(16);
                reader.Skip(3);
                services.Add((id, reader.Bits(13)));
            }
            if (reader.Failed) return false;
        }
        foreach (var network in services.Where(service => service.Id == 0).Take(1)) element.Hex("network_PID", network.Pid, 13);
        TableDocument.SayMetadata(table, element);
        // By id, as the services of an SDT: the order in which they are sent means nothing, and multiplexers change it.
        foreach (var (id, pid) in services.Where(service => service.Id != 0).OrderBy(service => service.Id)) element.Child("service").Hex("service_id", id, 16).Hex("program_map_PID", pid, 13);
        return true;
    }

    private static bool Descriptors(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        TableDocument.SayMetadata(table, element);
        var scope = new DescriptorScope(text, table.TableId);
        for (var i = 0; i < table.Sections.Count; i++) DescriptorLoop.Read(table.Body(i), element, scope);
        return true;
    }

    private static bool Map(TableVersion table, TableElementBuilder element, DvbText text)
    {
        const uint NoClock = 0x1FFF;
        TableDocument.SayVersion(table, element);
        element.Hex("service_id", (ulong)table.Extension.GetValueOrDefault(), 16);
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            reader.Skip(3);
            var clock = reader.Bits(13);
            if (i == 0)
            {
                if (clock != NoClock) element.Hex("PCR_PID", clock, 13);
                TableDocument.SayMetadata(table, element);
            }
            reader.Skip(4);
            var program = new DescriptorScope(text, table.TableId);
            DescriptorLoop.Read12(ref reader, element, program);
            while (reader.BytesLeft > 0)
            {
                var type = reader.Int(8);
                reader.Skip(3);
                var component = element.Child("component").Hex("elementary_PID", reader.Bits(13), 13).Hex("stream_type", (ulong)type, 8);
                reader.Skip(4);
                DescriptorLoop.Read12(ref reader, component, new DescriptorScope(text, table.TableId, type, program));
            }
            if (reader.Failed) return false;
        }
        return true;
    }
}
