namespace SignalWatch.TransportStream;

/// <summary>Who gives a tag its meaning.</summary>
internal enum TagSpace
{
    /// <summary>ISO/IEC 13818-1 and EN 300 468.</summary>
    Standard,

    /// <summary>The extension tags under ISO/IEC 13818-1's 0x3F.</summary>
    MpegExtension,

    /// <summary>The extension tags under EN 300 468's 0x7F.</summary>
    DvbExtension,

    /// <summary>A table with tags of its own; Owner is its table_id.</summary>
    Table,

    /// <summary>A private_data_specifier, which is Owner.</summary>
    PrivateData,

    /// <summary>A registration's format_identifier, which is Owner.</summary>
    Registration,

    /// <summary>A stream type whose descriptors reuse tags, which is Owner.</summary>
    StreamType,
}

/// <summary>What a tag is looked up by.</summary>
internal readonly record struct DescriptorKey(TagSpace Space, uint Owner, int Tag);

/// <summary>A descriptor: what it is called, and the fields of its body.</summary>
internal sealed record DescriptorDefinition(DescriptorKey Key, string Name, Field Body)
{
    public static DescriptorDefinition Standard(int tag, string name, params Field[] body) => In(TagSpace.Standard, 0, tag, name, body);

    public static DescriptorDefinition MpegExtension(int tag, string name, params Field[] body) => In(TagSpace.MpegExtension, 0, tag, name, body);

    public static DescriptorDefinition DvbExtension(int tag, string name, params Field[] body) => In(TagSpace.DvbExtension, 0, tag, name, body);

    public static DescriptorDefinition In(TagSpace space, uint owner, int tag, string name, params Field[] body) =>
        new(new DescriptorKey(space, owner, tag), name, body.Length == 1 ? body[0] : Fields.All(body));
}
