using System.Net;
using System.Net.Sockets;

namespace SignalWatch.Hardware;

/// <summary>Joins groups: any source by IGMPv2 or MLDv1 and later, chosen sources by IGMPv3 or MLDv2 (RFC 3678 gives the socket options, the kernel speaks the protocol).</summary>
internal static class MulticastMembership
{
    // Option levels and numbers of Linux, which are the same for both versions of IP (linux/in.h, linux/in6.h).
    private const int LevelIPv4 = 0;
    private const int LevelIPv6 = 41;
    private const int JoinSourceGroup = 46;  // MCAST_JOIN_SOURCE_GROUP
    private const int AllIPv4 = 49;          // IP_MULTICAST_ALL
    private const int AllIPv6 = 29;          // IPV6_MULTICAST_ALL
    private const ushort FamilyIPv4 = 2;
    private const ushort FamilyIPv6 = 10;
    private const int StorageBytes = 128;    // struct sockaddr_storage
    private const int RequestBytes = 8 + 2 * StorageBytes; // struct group_source_req, its first member padded to 8

    public static void Join(Socket socket, UdpAddress target)
    {
        var group = target.EndPoint.Address;
        var isIPv4 = group.AddressFamily == AddressFamily.InterNetwork;
        // Else the socket also gets what another program on this machine has joined the group for: another interface, or a source that is not wanted here.
        socket.SetRawSocketOption(isIPv4 ? LevelIPv4 : LevelIPv6, isIPv4 ? AllIPv4 : AllIPv6, BitConverter.GetBytes(0));
        foreach (var source in target.Sources) socket.SetRawSocketOption(isIPv4 ? LevelIPv4 : LevelIPv6, JoinSourceGroup, Request(target.InterfaceIndex, group, source));
        if (target.Sources.Count > 0) return;
        if (isIPv4) socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, target.InterfaceIndex));
        else socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group, target.InterfaceIndex));
    }

    private static byte[] Request(int interfaceIndex, IPAddress group, IPAddress source)
    {
        var request = new byte[RequestBytes];
        BitConverter.TryWriteBytes(request, interfaceIndex);
        WriteAddress(request.AsSpan(8, StorageBytes), group);
        WriteAddress(request.AsSpan(8 + StorageBytes, StorageBytes), source);
        return request;
    }

    // struct sockaddr_in has the address at byte 4, struct sockaddr_in6 after its flow information at byte 8.
    private static void WriteAddress(Span<byte> storage, IPAddress address)
    {
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        BitConverter.TryWriteBytes(storage, isIPv4 ? FamilyIPv4 : FamilyIPv6);
        address.TryWriteBytes(storage[(isIPv4 ? 4 : 8)..], out _);
        if (!isIPv4 && address.IsIPv6LinkLocal) BitConverter.TryWriteBytes(storage[24..], (uint)address.ScopeId);
    }
}
