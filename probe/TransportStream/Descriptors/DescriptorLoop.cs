using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SignalWatch.TransportStream;

/// <summary>A loop of descriptors → one child for each. A descriptor that no reader knows, or that breaks off, or that has more than its reader reads, is given with all its bytes.</summary>
internal static class DescriptorLoop
{
    private const int MpegExtensionTag = 0x3F;
    private const int DvbExtensionTag = 0x7F;
    private const int FirstPrivateTag = 0x80;
    private const int RegistrationTag = 0x05;
    private const int PrivateDataSpecifierTag = 0x5F;
    private const int TerrestrialDeliveryTag = 0x5A;
    private const int DtmbBytes = 8; // DVB-T has 11

    private static readonly FrozenDictionary<DescriptorKey, DescriptorDefinition> Catalogue = new IEnumerable<DescriptorDefinition>[]
    {
        MpegDescriptors.All, MpegMediaDescriptors.All, MpegExtensionDescriptors.All, MetadataDescriptors.All, DvbServiceDescriptors.All, DvbEventDescriptors.All, DvbComponentDescriptors.All,
        DeliveryDescriptors.All, CellDescriptors.All, DvbDataDescriptors.All, DvbExtensionDescriptors.All, PrivateDescriptors.All, ChineseDescriptors.All,
        ApplicationDescriptors.All, AddressDescriptors.All, SpliceDescriptors.All,
    }.SelectMany(family => family).ToFrozenDictionary(definition => definition.Key);

    // Tables whose first tags are their own (TS 102 809 5.3, EN 301 192 8.4.5, SCTE 35 10.2).
    private static readonly FrozenSet<int> TablesWithOwnTags = Catalogue.Keys.Where(key => key.Space == TagSpace.Table).Select(key => (int)key.Owner).ToFrozenSet();

    /// <summary>Reads a loop to its end. Never fails: what breaks off is given as it is.</summary>
    public static void Read(ReadOnlySpan<byte> loop, TableElementBuilder parent, DescriptorScope scope)
    {
        while (loop.Length >= 2)
        {
            int tag = loop[0], length = loop[1];
            var body = loop[2..Math.Min(2 + length, loop.Length)];
            if (body.Length < length || !TryRead(tag, body, parent, scope)) parent.Child("generic_descriptor").Hex("tag", (ulong)tag, 8).Bytes(body);
            Remember(tag, body, scope);
            loop = loop[(2 + body.Length)..];
        }
        if (!loop.IsEmpty) parent.Child("generic_descriptor").Hex("tag", loop[0], 8);
    }

    /// <summary>Reads a loop behind its length in 12 bits.</summary>
    public static void Read12(ref BitReader reader, TableElementBuilder parent, DescriptorScope scope) => Read(reader.Bytes(reader.Int(12)), parent, scope);

    private static bool TryRead(int tag, ReadOnlySpan<byte> body, TableElementBuilder parent, DescriptorScope scope)
    {
        var isExtension = TryExtension(tag, body, scope, out var definition);
        if (!isExtension && !TryFind(tag, scope, out definition)) return false;
        if (definition is null) return false;
        if (definition.Key == new DescriptorKey(TagSpace.Standard, 0, TerrestrialDeliveryTag) && body.Length is DtmbBytes or DtmbBytes - 1) definition = ChineseDescriptors.Dtmb;
        var reader = new BitReader(isExtension ? body[1..] : body);
        // On trial, so that half a descriptor leaves nothing in the document.
        var element = new TableElementBuilder(definition.Name);
        definition.Body(ref reader, element, scope);
        if (reader.Failed || reader.BytesLeft > 0) return false;
        parent.Add(element);
        return true;
    }

    private static bool TryExtension(int tag, ReadOnlySpan<byte> body, DescriptorScope scope, out DescriptorDefinition? definition)
    {
        definition = null;
        if (body.IsEmpty || tag is not (MpegExtensionTag or DvbExtensionTag)) return false;
        if (scope.StreamType is { } type && Catalogue.ContainsKey(new DescriptorKey(TagSpace.StreamType, (uint)type, tag))) return false;
        Catalogue.TryGetValue(new DescriptorKey(tag == MpegExtensionTag ? TagSpace.MpegExtension : TagSpace.DvbExtension, 0, body[0]), out definition);
        return true;
    }

    private static bool TryFind(int tag, DescriptorScope scope, [NotNullWhen(true)] out DescriptorDefinition? definition)
    {
        if (TablesWithOwnTags.Contains(scope.TableId) && Catalogue.TryGetValue(new DescriptorKey(TagSpace.Table, (uint)scope.TableId, tag), out definition)) return true;
        if (tag >= FirstPrivateTag && scope.PrivateDataSpecifier is { } specifier
            && Catalogue.TryGetValue(new DescriptorKey(TagSpace.PrivateData, specifier, tag), out definition)) return true;
        foreach (var registration in scope.Registrations)
            if (Catalogue.TryGetValue(new DescriptorKey(TagSpace.Registration, registration, tag), out definition)) return true;
        if (scope.StreamType is { } type && Catalogue.TryGetValue(new DescriptorKey(TagSpace.StreamType, (uint)type, tag), out definition)) return true;
        return Catalogue.TryGetValue(new DescriptorKey(TagSpace.Standard, 0, tag), out definition);
    }

    private static void Remember(int tag, ReadOnlySpan<byte> body, DescriptorScope scope)
    {
        if (tag is not (RegistrationTag or PrivateDataSpecifierTag) || TablesWithOwnTags.Contains(scope.TableId) && tag < 0x40) return;
        var reader = new BitReader(body);
        var value = reader.Bits(32);
        if (reader.Failed) return;
        if (tag == RegistrationTag) scope.Register(value);
        else scope.PrivateDataSpecifier = value;
    }
}
