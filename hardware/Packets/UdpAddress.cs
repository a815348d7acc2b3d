using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary><c>udp://[SOURCE@]HOST:PORT[?iface=…&amp;source=…&amp;buffer=…]</c>: where packets come from or go to. <c>SOURCE@GROUP</c> is VLC's way to write a source-specific group.</summary>
/// <param name="Written">As the person wrote it.</param>
/// <param name="EndPoint">Group or local address, and port.</param>
/// <param name="InterfaceIndex">The interface for multicast; 0 lets the system choose.</param>
/// <param name="Sources">The only sources that are wanted of a group (RFC 4607); empty for all of them.</param>
/// <param name="BufferBytes">The socket's receive buffer; null for the default.</param>
internal sealed record UdpAddress(string Written, IPEndPoint EndPoint, int InterfaceIndex, IReadOnlyList<IPAddress> Sources, int? BufferBytes)
{
    private const int MostSources = 64;
    private const int MostBufferMiB = 1024;

    private static readonly string[] Schemes = ["udp://", "rtp://"];

    /// <summary>A group of class D, or of ff00::/8.</summary>
    public bool IsMulticast => IsGroup(EndPoint.Address);

    /// <exception cref="ProblemException">It is no such address: what is wrong, and how to write it.</exception>
    public static UdpAddress Parse(string written)
    {
        var scheme = Schemes.FirstOrDefault(s => written.StartsWith(s, StringComparison.OrdinalIgnoreCase)) ?? throw Bad(written, PacketTexts.NoScheme);
        var rest = written[scheme.Length..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var target = (question < 0 ? rest : rest[..question]).TrimEnd('/');
        var options = question < 0 ? [] : rest[(question + 1)..].Split('&');
        var at = target.LastIndexOf('@');
        var (source, host) = (at > 0 ? target[..at] : "", target[(at + 1)..]);
        var colon = host.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) throw Bad(written, PacketTexts.NoPort);
        return With(new UdpAddress(written, new IPEndPoint(Host(written, host[..colon]), port), InterfaceIndex: 0, [], BufferBytes: null), source, options);
    }

    private static UdpAddress With(UdpAddress address, string source, string[] options)
    {
        List<IPAddress> sources = source.Length > 0 ? [Source(address, source)] : [];
        foreach (var option in options)
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var value = Uri.UnescapeDataString(option[(equals + 1)..]);
            switch (equals < 0 ? "" : option[..equals].ToUpperInvariant())
            {
                case "IFACE":
                    address = address with { InterfaceIndex = Interface(address.Written, value) };
                    break;
                case "SOURCE" when sources.Count < MostSources:
                    sources.Add(Source(address, value));
                    break;
                case "BUFFER":
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) || megabytes is < 1 or > MostBufferMiB) throw Bad(address.Written, PacketTexts.BadBuffer);
                    address = address with { BufferBytes = (int)Math.Min((long)megabytes << 20, int.MaxValue) };
                    break;
                default:
                    throw Bad(address.Written, PacketTexts.UnknownOption);
            }
        }
        return address with { Sources = sources };
    }

    private static IPAddress Source(UdpAddress address, string written)
    {
        if (!address.IsMulticast) throw Bad(address.Written, PacketTexts.SourceWithoutGroup);
        return IPAddress.TryParse(written.Trim('[', ']'), out var source) && source.AddressFamily == address.EndPoint.AddressFamily && !IsGroup(source)
            ? source
            : throw Bad(address.Written, PacketTexts.BadSource);
    }

    private static bool IsGroup(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? (address.GetAddressBytes()[0] & 0xF0) == 0xE0 : address.IsIPv6Multicast;

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

    private static int Interface(string written, string name)
    {
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
