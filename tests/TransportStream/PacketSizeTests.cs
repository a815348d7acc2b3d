namespace SignalWatch.TransportStream.Tests;

/// <summary>The same stream in packets of 188, 192 and 204 bytes.</summary>
public sealed class PacketSizeTests
{
    private static readonly byte[] Plain = new Broadcast().Without("pat", 3, 3.6).Packets(6);

    [Theory]
    [InlineData(192)]
    [InlineData(204)]
    public void Says_the_same_as_with_188_bytes(int packetBytes)
    {
        var (expected, expectedOccurrences) = Analyze(Plain, 0);
        var (report, occurrences) = Analyze(Wrapped(packetBytes), 0);
        report.PacketBytes.Should().Be(packetBytes);
        report.SkippedBytes.Should().Be(0);
        report.Packets.Should().Be(expected.Packets);
        report.Services.Should().BeEquivalentTo(expected.Services);
        report.Pids.Should().BeEquivalentTo(expected.Pids);
        occurrences.Select(o => (o.Check.Id, o.PacketIndex)).Should().Equal(expectedOccurrences.Select(o => (o.Check.Id, o.PacketIndex)));
    }

    [Theory]
    [InlineData(192)]
    [InlineData(204)]
    public void In_any_pieces_and_after_garbage(int packetBytes)
    {
        byte[] bytes = [.. new byte[101], .. Wrapped(packetBytes)];
        var random = new Random(3);
        var analyzer = new TransportStreamAnalyzer(new());
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 900), bytes.Length - at);
            analyzer.Push(bytes.AsSpan(at, count), Broadcast.Start);
            at += count;
        }
        var report = analyzer.Report(Broadcast.Start);
        (report.PacketBytes, report.Packets, report.SyncLosses).Should().Be((packetBytes, 6000, 0));
    }

    [Fact]
    public void The_time_stamps_of_M2TS_are_its_arrival_clock()
    {
        var (_, occurrences) = Analyze(Wrapped(192), 0);
        occurrences.Where(o => o.Check == Checks.PatAbsent).Should().ContainSingle().Which.At.Should().BeCloseTo(Broadcast.Start.AddSeconds(3.4), TimeSpan.FromMilliseconds(5));
    }

    [Theory]
    [InlineData(188)]
    [InlineData(192)]
    [InlineData(204)]
    public void A_burst_of_wrong_sync_bytes_is_counted_one_by_one(int packetBytes)
    {
        var bytes = Wrapped(packetBytes);
        for (var i = 0; i < 6; i++) bytes[(1000 + i) * packetBytes + (packetBytes == 192 ? 4 : 0)] = 0x46;
        var (report, occurrences) = Analyze(bytes, 0);
        (report.SyncByteErrors, report.SyncLosses).Should().Be((6, 1));
        occurrences.Where(o => o.Check == Checks.SyncByteError).Select(o => o.PacketIndex).Should().Equal(1000, 1001, 1002, 1003, 1004, 1005);
    }

    private static (MultiplexReport Report, List<TransportStreamOccurrence> Occurrences) Analyze(byte[] bytes, double bitrate)
    {
        var analyzer = new TransportStreamAnalyzer(new());
        List<TransportStreamOccurrence> occurrences = [];
        analyzer.Occurred += o =>
        {
            if (o.Change != OccurrenceChange.Clear) occurrences.Add(o);
        };
        // A packet a push, a millisecond each, where the packets have no stamps of their own.
        var size = bytes.Length / 6000;
        for (var i = 0; i < 6000; i++) analyzer.Push(bytes.AsSpan(i * size, size), size == 192 ? Broadcast.Start : Broadcast.Start.AddMilliseconds(i), bitrate);
        return (analyzer.Report(Broadcast.Start), occurrences);
    }

    private static byte[] Wrapped(int packetBytes)
    {
        var bytes = new byte[Plain.Length / 188 * packetBytes];
        for (var i = 0; i * 188 < Plain.Length; i++)
        {
            var unit = bytes.AsSpan(i * packetBytes, packetBytes);
            if (packetBytes == 192) System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(unit, (uint)((i * 27_000L + (1 << 30) - 500_000) & (1 << 30) - 1) | 0x4000_0000);
            Plain.AsSpan(i * 188, 188).CopyTo(unit[(packetBytes == 192 ? 4 : 0)..]);
        }
        return bytes;
    }
}
