namespace SignalWatch.TransportStream;

/// <summary>splice_info_section (SCTE 35 9.6): every command. An encrypted one is given as bytes.</summary>
internal static class SpliceInformation
{
    private const int LengthUnknown = 0xFFF; // older senders do not say how long the command is

    public static IEnumerable<TableDefinition> All { get; } =
    [
        new(TableIdentifiers.SpliceInformation, "splice_information_table", Read),
    ];

    private static bool Read(TableVersion table, TableElementBuilder element, DvbText text)
    {
        var reader = new BitReader(table.Body(0));
        element.Number("protocol_version", reader.Bits(8));
        var isEncrypted = reader.Flag();
        reader.Skip(6);
        element.Number("pts_adjustment", (long)reader.Wide(33));
        reader.Skip(8); // cw_index
        element.Hex("tier", reader.Bits(12), 12);
        if (isEncrypted || reader.Failed) return false;
        TableDocument.SayMetadata(table, element);
        var length = reader.Int(12);
        var type = reader.Int(8);
        if (length == LengthUnknown)
        {
            if (!Command(type, ref reader, element)) return false;
        }
        else
        {
            var command = reader.Part(length);
            if (!Command(type, ref command, element) || command.Failed) return false;
        }
        var descriptors = reader.Bytes(reader.Int(16));
        if (reader.Failed) return false;
        DescriptorLoop.Read(descriptors, element, new DescriptorScope(text, table.TableId));
        return true;
    }

    private static bool Command(int type, ref BitReader reader, TableElementBuilder element)
    {
        switch (type)
        {
            case 0x00: element.Child("splice_null"); break;
            case 0x04: Schedule(ref reader, element.Child("splice_schedule")); break;
            case 0x05: Insert(ref reader, element.Child("splice_insert")); break;
            case 0x06: SpliceTime(ref reader, element.Child("time_signal")); break;
            case 0x07: element.Child("bandwidth_reservation"); break;
            case 0xFF: element.Child("private_command").Hex("identifier", reader.Bits(32), 32).Bytes(reader.Rest()); break;
            default: return false;
        }
        return !reader.Failed;
    }

    // 9.7.3
    private static void Insert(ref BitReader reader, TableElementBuilder insert)
    {
        if (IsCancelled(ref reader, insert)) return;
        insert.Flag("out_of_network", reader.Flag());
        var (isWholeProgram, hasDuration, isImmediate) = (reader.Flag(), reader.Flag(), reader.Flag());
        insert.Flag("splice_immediate", isImmediate);
        reader.Skip(4);
        var components = new List<TableElementBuilder>();
        long? time = null;
        if (isWholeProgram && !isImmediate) time = Time(ref reader);
        if (!isWholeProgram)
            for (var left = reader.Int(8); left > 0 && !reader.Failed; left--)
            {
                var component = new TableElementBuilder("component").Number("component_tag", reader.Bits(8));
                components.Add(component);
                if (!isImmediate && Time(ref reader) is { } at) component.Number("pts_time", at);
            }
        if (hasDuration) BreakDuration(ref reader, insert);
        Avail(ref reader, insert);
        if (time is { } programTime) insert.Number("pts_time", programTime);
        foreach (var component in components) insert.Add(component);
    }

    // 9.7.2
    private static void Schedule(ref BitReader reader, TableElementBuilder schedule)
    {
        for (var left = reader.Int(8); left > 0 && !reader.Failed; left--)
        {
            var entry = schedule.Child("splice_event");
            if (IsCancelled(ref reader, entry)) continue;
            entry.Flag("out_of_network", reader.Flag());
            var (isWholeProgram, hasDuration) = (reader.Flag(), reader.Flag());
            reader.Skip(5);
            long? time = null;
            var components = new List<TableElementBuilder>();
            if (isWholeProgram) time = reader.Bits(32);
            else
                for (var count = reader.Int(8); count > 0 && !reader.Failed; count--)
                {
                    var tag = reader.Bits(8);
                    components.Add(new TableElementBuilder("component").Number("component_tag", tag).Number("utc_splice_time", reader.Bits(32)));
                }
            if (hasDuration) BreakDuration(ref reader, entry);
            Avail(ref reader, entry);
            if (time is { } utc) entry.Number("utc_splice_time", utc);
            foreach (var component in components) entry.Add(component);
        }
    }

    private static bool IsCancelled(ref BitReader reader, TableElementBuilder element)
    {
        element.Hex("splice_event_id", reader.Bits(32), 32);
        var isCancelled = reader.Flag();
        element.Flag("splice_event_cancel", isCancelled);
        reader.Skip(7);
        return isCancelled;
    }

    private static void Avail(ref BitReader reader, TableElementBuilder element) =>
        element.Hex("unique_program_id", reader.Bits(16), 16).Number("avail_num", reader.Bits(8)).Number("avails_expected", reader.Bits(8));

    // 9.8.2
    private static void BreakDuration(ref BitReader reader, TableElementBuilder element)
    {
        var isAutomatic = reader.Flag();
        reader.Skip(6);
        element.Child("break_duration").Flag("auto_return", isAutomatic).Number("duration", (long)reader.Wide(33));
    }

    private static void SpliceTime(ref BitReader reader, TableElementBuilder element)
    {
        if (Time(ref reader) is { } time) element.Number("pts_time", time);
    }

    // 9.8.1: in 90 kHz
    private static long? Time(ref BitReader reader)
    {
        if (!reader.Flag())
        {
            reader.Skip(7);
            return null;
        }
        reader.Skip(6);
        return (long)reader.Wide(33);
    }
}
