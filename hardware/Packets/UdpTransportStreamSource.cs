using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>A transport stream in UDP datagrams, with or without RTP, unicast or multicast (IGMP or MLD join), IPv4 or IPv6. No allocation a datagram.</summary>
public sealed class UdpTransportStreamSource : ITransportStreamSource
{
    private const int ReceiveBufferBytes = 8 << 20; // half a second at 130 Mb/s: a pause of the collector of garbage costs no packet
    private const int SocketLevel = 1;        // SOL_SOCKET of Linux
    private const int ReceiveBufferForce = 33; // SO_RCVBUFFORCE
    private const int MemoryInfo = 55;        // SO_MEMINFO
    private const int MemoryInfoDrops = 8;    // SK_MEMINFO_DROPS, the ninth of its numbers
    private const int LargestDatagram = 65_535;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    private readonly Socket socket;
    private readonly TimeProvider time;
    private CancellationTokenSource wait = new();

    private UdpTransportStreamSource(Socket socket, string name, Origin origin, TimeProvider time) => (this.socket, Name, Origin, this.time) = (socket, name, origin, time);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Origin Origin { get; }

    /// <summary>Datagrams received.</summary>
    public long Datagrams { get; private set; }

    /// <summary>Of these, with an RTP header.</summary>
    public long RtpDatagrams { get; private set; }

    /// <inheritdoc/>
    public long? Dropped
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return null;
            Span<byte> numbers = stackalloc byte[(MemoryInfoDrops + 1) * sizeof(uint)];
            return socket.GetRawSocketOption(SocketLevel, MemoryInfo, numbers) == numbers.Length ? BitConverter.ToUInt32(numbers[(MemoryInfoDrops * sizeof(uint))..]) : null;
        }
    }

    /// <summary>Opens the address and joins the group.</summary>
    /// <param name="address"><c>udp://[@]HOST:PORT[?iface=NAME]</c>; HOST is a group, an address of this machine, or nothing for all of them.</param>
    /// <param name="origin">Live, or replayed where a replayer sends.</param>
    /// <param name="time">Gives the times of arrival.</param>
    /// <exception cref="ProblemException">The address is wrong or in use, or the group can't be joined.</exception>
    public static UdpTransportStreamSource Open(string address, Origin origin, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(time);
        var target = UdpAddress.Parse(address);
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Enlarge(socket);
            if (target.IsMulticast) Join(socket, target);
            else socket.Bind(target.EndPoint);
            return new UdpTransportStreamSource(socket, address, origin, time);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new ProblemException(refused.SocketErrorCode == SocketError.AddressAlreadyInUse ? PacketTexts.PortBusy(address) : PacketTexts.NoAccess(address, refused.Message), refused);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        int bytes;
        try
        {
            bytes = await FirstAsync(buffer, cancel).ConfigureAwait(false);
            if (bytes > 0) bytes = Keep(buffer, 0, bytes);
            bytes = Drain(buffer, bytes);
        }
        catch (SocketException broken)
        {
            throw new ProblemException(PacketTexts.Broken(Name, broken.Message), broken);
        }
        return new TransportStreamRead(bytes, time.GetUtcNow(), Ended: false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        wait.Dispose();
        return ValueTask.CompletedTask;
    }

    // Past net.core.rmem_max, where we may: its usual 208 KB are 60 ms of a multiplex, and a packet that we drop looks like an error of the broadcaster.
    private static void Enlarge(Socket socket)
    {
        socket.ReceiveBufferSize = ReceiveBufferBytes;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(SocketLevel, ReceiveBufferForce, BitConverter.GetBytes(ReceiveBufferBytes));
        }
        catch (SocketException)
        {
            // Without CAP_NET_ADMIN the system's limit holds; Dropped says whether it was too little.
        }
    }

    // Bound to the group's address, so that other groups on the same port stay away; several watches may share a group.
    private static void Join(Socket socket, UdpAddress target)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(target.EndPoint);
        if (target.EndPoint.AddressFamily == AddressFamily.InterNetwork)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(target.EndPoint.Address, target.InterfaceIndex));
        else
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(target.EndPoint.Address, target.InterfaceIndex));
    }

    private async ValueTask<int> FirstAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        if (socket.Available > 0) return 0; // the drain takes it
        if (!wait.TryReset())
        {
            wait.Dispose();
            wait = new CancellationTokenSource();
        }
        wait.CancelAfter(LongestWait);
        using var registration = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), wait);
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return 0;
        }
    }

    // Available is the length of the next datagram (FIONREAD of udp(7)); one that does not fit waits for the next read.
    private int Drain(Memory<byte> buffer, int filled)
    {
        while (socket.Available is > 0 and var next && next <= buffer.Length - filled)
        {
            var room = Math.Min(LargestDatagram, buffer.Length - filled);
            filled = Keep(buffer, filled, socket.Receive(buffer.Span.Slice(filled, room), SocketFlags.None));
        }
        return filled;
    }

    private int Keep(Memory<byte> buffer, int filled, int received)
    {
        Datagrams++;
        var datagram = buffer.Span.Slice(filled, received);
        var payload = RtpHeader.Payload(datagram);
        if (payload.Equals(Range.All)) return filled + received;
        RtpDatagrams++;
        var packets = datagram[payload];
        packets.CopyTo(datagram);
        return filled + packets.Length;
    }
}
