using System.Net.Sockets;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>One datagram.</summary>
public readonly ref struct ReceivedDatagram
{
    internal ReceivedDatagram(ReadOnlySpan<byte> payload, long timeNs)
    {
        Payload = payload;
        TimeNs = timeNs;
    }

    /// <summary>What it carries; valid until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>When the kernel received it, ns since 1970.</summary>
    public long TimeNs { get; }
}

/// <summary>Datagrams of a UDP address, unicast or multicast, IPv4 or IPv6, from any source or chosen ones, each with the kernel's time of arrival. No allocation a datagram.</summary>
public sealed class UdpReceiver : IDisposable
{
    private const int DefaultBufferBytes = 32 << 20; // about a second at 200 Mb/s, as the kernel reckons datagrams: a pause of the collector of garbage or a busy machine costs no packet; only what waits takes memory
    private const int SocketLevel = 1;         // SOL_SOCKET of Linux
    private const int ReceiveBufferForce = 33; // SO_RCVBUFFORCE
    private const int MemoryInfo = 55;         // SO_MEMINFO
    private const int MemoryInfoDrops = 8;     // SK_MEMINFO_DROPS, the ninth of its numbers
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    private readonly Socket socket;
    private readonly KernelDatagrams datagrams;
    private readonly TimeProvider time;
    private readonly bool hasKernelTime;
    private readonly byte[] peeked = new byte[1];
    private CancellationTokenSource wait = new();

    private UdpReceiver(Socket socket, string name, TimeProvider time)
    {
        (this.socket, Name, this.time) = (socket, name, time);
        datagrams = new KernelDatagrams(socket);
        hasKernelTime = ReferenceEquals(time, TimeProvider.System); // else the kernel's clock is not the one that everything else goes by
    }

    /// <summary>The address as it was written.</summary>
    public string Name { get; }

    /// <summary>Datagrams given.</summary>
    public long Datagrams { get; private set; }

    /// <summary>Datagrams that this machine dropped since the address was opened, because they were not read in time; null where the system does not say.</summary>
    public long? Dropped
    {
        get
        {
            Span<byte> numbers = stackalloc byte[(MemoryInfoDrops + 1) * sizeof(uint)];
            return socket.GetRawSocketOption(SocketLevel, MemoryInfo, numbers) == numbers.Length ? BitConverter.ToUInt32(numbers[(MemoryInfoDrops * sizeof(uint))..]) : null;
        }
    }

    /// <summary>Opens the address and joins the group.</summary>
    /// <param name="address"><c>udp://[SOURCE@]HOST:PORT[?iface=NAME][&amp;source=ADDRESS][&amp;buffer=MiB]</c>; HOST is a group, an address of this machine, or nothing for all of them.</param>
    /// <param name="time">The clock; times are the kernel's where it is the system's.</param>
    /// <exception cref="ProblemException">The address is wrong or in use, or the group can't be joined.</exception>
    public static UdpReceiver Open(string address, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(time);
        var target = UdpAddress.Parse(address);
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        UdpReceiver? receiver = null;
        try
        {
            Enlarge(socket, target.BufferBytes ?? DefaultBufferBytes);
            receiver = new UdpReceiver(socket, address, time); // before it is bound, so that no datagram is without its time
            if (target.IsMulticast) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // several watches may share a group
            socket.Bind(target.EndPoint); // to the group's own address, so that other groups on the same port stay away
            if (target.IsMulticast) MulticastMembership.Join(socket, target);
            return receiver;
        }
        catch (SocketException refused)
        {
            receiver?.Dispose();
            socket.Dispose();
            throw new ProblemException(refused.SocketErrorCode == SocketError.AddressAlreadyInUse ? PacketTexts.PortBusy(address) : PacketTexts.NoAccess(address, refused.Message), refused);
        }
    }

    /// <summary>The next datagram that has arrived.</summary>
    /// <returns>False where none has: <see cref="WaitAsync"/> waits for one.</returns>
    /// <exception cref="ProblemException">Reception broke off.</exception>
    public bool TryTake(out ReceivedDatagram datagram)
    {
        if (!TryPeek(out datagram)) return false;
        Pass();
        return true;
    }

    /// <summary>Waits for a datagram, no longer than 150 ms.</summary>
    /// <exception cref="ProblemException">Reception broke off.</exception>
    public async ValueTask WaitAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!wait.TryReset())
        {
            wait.Dispose();
            wait = new CancellationTokenSource();
        }
        wait.CancelAfter(LongestWait);
        using var registration = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), wait);
        try
        {
            await socket.ReceiveAsync(peeked, SocketFlags.Peek, wait.Token).ConfigureAwait(false); // it stays for the batch that takes it with its time
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
        }
        catch (SocketException broken) when (broken.SocketErrorCode != SocketError.MessageSize) // a datagram is longer than the byte that was looked at
        {
            throw new ProblemException(PacketTexts.Broken(Name, broken.Message), broken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        datagrams.Dispose();
        wait.Dispose();
    }

    /// <summary>Looks at the next datagram; <see cref="Pass"/> goes on.</summary>
    internal bool TryPeek(out ReceivedDatagram datagram)
    {
        datagram = default;
        try
        {
            if (!datagrams.TryPeek(out var payload, out var timeNs)) return false;
            datagram = new ReceivedDatagram(payload, hasKernelTime && timeNs > 0 ? timeNs : NowNs());
            return true;
        }
        catch (IOException broken)
        {
            throw new ProblemException(PacketTexts.Broken(Name, broken.Message), broken);
        }
    }

    internal void Pass()
    {
        datagrams.Pass();
        Datagrams++;
    }

    private long NowNs() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    // Past net.core.rmem_max, where we may: its usual 208 KB are 60 ms of a multiplex, and a packet that we drop looks like an error of the broadcaster.
    private static void Enlarge(Socket socket, int bytes)
    {
        socket.ReceiveBufferSize = bytes;
        try
        {
            socket.SetRawSocketOption(SocketLevel, ReceiveBufferForce, BitConverter.GetBytes(bytes));
        }
        catch (SocketException)
        {
            // Without CAP_NET_ADMIN the system's limit holds; Dropped says whether it was too little.
        }
    }
}
