using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests;

/// <summary>Files of transport stream packets: what is told of them, and how they are read.</summary>
public sealed class PacketsFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("packets").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_missing_an_empty_and_a_foreign_file_each_say_so_in_both_languages()
    {
        Refusal(Path.Combine(folder, "nothing.ts")).Code.Should().Be("ts-file.missing");
        Refusal(Write([])).Code.Should().Be("ts-file.empty");
        Refusal(Write(new byte[5000])).Code.Should().Be("ts-file.not-a-transport-stream");
        Refusal(Write([0x47])).Code.Should().Be("ts-file.not-a-transport-stream");
        var clockless = Refusal(Write(Packets(20)), paced: true);
        clockless.Code.Should().Be("ts-file.no-pcr");
        clockless.Title.Zh.Should().Contain("PCR");
        clockless.Detail.En.Should().Contain("Give the bit rate");
    }

    [Fact]
    public async Task A_truncated_file_keeps_its_whole_packets_and_warns()
    {
        var packets = Packets(20);
        await using var source = FileTransportStreamSource.Open(Write([1, 2, 3, .. packets, 0x47, 0, 0]), new() { Loops = 1 }, paced: false, new ManualTime());
        source.Warnings.Select(w => w.Code).Should().Equal("ts-file.leading-bytes", "ts-file.truncated");
        (await ReadAll(source)).Should().Equal(packets);
    }

    [RecordingTheory]
    [InlineData(188, 0, 0)]
    [InlineData(192, 4, 0)]
    [InlineData(192, 4, 50)] // begins within a packet, before its sync byte
    [InlineData(192, 4, 2)]  // begins with a sync byte whose time stamp is cut
    [InlineData(204, 0, 0)]
    [InlineData(204, 0, 7)]
    public async Task Files_of_every_packet_size_have_the_same_rate_and_pass_unchanged(int size, int syncOffset, int cut)
    {
        var plain = await File.ReadAllBytesAsync(Recordings.File("ts", "real", "rai_mux_8svc.ts"));
        var bytes = new byte[plain.Length / 188 * size];
        for (var i = 0; i < plain.Length / 188; i++)
        {
            new Random(i).NextBytes(bytes.AsSpan(i * size, size)); // time stamps and parity of any value
            plain.AsSpan(i * 188, 188).CopyTo(bytes.AsSpan(i * size + syncOffset));
        }
        await using var source = FileTransportStreamSource.Open(Write(bytes[cut..]), new() { Loops = 1 }, paced: false, new ManualTime());
        source.PacketSize.Should().Be(size);
        source.BitrateBps.Should().BeApproximately(22_394_313, 22_394, "packets of 188 bytes are what a rate counts");
        source.Warnings.Select(w => w.Code).Should().Equal(cut > 0 ? ["ts-file.leading-bytes"] : []);
        (await ReadAll(source)).Should().Equal(bytes[(cut > 0 ? size : 0)..]);
    }

    [RecordingFact]
    public async Task The_arrival_clock_of_M2TS_goes_on_from_loop_to_loop_as_the_PCR_does()
    {
        var plain = await File.ReadAllBytesAsync(Recordings.File("ts", "real", "rai_mux_8svc.ts"));
        const double TicksAPacket = 1504 * 27e6 / 22_394_313;
        var count = plain.Length / 188;
        var bytes = new byte[count * 192];
        for (var i = 0; i < count; i++)
        {
            BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder((int)(0x4000_0000u | (uint)(long)(i * TicksAPacket) & 0x3FFF_FFFF))).CopyTo(bytes, i * 192);
            plain.AsSpan(i * 188, 188).CopyTo(bytes.AsSpan(i * 192 + 4));
        }
        await using var source = FileTransportStreamSource.Open(Write(bytes), new() { Loops = 2 }, paced: false, new ManualTime());
        var played = await ReadAll(source);
        played.Should().HaveCount(2 * bytes.Length);
        uint Stamp(int packet) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(played.AsSpan(packet * 192));
        (Stamp(count) >> 30).Should().Be(1, "the copy permission stays");
        (Stamp(count) - (double)Stamp(count - 1)).Should().BeApproximately(TicksAPacket, 27e6 * 0.001, "the seam is one packet long, within a millisecond");
    }

    [RecordingFact]
    public async Task A_file_of_204_bytes_is_replayed_as_packets_of_188()
    {
        var plain = (await File.ReadAllBytesAsync(Recordings.File("ts", "real", "hevc_small.ts")));
        var bytes = new byte[plain.Length / 188 * 204];
        for (var i = 0; i < plain.Length / 188; i++) plain.AsSpan(i * 188, 188).CopyTo(bytes.AsSpan(i * 204));
        using var free = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)free.Client.LocalEndPoint!).Port;
        free.Client.ReceiveBufferSize = 1 << 20;
        using var replay = TransportStreamReplay.Open(Write(bytes), $"udp://127.0.0.1:{port}", new() { Loops = 1, BitrateBps = 5_000_000 }, TimeProvider.System);
        await replay.RunAsync(CancellationToken.None).WaitAsync(Hang.Limit);
        List<byte> received = [];
        while (free.Available > 0) received.AddRange((await free.ReceiveAsync()).Buffer);
        received.Should().Equal(plain);
    }

    [RecordingTheory]
    [InlineData("rai_mux_8svc.ts", 22_394_313)]
    [InlineData("dttv_cc_errors_a.ts", 5_097_986)]
    public async Task The_rate_of_a_file_is_within_a_thousandth_of_the_reference(string name, double reference)
    {
        await using var source = FileTransportStreamSource.Open(Recordings.File("ts", "real", name), new(), paced: true, new ManualTime());
        source.BitrateBps.Should().BeApproximately(reference, reference * 0.001);
    }

    [RecordingFact]
    public async Task Flat_out_the_times_are_those_of_the_streams_own_clock()
    {
        var time = new ManualTime();
        await using var source = FileTransportStreamSource.Open(Recordings.File("ts", "real", "rai_mux_8svc.ts"), new() { Loops = 1 }, paced: false, time);
        var buffer = new byte[1 << 16];
        TransportStreamRead read;
        do read = await source.ReadAsync(buffer, CancellationToken.None);
        while (!read.Ended);
        (read.At - time.GetUtcNow()).TotalSeconds.Should().BeApproximately(3_760_000 * 8 / 22_394_313.0, 0.001);
    }

    [RecordingFact]
    public async Task Paced_it_gives_as_many_packets_as_the_time_that_passed()
    {
        var time = new ManualTime();
        await using var source = FileTransportStreamSource.Open(Recordings.File("ts", "real", "rai_mux_8svc.ts"), new(), paced: true, time);
        var buffer = new byte[1 << 20];
        long bytes = 0;
        for (var second = 1; second <= 10; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            bytes += (await source.ReadAsync(buffer.AsMemory(0, buffer.Length), CancellationToken.None)).Bytes;
            bytes += (await source.ReadAsync(buffer, CancellationToken.None)).Bytes;
            bytes += (await source.ReadAsync(buffer, CancellationToken.None)).Bytes;
            (bytes * 8.0 / second).Should().BeApproximately(source.BitrateBps!.Value, 2 * 1504);
        }
    }

    [Fact]
    public async Task Mutated_files_are_played_over_and_over_without_failure_and_keep_their_length()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(5, 60) * 188];
            random.NextBytes(bytes);
            for (var i = 0; i < bytes.Length; i += 188)
            {
                if (i < 5 * 188 || random.Next(10) > 0) bytes[i] = 0x47;
                bytes[i + 1] &= (byte)(random.Next(4) == 0 ? 0xFF : 0x40); // few PIDs, so that seams have two sides
            }
            await using var source = FileTransportStreamSource.Open(Write(bytes), new() { Loops = 3, BitrateBps = 1e6 }, paced: false, new ManualTime());
            var played = await ReadAll(source);
            played.Should().HaveCount(3 * bytes.Length);
            played[..bytes.Length].Should().Equal(bytes, "the first loop is the file, of seed {0}", seed);
        }
    }

    private static Problem Refusal(string path, bool paced = false)
    {
        Action open = () => FileTransportStreamSource.Open(path, new(), paced, new ManualTime());
        var problem = open.Should().Throw<ProblemException>().Which.Problem;
        problem.Title.Zh.Should().NotBe(problem.Title.En).And.Contain(path);
        problem.Detail.Zh.Should().NotBeEmpty();
        return problem;
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(folder, Guid.NewGuid() + ".ts");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<byte[]> ReadAll(FileTransportStreamSource source)
    {
        List<byte> all = [];
        var buffer = new byte[1 << 16];
        while (true)
        {
            var read = await source.ReadAsync(buffer, CancellationToken.None);
            all.AddRange(buffer[..read.Bytes]);
            if (read.Ended) return [.. all];
        }
    }

    private static byte[] Packets(int count)
    {
        var bytes = new byte[count * 188];
        for (var i = 0; i < count; i++) (bytes[i * 188], bytes[i * 188 + 1], bytes[i * 188 + 3]) = (0x47, 0x01, (byte)(0x10 | i & 15));
        return bytes;
    }
}
