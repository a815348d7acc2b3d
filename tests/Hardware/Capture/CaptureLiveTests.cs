using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SignalWatch.Contracts;
using SignalWatch.Tests;
using Xunit.Abstractions;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>A real link of the kernel, in network namespaces: multicast at 200 Mb/s, received by a socket and captured by libpcap at once.</summary>
[Collection(nameof(LiveCollection))]
public sealed class CaptureLiveTests(ITestOutputHelper output)
{
    private const int Packets = 7;
    private const double RateBps = 200e6;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly int Datagrams = (int)(Length.TotalSeconds * RateBps / (Packets * 188 * 8));

    private readonly TaskCompletionSource capturedLeave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int capturedWrong;

    [NetworkFact]
    public async Task Multicast_at_200_Mb_a_second_is_received_and_captured_without_loss_and_joins_and_leaves_are_seen()
    {
        using var link = new VirtualLink();
        using var capture = link.OnFar(() => LibpcapSource.Open(VirtualLink.Interface, new() { Filter = "udp or igmp" }));
        var source = link.OnFar(() => UdpTransportStreamSource.Open($"udp://{VirtualLink.NearAddress}@232.1.1.1:5000?iface={VirtualLink.Interface}", Origin.Live, TimeProvider.System));
        using var sender = link.OnNear(Sender);

        using var stop = new CancellationTokenSource();
        var captured = Task.Factory.StartNew(() => Capture(capture, stop.Token), TaskCreationOptions.LongRunning);
        var received = Task.Run(() => Receive(source));
        await Task.Factory.StartNew(() => Send(sender), TaskCreationOptions.LongRunning);
        var (bytes, wrong) = await received;
        var dropped = source.Dropped;
        await source.DisposeAsync(); // leaves the group
        await capturedLeave.Task.WaitAsync(Hang.Limit);
        await stop.CancelAsync();
        var tap = await captured;

        output.WriteLine($"sent {Datagrams} datagrams; socket dropped {dropped}; capture {capture.Statistics}");
        (bytes, wrong, dropped).Should().Be(((long)Datagrams * Packets * 188, 0, 0), "the socket receives every packet, in order");
        var stream = tap.Streams.Should().ContainSingle().Which;
        (stream.Protocol, stream.Packets, capturedWrong).Should().Be((TapProtocol.UdpTs, Datagrams, 0), "the capture has every packet, in order");
        stream.Flow.ToString().Should().StartWith(VirtualLink.NearAddress).And.EndWith("232.1.1.1:5000");
        capture.Statistics.Should().BeEquivalentTo(new { DroppedByKernel = 0L, DroppedByInterface = 0L, Cut = 0L });
        tap.GroupReports.Should().Contain(r => r.Action == GroupAction.Join && r.Group.ToString() == "232.1.1.1" && r.Sources.Single().ToString() == VirtualLink.NearAddress && r.Protocol == "IGMPv3");
        tap.GroupReports.Should().Contain(r => r.Action == GroupAction.Leave && r.Group.ToString() == "232.1.1.1" && r.Host.ToString() == VirtualLink.FarAddress);
    }

