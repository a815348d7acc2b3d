using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary><c>udp://[@]HOST:PORT[?iface=…]</c>: where packets come from or go to.</summary>
/// <param name="Written">As the person wrote it.</param>
/// <param name="EndPoint">Group or local address, and port.</param>
/// <param name="InterfaceIndex">The interface for multicast; 0 lets the system choose.</param>
internal sealed record UdpAddress(string Written, IPEndPoint EndPoint, int InterfaceIndex)
{
    /// <summary>A group of class D, or of ff00::/8.</summary>
    public bool IsMulticast => EndPoint.AddressFamily == AddressFamily.InterNetwork ? (EndPoint.Address.GetAddressBytes()[0] & 0xF0) == 0xE0 : EndPoint.Address.IsIPv6Multicast;

    private static readonly string[] Schemes = ["udp://", "rtp://"];

    /// <exception cref="ProblemException">It is no such address: what is wrong, and how to write it.</exception>
    public static UdpAddress Parse(string written)
    {
        var scheme = Schemes.FirstOrDefault(s => written.StartsWith(s, StringComparison.OrdinalIgnoreCase)) ?? throw Bad(written, PacketTexts.NoScheme);
        var rest = written[scheme.Length..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var options = question < 0 ? "" : rest[(question + 1)..];
        var target = (question < 0 ? rest : rest[..question]).TrimEnd('/').TrimStart('@');
        var colon = target.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(target[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) throw Bad(written, PacketTexts.NoPort);
        return new UdpAddress(written, new IPEndPoint(Host(written, target[..colon]), port), Interface(written, options));
    }

    private static IPAddress Host(string written, string host)
    {
        if (host.Length == 0) return IPAddress.Any;
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return address;
        try
        {
            return Dns.GetHostAddresses(host).FirstOrDefault() ?? throw Bad(written, PacketTexts.NoHost);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            throw Bad(written, PacketTexts.NoHost, unknown);
        }
    }

    private static int Interface(string written, string options)
    {
        if (options.Length == 0) return 0;
        if (!options.StartsWith("iface=", StringComparison.OrdinalIgnoreCase) || options.Contains('&', StringComparison.Ordinal)) throw Bad(written, PacketTexts.UnknownOption);
        var name = Uri.UnescapeDataString(options["iface=".Length..]);
        foreach (var candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            var properties = candidate.GetIPProperties();
            if (candidate.Name != name && !properties.UnicastAddresses.Any(u => u.Address.ToString() == name)) continue;
            if (candidate.Supports(NetworkInterfaceComponent.IPv4)) return properties.GetIPv4Properties().Index;
            if (candidate.Supports(NetworkInterfaceComponent.IPv6)) return properties.GetIPv6Properties().Index;
        }
        throw Bad(written, PacketTexts.NoInterface);
    }

    private static ProblemException Bad(string written, Text reason, Exception? cause = null) => new(PacketTexts.BadAddress(written, reason), cause);
}
