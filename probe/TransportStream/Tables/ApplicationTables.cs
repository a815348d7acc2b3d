namespace SignalWatch.TransportStream;

/// <summary>AIT (TS 102 809 5.3.4) and INT (EN 301 192 8.4.4).</summary>
internal static class ApplicationTables
{
    public static IEnumerable<TableDefinition> All { get; } =
    [
        new(TableIdentifiers.ApplicationInformation, "AIT", ApplicationInformation),
        new(TableIdentifiers.IpMacNotification, "INT", IpMacNotification),
    ];

    private static bool ApplicationInformation(TableVersion table, TableElementBuilder element, DvbText text)
    {
        const int TestFlag = 0x8000;
        var extension = table.Extension.GetValueOrDefault();
        TableDocument.SayVersion(table, element);
        element.Flag("test_application_flag", (extension & TestFlag) != 0).Hex("application_type", (ulong)(extension & ~TestFlag), 15);
        TableDocument.SayMetadata(table, element);
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            reader.Skip(4);
            DescriptorLoop.Read12(ref reader, element, new DescriptorScope(text, table.TableId));
            reader.Skip(4);
            var loop = reader.Part(reader.Int(12));
            while (loop.BytesLeft > 0)
            {
                var (organization, id) = (loop.Bits(32), loop.Bits(16));
                var application = element.Child("application").Hex("control_code", loop.Bits(8), 8);
                application.Child("application_identifier").Hex("organization_id", organization, 32).Hex("application_id", id, 16);
                loop.Skip(4);
                DescriptorLoop.Read12(ref loop, application, new DescriptorScope(text, table.TableId));
            }
            if (loop.Failed || reader.Failed) return false;
        }
        return true;
    }

    private static bool IpMacNotification(TableVersion table, TableElementBuilder element, DvbText text)
    {
        TableDocument.SayVersion(table, element);
        element.Hex("action_type", (ulong)(table.Extension.GetValueOrDefault() >> 8), 8);
        for (var i = 0; i < table.Sections.Count; i++)
        {
            var reader = new BitReader(table.Body(i));
            var platform = reader.Bits(24);
            var order = reader.Bits(8);
            if (i == 0)
            {
                element.Hex("processing_order", order, 8).Hex("platform_id", platform, 24);
                TableDocument.SayMetadata(table, element);
            }
            reader.Skip(4);
            DescriptorLoop.Read12(ref reader, element, new DescriptorScope(text, table.TableId));
            while (reader.BytesLeft > 0)
            {
                var device = element.Child("device");
                foreach (var part in (ReadOnlySpan<string>)["target", "operational"])
                {
                    reader.Skip(4);
                    DescriptorLoop.Read12(ref reader, device.Child(part), new DescriptorScope(text, table.TableId));
                }
            }
            if (reader.Failed) return false;
        }
        return true;
    }
}
