namespace SignalWatch.TransportStream;

/// <summary>NIT and BAT (EN 300 468 5.2.1, 5.2.2).</summary>
internal static class NetworkTables
{
    public static IEnumerable<TableDefinition> All { get; } =
    [
        new(TableIdentifiers.NetworkActual, "NIT", Network),
        new(TableIdentifiers.NetworkOther, "NIT", Network),
        new(TableIdentifiers.Bouquet, "BAT", Bouquet),
    ];

    private static bool Network(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        element.Hex("network_id", (ulong)table.Extension.GetValueOrDefault(), 16).Flag("actual", table.TableId == TableIdentifiers.NetworkActual);
        return Streams(table, element, text);
    }

    private static bool Bouquet(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        element.Hex("bouquet_id", (ulong)table.Extension.GetValueOrDefault(), 16);
        return Streams(table, element, text);
    }

    // The network's own descriptors of all sections stand before the streams, and these by their ids.
    private static bool Streams(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayMetadata(table, element);
        var streams = new List<(uint Id, uint Network, TableElementBuilder Stream)>();
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            reader.Skip(4);
            DescriptorLoop.Read12(ref reader, element, new DescriptorScope(text, table.TableId));
            reader.Skip(4);
            var loop = reader.Part(reader.Int(12));
            while (loop.BytesLeft > 0)
            {
                var (id, network) = (loop.Bits(16), loop.Bits(16));
                var stream = new TableElementBuilder("transport_stream").Hex("transport_stream_id", id, 16).Hex("original_network_id", network, 16)
                    .Number("preferred_section", table.Sections[i].Span[6]);
                streams.Add((id, network, stream));
                loop.Skip(4);
                DescriptorLoop.Read12(ref loop, stream, new DescriptorScope(text, table.TableId));
            }
            if (loop.Failed || reader.Failed) return false;
        }
        foreach (var (_, _, stream) in streams.OrderBy(entry => entry.Id).ThenBy(entry => entry.Network)) element.Add(stream);
        return true;
    }
}
