using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>What a host said about a multicast group.</summary>
public enum GroupAction
{
    /// <summary>It wants the group from now on.</summary>
    Join,

    /// <summary>It wants it no longer.</summary>
    Leave,

    /// <summary>Asked, it says that it still wants it.</summary>
    Member,

    /// <summary>A router asks who wants it.</summary>
    Query,
}

/// <summary>A fact of IGMP (RFC 2236, RFC 3376) or MLD (RFC 2710, RFC 3810) that was seen on a link.</summary>
/// <param name="TimeNs">When, ns since 1970.</param>
/// <param name="Action">What was said.</param>
/// <param name="Host">Who said it.</param>
/// <param name="Group">About which group; the unspecified address in a general query.</param>
/// <param name="Sources">From which sources it is wanted, or wanted no longer; empty for all of them.</param>
/// <param name="Excludes">Whether <paramref name="Sources"/> are those that are not wanted.</param>
/// <param name="Protocol"><c>IGMPv2</c>, <c>MLDv2</c> …</param>
/// <param name="Vlan">The VLAN; 0 without.</param>
public sealed record GroupReport(long TimeNs, GroupAction Action, NetworkAddress Host, NetworkAddress Group, IReadOnlyList<NetworkAddress> Sources, bool Excludes, string Protocol, ushort Vlan);

/// <summary>Reads IGMP and MLD messages.</summary>
internal static class GroupMessages
{
    private const int MostRecords = 256; // a report fits a frame of 1,500 bytes: 185 records

    // IGMP message types: RFC 3376 4, and RFC 1112 for the first report.
    private const byte IgmpQuery = 0x11;
    private const byte IgmpV1Report = 0x12;
    private const byte IgmpV2Report = 0x16;
    private const byte IgmpV2Leave = 0x17;
    private const byte IgmpV3Report = 0x22;

    // ICMPv6 types: RFC 2710 3, RFC 3810 5.
    private const byte MldQuery = 130;
    private const byte MldV1Report = 131;
    private const byte MldV1Done = 132;
    private const byte MldV2Report = 143;

    /// <summary>Adds what a message says.</summary>
    /// <returns>False where it is none of these messages.</returns>
    public static bool Read(in NetworkLayer ip, long timeNs, ushort vlan, List<GroupReport> into)
    {
        var message = ip.Payload;
        if (message.Length < 8) return false;
        var v4 = ip.Protocol == NetworkLayer.Igmp;
        var (host, width) = (ip.Source, v4 ? 4 : 16);
        void Add(GroupAction action, ReadOnlySpan<byte> bytes, string protocol)
        {
            // MLDv1 has two bytes of delay and two reserved ones before the group, where IGMP has none.
            var at = v4 ? 4 : 8;
            if (bytes.Length >= at + width) into.Add(new GroupReport(timeNs, action, host, NetworkAddress.Read(bytes.Slice(at, width)), [], Excludes: false, protocol, vlan));
        }
        switch (v4, message[0])
        {
            case (true, IgmpQuery):
                Add(GroupAction.Query, message, message.Length >= 12 ? "IGMPv3" : message[1] == 0 ? "IGMPv1" : "IGMPv2");
                return true;
            case (true, IgmpV1Report):
                Add(GroupAction.Join, message, "IGMPv1");
                return true;
            case (true, IgmpV2Report):
                Add(GroupAction.Join, message, "IGMPv2");
                return true;
            case (true, IgmpV2Leave):
                Add(GroupAction.Leave, message, "IGMPv2");
                return true;
            case (false, MldQuery):
                Add(GroupAction.Query, message, message.Length >= 28 ? "MLDv2" : "MLDv1");
                return true;
            case (false, MldV1Report):
                Add(GroupAction.Join, message, "MLDv1");
                return true;
            case (false, MldV1Done):
                Add(GroupAction.Leave, message, "MLDv1");
                return true;
            case (true, IgmpV3Report) or (false, MldV2Report):
                ReadRecords(message, width, new GroupReport(timeNs, GroupAction.Member, host, default, [], Excludes: false, v4 ? "IGMPv3" : "MLDv2", vlan), into);
                return true;
            default:
                return false;
        }
    }

    private static void ReadRecords(ReadOnlySpan<byte> message, int width, GroupReport report, List<GroupReport> into)
    {
        int count = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var rest = message[8..];
        for (var i = 0; i < Math.Min(count, MostRecords) && rest.Length >= 4 + width; i++)
        {
            int sources = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            var length = 4 + width + sources * width + rest[1] * 4;
            if (length > rest.Length) return;
            if (Meaning(rest[0], sources) is var (action, excludes))
            {
                var list = new NetworkAddress[sources];
                for (var s = 0; s < sources; s++) list[s] = NetworkAddress.Read(rest.Slice(4 + width * (s + 1), width));
                into.Add(report with { Action = action, Group = NetworkAddress.Read(rest.Slice(4, width)), Sources = list, Excludes = excludes });
            }
            rest = rest[length..];
        }
    }

    // Record types of RFC 3376 4.2.12: a change to "include nothing" is the leave of IGMPv2, a change to "exclude nothing" its join.
    private static (GroupAction Action, bool Excludes)? Meaning(byte type, int sources) => (type, sources) switch
    {
        (1, _) => (GroupAction.Member, false),
        (2, _) => (GroupAction.Member, true),
        (3, 0) => (GroupAction.Leave, false),
        (3, _) => (GroupAction.Join, false),
        (4, _) => (GroupAction.Join, true),
        (5, _) => (GroupAction.Join, false),
        (6, _) => (GroupAction.Leave, false),
        _ => null,
    };
}
