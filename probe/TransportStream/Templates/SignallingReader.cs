namespace SignalWatch.TransportStream;

/// <summary>Tables → what templates and marks of retransmission need of them. A later table goes before an earlier one; one that announces the next version says nothing of now.</summary>
internal static class SignallingReader
{
    private const int NetworkInformationActual = 0x40; // EN 300 468 table 2
    private const int ServiceDescriptionActual = 0x42;
    private const int ProgramMap = 0x02;               // ISO/IEC 13818-1 table 2-31

    public static MultiplexSignalling Read(IReadOnlyList<TableVersion> tables, DvbCharset charset)
    {
        List<StreamIds>? streams = null;
        int? described = null;
        var access = new Dictionary<int, IReadOnlyList<ConditionalAccess>>();
        var channels = new Dictionary<int, int>();
        foreach (var table in tables.Where(t => t.IsCurrent && t.TableId is NetworkInformationActual or ServiceDescriptionActual or ProgramMap))
        {
            var element = table.Read(charset);
            switch (table.TableId)
            {
                case NetworkInformationActual:
                    streams = [.. element.Named("transport_stream").Select(s => new StreamIds(Number(s, "original_network_id") ?? 0, Number(s, "transport_stream_id") ?? 0))];
                    foreach (var (service, channel) in element.Named("transport_stream").SelectMany(Channels)) channels[service] = channel;
                    break;
                case ServiceDescriptionActual:
                    described = Number(element, "transport_stream_id");
                    break;
                default:
                    if (table.Extension is { } id) access[id] = [.. Systems(element).Concat(element.Named("component").SelectMany(Systems)).Distinct()];
                    break;
            }
        }
        return new MultiplexSignalling
        {
            NetworkStreams = streams,
            SdtTransportStreamId = described,
            ConditionalAccess = access.Count > 0 ? access : null,
            LogicalChannels = channels.Count > 0 ? channels : null,
        };
    }

    private static IEnumerable<ConditionalAccess> Systems(TableElement of) =>
        of.Named("CA_descriptor").Select(d => new ConditionalAccess(Number(d, "CA_system_id") ?? 0, Number(d, "CA_PID") ?? 0));

    // Several private descriptors carry channel numbers (EACEM, NorDig, Freesat …); all name them the same.
    private static IEnumerable<(int Service, int Channel)> Channels(TableElement stream) =>
        from descriptor in stream.Children
        where descriptor.Name.Contains("logical_channel", StringComparison.Ordinal) && !descriptor.Name.Contains("simulcast", StringComparison.Ordinal) // a second number of the same service
        from service in descriptor.Named("service").Concat(descriptor.Named("channel_list").SelectMany(l => l.Named("service")))
        let id = Number(service, "service_id")
        let channel = Number(service, "logical_channel_number")
        where id is not null && channel is not null
        select (id.Value, channel.Value);

    private static int? Number(TableElement element, string name)
    {
        foreach (var (attribute, value) in element.Attributes)
            if (attribute == name && value.Kind is TableValueKind.Number or TableValueKind.Hexadecimal) return (int)value.Number;
        return null;
    }
}
