using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests;

/// <summary>UDP on loopback.</summary>
public sealed class PacketsUdpTests
{
    private const int DebugStateMachine = 256; // a debug build allocates one for each call of an async method
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("239.1.1.1:5000")]
    [InlineData("udp://239.1.1.1")]
    [InlineData("udp://239.1.1.1:0")]
    [InlineData("udp://239.1.1.1:70000")]
    [InlineData("udp://no such host:5000")]
    [InlineData("udp://127.0.0.1:5000?ttl=3")]
    [InlineData("udp://127.0.0.1:5000?iface=no-such-interface")]
    [InlineData("udp://10.0.0.1@127.0.0.1:5000")]
    [InlineData("udp://10.0.0.1@[ff15::1]:5000")]
    [InlineData("udp://239.2.2.2@232.1.1.1:5000")]
    [InlineData("udp://232.1.1.1:5000?source=nobody")]
    [InlineData("udp://232.1.1.1:5000?buffer=0")]
    public void A_bad_address_is_refused_with_the_way_to_write_it(string address)
    {
        Action open = () => UdpTransportStreamSource.Open(address, Origin.Live, TimeProvider.System);
        var problem = open.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("udp.bad-address");
        problem.Title.Zh.Should().Contain(address);
        problem.Detail.En.Should().Contain("udp://[@]HOST:PORT");
    }

    [Fact]
    public void A_busy_port_is_refused()
    {
        using var other = Bound();
        Action open = () => UdpTransportStreamSource.Open($"udp://127.0.0.1:{Port(other)}", Origin.Live, TimeProvider.System);
        open.Should().Throw<ProblemException>().Which.Problem.Should().BeEquivalentTo(new { Code = "udp.port-busy", Status = 409 });
    }

    [Fact]
    public async Task Silence_returns_within_200_ms_and_cancelling_ends_the_wait()
    {
        await using var source = Source(out _);
        var took = await Quickest.OfAsync(async () => (await source.ReadAsync(new byte[65536], CancellationToken.None)).Bytes.Should().Be(0), TimeSpan.FromSeconds(1));
        took.Should().BeLessThan(TimeSpan.FromSeconds(1));
        using var cancel = new CancellationTokenSource();
        var waiting = source.ReadAsync(new byte[65536], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await waiting.Invoking(w => w).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Datagrams_are_never_split_and_RTP_headers_are_taken_off()
    {
        await using var source = Source(out var port);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var packets = Enumerable.Range(0, 7 * 188).Select(i => i % 188 == 0 ? (byte)0x47 : (byte)i).ToArray();
        byte[] plainRtp = [0x80, 33, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] fullRtp = [0xB1, 33, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, /* contributing source */ 1, 2, 3, 4, /* extension of one word */ 0, 0, 0, 1, 9, 9, 9, 9];
        foreach (var datagram in new byte[][] { packets, [.. plainRtp, .. packets], [.. fullRtp, .. packets, 0, 0, 3], [1, 2, 3] })
            sender.SendTo(datagram, new IPEndPoint(IPAddress.Loopback, port));
        var received = await Receive(source, 3 * packets.Length + 3);
        received.Should().Equal([.. packets, .. packets, .. packets, 1, 2, 3]);
        source.Datagrams.Should().Be(4);
        source.RtpDatagrams.Should().Be(2);
    }

    [Fact]
    public async Task What_this_machine_drops_is_counted()
    {
        await using var source = Source(out var port, "?buffer=1");
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        source.Dropped.Should().Be(0);
        const int Sent = 100;
        for (var i = 0; i < Sent; i++) sender.SendTo(new byte[60_000], new IPEndPoint(IPAddress.Loopback, port));
        var buffer = new byte[1 << 17];
        while ((await source.ReadAsync(buffer, CancellationToken.None)).Bytes > 0)
        {
        }
        source.Dropped.Should().BePositive();
        (source.Datagrams + source.Dropped).Should().Be(Sent);
    }

    [Fact]
    public async Task Datagrams_allocate_nothing()
    {
        await using var source = Source(out var port);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var to = new IPEndPoint(IPAddress.Loopback, port).Serialize();
        var datagram = new byte[1316];
        var buffer = new byte[1 << 16];
        var allocated = 0L;
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 40; i++) sender.SendTo(datagram, SocketFlags.None, to);
            var reads = 0;
            for (var bytes = 0; bytes < 40 * datagram.Length; reads++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var reading = source.ReadAsync(buffer, CancellationToken.None); // what has arrived is read on this thread
                if (round >= 10) allocated += GC.GetAllocatedBytesForCurrentThread() - before - DebugStateMachine;
                reading.IsCompletedSuccessfully.Should().BeTrue();
                bytes += (await reading).Bytes;
            }
            reads.Should().BeLessThan(40, "a read takes what came within a millisecond, and a busy machine may take some of them to send");
        }
        // One object for each of the 400 datagrams would be 9,600 bytes.
        allocated.Should().BeLessThan(2_000);
    }

    [Fact]
    public void Any_datagram_has_a_payload_within_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            if (bytes.Length > 0) bytes[0] = (byte)(0x80 | bytes[0] & 0x3F); // the version of RTP, else there is little to read
            return RtpHeader.Payload(bytes).GetOffsetAndLength(bytes.Length).Length <= bytes.Length;
        }).QuickCheckThrowOnFailure();

    [RecordingFact]
    public async Task A_replay_arrives_byte_for_byte()
    {
        var path = Recordings.File("ts", "real", "hevc_small.ts");
        await using var source = Source(out var port);
        using var replay = TransportStreamReplay.Open(path, $"udp://127.0.0.1:{port}", new() { Loops = 1, BitrateBps = 5_000_000 }, TimeProvider.System);
        var played = replay.RunAsync(CancellationToken.None);
        var expected = await File.ReadAllBytesAsync(path);
        (await Receive(source, expected.Length)).Should().Equal(expected);
        await played.WaitAsync(Limit);
        replay.PacketsSent.Should().Be(expected.Length / 188);
    }

    [RecordingFact]
    public async Task Multicast_arrives_where_the_loopback_carries_it()
    {
        var path = Recordings.File("ts", "real", "hevc_small.ts");
        using var free = Bound();
        var address = $"udp://239.255.42.42:{Port(free)}?iface=lo";
        free.Dispose();
        await using var source = UdpTransportStreamSource.Open(address, Origin.Replay, TimeProvider.System);
        using var replay = TransportStreamReplay.Open(path, address, new() { Loops = 1, BitrateBps = 5_000_000 }, TimeProvider.System);
        var played = replay.RunAsync(CancellationToken.None);
        var expected = await File.ReadAllBytesAsync(path);
        (await Receive(source, expected.Length)).Should().Equal(expected);
        await played.WaitAsync(Limit);
    }

    [Theory]
    [InlineData("udp://10.0.0.5@232.1.1.1:5000", new[] { "10.0.0.5" })]
    [InlineData("rtp://232.1.1.1:5000?source=10.0.0.5&source=10.0.0.6&iface=lo", new[] { "10.0.0.5", "10.0.0.6" })]
    [InlineData("udp://[2001:db8::5]@[ff35::1]:5000?buffer=16", new[] { "2001:db8::5" })]
    [InlineData("udp://@239.1.1.1:5000", new string[0])]
    public void An_address_names_its_sources(string address, string[] sources)
    {
        var parsed = UdpAddress.Parse(address);
        parsed.Sources.Select(s => s.ToString()).Should().Equal(sources);
        parsed.EndPoint.Port.Should().Be(5000);
        parsed.IsMulticast.Should().BeTrue();
        (parsed.InterfaceIndex > 0).Should().Be(address.Contains("iface", StringComparison.Ordinal));
        parsed.BufferBytes.Should().Be(address.Contains("buffer", StringComparison.Ordinal) ? 16 << 20 : null);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.9", false)]
    public async Task Of_a_group_only_the_chosen_source_is_received(string wanted, bool arrives)
    {
        using var free = Bound();
        var port = Port(free);
        free.Dispose();
        using var everything = UdpReceiver.Open($"udp://232.42.42.42:{port}?iface=lo", TimeProvider.System); // must not let others' sources in
        using var chosen = UdpReceiver.Open($"udp://{wanted}@232.42.42.42:{port}?iface=lo", TimeProvider.System);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
        sender.SendTo([1, 2, 3], new IPEndPoint(IPAddress.Parse("232.42.42.42"), port));
        using var limit = new CancellationTokenSource(Limit);
        while (!everything.TryTake(out _)) await everything.WaitAsync(limit.Token);
        chosen.TryTake(out var datagram).Should().Be(arrives);
        datagram.Payload.ToArray().Should().Equal(arrives ? [1, 2, 3] : []);
    }

    [Fact]
    public async Task Each_datagram_has_the_kernels_time_however_late_it_is_read()
    {
        using var free = Bound();
        var port = Port(free);
        free.Dispose();
        using var receiver = UdpReceiver.Open($"udp://127.0.0.1:{port}", TimeProvider.System);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var before = NowNs();
        sender.SendTo([1], new IPEndPoint(IPAddress.Loopback, port));
        var between = NowNs();
        await Task.Yield();
        while (NowNs() - between < 20_000_000) await Task.Yield(); // a late reader
        sender.SendTo([2], new IPEndPoint(IPAddress.Loopback, port));
        List<(byte, long)> got = [];
        while (receiver.TryTake(out var datagram)) got.Add((datagram.Payload[0], datagram.TimeNs));
        got.Select(g => g.Item1).Should().Equal(1, 2);
        got[0].Item2.Should().BeInRange(before - 1_000_000, between + 1_000_000);
        (got[1].Item2 - got[0].Item2).Should().BeGreaterThan(15_000_000);
    }

    private static long NowNs() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    [RecordingFact]
    public async Task A_replay_that_is_cancelled_ends()
    {
        using var sink = Bound();
        using var replay = TransportStreamReplay.Open(Recordings.File("ts", "real", "rai_mux_8svc.ts"), $"udp://127.0.0.1:{Port(sink)}", new(), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var played = replay.RunAsync(cancel.Token);
        await cancel.CancelAsync();
        await played.Invoking(p => p.WaitAsync(Limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void A_timetable_has_no_drift_in_an_hour_and_does_not_catch_up_a_suspended_machine_in_one_burst()
    {
        var time = new ManualTime();
        var pace = new ReplayPace(22_394_313, time);
        long given = 0;
        long largest = 0;
        for (var beat = 0; beat < 900_000; beat++)
        {
            time.Advance(TimeSpan.FromMilliseconds(4));
            var due = pace.Due(given);
            largest = Math.Max(largest, due);
            given += due;
        }
        given.Should().Be((long)(3600 * 22_394_313.0 / 1504));
        (largest * 1504 / 22_394_313.0).Should().BeLessThan(0.005);
        time.Advance(TimeSpan.FromHours(8));
        pace.Due(given).Should().BeLessThanOrEqualTo((long)(22_394_313.0 / 1504) + 1);
    }

    private static async Task<byte[]> Receive(UdpTransportStreamSource source, int bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        List<byte> all = [];
        var buffer = new byte[1 << 17];
        while (all.Count < bytes)
        {
            var read = await source.ReadAsync(buffer, limit.Token);
            all.AddRange(buffer[..read.Bytes]);
        }
        return [.. all];
    }

    private static UdpTransportStreamSource Source(out int port, string options = "")
    {
        using var free = Bound();
        port = Port(free);
        free.Dispose();
        return UdpTransportStreamSource.Open($"udp://@127.0.0.1:{port}{options}", Origin.Replay, TimeProvider.System);
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