    [NetworkFact]
    public async Task IPv6_groups_of_chosen_sources_are_joined_received_and_seen()
    {
        using var link = new VirtualLink();
        using var capture = link.OnFar(() => LibpcapSource.Open(VirtualLink.Interface, new()));
        using var receiver = link.OnFar(() => UdpReceiver.Open($"udp://[2001:db8::1]@[ff35::8000:1]:5000?iface={VirtualLink.Interface}", TimeProvider.System));
        using var sender = link.OnNear(() =>
        {
            var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0));
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Single(i => i.Name == VirtualLink.Interface).GetIPProperties().GetIPv6Properties().Index);
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 4);
            return socket;
        });
        var tap = new IpTap(new());
        using var limit = new CancellationTokenSource(Hang.Limit);
        var got = 0;
        while (got < 5)
        {
            sender.SendTo(Frames.Packets(Packets), new IPEndPoint(IPAddress.Parse("ff35::8000:1"), 5000));
            await receiver.WaitAsync(limit.Token);
            while (receiver.TryTake(out var datagram))
            {
                datagram.Payload.SequenceEqual(Frames.Packets(Packets)).Should().BeTrue();
                got++;
            }
        }
        while (tap.Streams.Count == 0 || tap.GroupReports.All(r => r.Group.ToString() != "ff35::8000:1"))
        {
            limit.Token.ThrowIfCancellationRequested();
            if (capture.Read(out var frame) == CaptureStatus.Frame) tap.Push(frame);
        }
        tap.GroupReports.Should().Contain(r => r.Action == GroupAction.Join && r.Group.ToString() == "ff35::8000:1" && r.Protocol == "MLDv2" && r.Sources.Single().ToString() == "2001:db8::1");
        tap.Streams[0].Flow.ToString().Should().StartWith("[2001:db8::1]").And.EndWith("[ff35::8000:1]:5000");
    }

    [NetworkFact]
    public async Task A_silent_interface_returns_within_200_ms_and_what_can_t_be_captured_says_why()
    {
        using var link = new VirtualLink();
        using (var capture = link.OnFar(() => LibpcapSource.Open(VirtualLink.Interface, new() { Filter = "tcp port 1" })))
        {
            var took = await Quickest.OfAsync(() => Task.FromResult(capture.Read(out _).Should().Be(CaptureStatus.Idle)), TimeSpan.FromSeconds(1));
            took.Should().BeLessThan(TimeSpan.FromSeconds(1));
        }
        Refusal(link, "no-such-interface", new()).Should().BeEquivalentTo(new { Code = "capture.no-interface", Status = 404 }, "it names those that are there").And
            .Subject.As<Problem>().Detail.En.Should().Contain(VirtualLink.Interface);
        Refusal(link, VirtualLink.Interface, new() { Filter = "udp and and" }).Code.Should().Be("capture.bad-filter");
    }

    [NetworkFact]
    public void An_interface_that_goes_away_is_told_and_what_came_before_is_kept()
    {
        using var link = new VirtualLink();
        using var capture = link.OnFar(() => LibpcapSource.Open(VirtualLink.Interface, new()));
        link.Cut();
        Action read = () =>
        {
            for (var i = 0; i < 100; i++) capture.Read(out _);
        };
        read.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("capture.broken");
    }

    private static Problem Refusal(VirtualLink link, string name, LibpcapOptions options)
    {
        Action open = () => link.OnFar(() => LibpcapSource.Open(name, options)).Dispose();
        return open.Should().Throw<ProblemException>().Which.Problem;
    }

    private static Socket Sender()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(VirtualLink.NearAddress), 0));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Parse(VirtualLink.NearAddress).GetAddressBytes());
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 4);
        socket.SendBufferSize = 4 << 20;
        return socket;
    }

    // Each packet has its number behind its header.
    private static void Send(Socket sender)
    {
        var to = new IPEndPoint(IPAddress.Parse("232.1.1.1"), 5000).Serialize();
        var datagram = Frames.Packets(Packets);
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < Datagrams;)
        {
            var due = Math.Min(Datagrams, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * RateBps / (datagram.Length * 8)) + 1);
            for (; sent < due; sent++)
            {
                for (var i = 0; i < Packets; i++) BinaryPrimitives.WriteInt32BigEndian(datagram.AsSpan(i * 188 + 4), sent * Packets + i);
                sender.SendTo(datagram, SocketFlags.None, to);
            }
            Thread.Yield();
        }
    }

    private static async Task<(long Bytes, int Wrong)> Receive(UdpTransportStreamSource source)
    {
        var buffer = new byte[1 << 18];
        var (bytes, wrong, silent) = (0L, 0, 0);
        while (bytes < (long)Datagrams * Packets * 188 && silent < 20)
        {
            var read = await source.ReadAsync(buffer, CancellationToken.None);
            silent = read.Bytes == 0 ? silent + 1 : 0;
            wrong += Wrong(buffer.AsSpan(0, read.Bytes), bytes / 188);
            bytes += read.Bytes;
        }
        return (bytes, wrong);
    }

    private IpTap Capture(LibpcapSource capture, CancellationToken stop)
    {
        var packets = 0L;
        var tap = new IpTap(new()
        {
            Handler = (_, payload, _) =>
            {
                capturedWrong += Wrong(payload, packets);
                packets += payload.Length / 188;
            },
            Group = report =>
            {
                if (report.Action == GroupAction.Leave) capturedLeave.TrySetResult();
            },
        });
        while (!stop.IsCancellationRequested) if (capture.Read(out var frame) == CaptureStatus.Frame) tap.Push(frame);
        return tap;
    }

    private static int Wrong(ReadOnlySpan<byte> packets, long first)
    {
        var wrong = 0;
        for (var i = 0; i < packets.Length / 188; i++) if (packets[i * 188] != 0x47 || BinaryPrimitives.ReadInt32BigEndian(packets[(i * 188 + 4)..]) != first + i) wrong++;
        return wrong;
    }
}
