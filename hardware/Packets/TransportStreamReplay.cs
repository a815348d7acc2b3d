using System.Net;
using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>How a file is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>How often it is played; null for ever. From loop to loop counters and clocks go on.</summary>
    public int? Loops { get; init; }

    /// <summary>The rate, b/s; null for its own, by its PCRs.</summary>
    public double? BitrateBps { get; init; }
}

/// <summary>Plays a transport stream file to a UDP address as if it were on air: at its own rate, 7 packets a datagram, in bursts of at most 5 ms, without drift.</summary>
public sealed class TransportStreamReplay : IDisposable
{
    private const int PacketsPerDatagram = 7; // 1,316 bytes: within an Ethernet frame
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(4);

    private readonly TransportStreamFile file;
    private readonly Socket socket;
    private readonly SocketAddress destination;
    private readonly string address;
    private readonly TimeProvider time;
    private readonly ReplayOptions options;
    private readonly byte[] datagram;

    private TransportStreamReplay(TransportStreamFile file, UdpAddress target, ReplayOptions options, TimeProvider time)
    {
        (this.file, this.options, this.time, address) = (file, options, time, target.Written);
        BitrateBps = options.BitrateBps ?? file.Seam.BitrateBps ?? throw new ProblemException(PacketTexts.NoClock(file.Path));
        destination = target.EndPoint.Serialize();
        datagram = new byte[PacketsPerDatagram * file.Layout.Size];
        socket = new Socket(target.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (!target.IsMulticast || target.InterfaceIndex == 0) return;
        if (target.EndPoint.AddressFamily == AddressFamily.InterNetwork)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(target.InterfaceIndex));
        else
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, target.InterfaceIndex);
    }

    /// <summary>The rate that it is played at, b/s, for packets of 188 bytes.</summary>
    public double BitrateBps { get; }

    /// <summary>Whole packets in the file.</summary>
    public long Packets => file.Packets;

    /// <summary>What is wrong with the file without keeping it from being played.</summary>
    public IReadOnlyList<Problem> Warnings => file.Warnings;

    /// <summary>Packets sent.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>Opens a file for replay.</summary>
    /// <param name="path">A file of packets of 188, 192 or 204 bytes; what is sent are the 188 of each.</param>
    /// <param name="destination"><c>udp://HOST:PORT[?iface=NAME]</c>.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock that paces it.</param>
    /// <exception cref="ProblemException">The file is missing, empty, no transport stream, or without PCR and rate; or the address is wrong.</exception>
    public static TransportStreamReplay Open(string path, string destination, ReplayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var target = UdpAddress.Parse(destination);
        if (target.EndPoint.Address.Equals(IPAddress.Any)) throw new ProblemException(PacketTexts.BadAddress(destination, PacketTexts.NoDestination));
        var file = TransportStreamFile.Open(path);
        try
        {
            return new TransportStreamReplay(file, target, options, time);
        }
        catch (Exception failed)
        {
            file.Dispose();
            if (failed is SocketException refused) throw new ProblemException(PacketTexts.NoAccess(destination, refused.Message), refused);
            throw;
        }
    }

    /// <summary>Plays until the last loop ends.</summary>
    /// <param name="cancel">Ends it, with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ProblemException">The network refuses what is sent.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        var packets = new LoopingPackets(file, options.Loops);
        var pace = new ReplayPace(BitrateBps, time);
        using var beat = new PeriodicTimer(Beat, time);
        while (await beat.WaitForNextTickAsync(cancel).ConfigureAwait(false))
            while (pace.Due(packets.Given) >= PacketsPerDatagram || pace.Due(packets.Given) > 0 && IsLast(packets))
            {
                var count = packets.Read(datagram);
                if (count == 0) return;
                for (var i = 0; i < count; i++) file.Packet(datagram, i).CopyTo(datagram.AsSpan(i * TransportStreamFile.PacketBytes));
                Send(datagram.AsSpan(0, count * TransportStreamFile.PacketBytes));
                PacketsSent += count;
            }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        file.Dispose();
    }

    // Fewer than a datagram's packets are left: they wait for no others.
    private bool IsLast(LoopingPackets packets) => options.Loops is { } loops && loops * file.Packets - packets.Given < PacketsPerDatagram;

    // Unconnected: that nobody listens yet is no error of the sender.
    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            socket.SendTo(bytes, SocketFlags.None, destination);
        }
        catch (SocketException refused)
        {
            throw new ProblemException(PacketTexts.NoAccess(address, refused.Message), refused);
        }
    }
}
