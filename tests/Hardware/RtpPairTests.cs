using FsCheck;
using FsCheck.Fluent;

namespace SignalWatch.Hardware.Tests;

/// <summary>SMPTE ST 2022-7: two paths with losses and skew of their own. Time is in microseconds of the sender; a packet is sent each millisecond.</summary>
public sealed class RtpPairTests
{
    private const int Packets = 2000;

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(450)]
    [InlineData(-450)]
    public void What_one_path_loses_the_other_brings_within_the_skew(int skewMs)
    {
        var (receiver, output) = Play(skewMs, lostFirst: [.. Enumerable.Range(100, 50), 700, 900, 901], lostSecond: [200, 700, .. Enumerable.Range(1000, 300)]);
        output.Numbers.Should().Equal(Enumerable.Range(0, Packets).Where(n => n != 700));
        var statistics = receiver.Statistics;
        statistics.Should().BeEquivalentTo(new { Lost = 1, Gaps = 1, Late = 0, Duplicates = 0, Reordered = 0, Early = 0, Restarts = 0 });
        statistics.Sequences(RtpEventKind.Lost).Should().Equal(700);
        statistics.Paths.Should().HaveCount(2);
        statistics.Paths[0].Lost.Should().Be(53);
        statistics.Paths[1].Lost.Should().Be(302);
        statistics.Skew!.MeanNs.Should().BeApproximately(skewMs * 1e6, 1);
        statistics.Skew.Packets.Should().Be(Packets - 53 - 302 + 1);
        (statistics.Skew.MinNs, statistics.Skew.MaxNs).Should().Be((skewMs * Rtp.MillisecondNs, skewMs * Rtp.MillisecondNs));
        output.TimesNs.Should().BeInAscendingOrder();
        // Each has the time of the path that led, or of the next packet there: a switch of paths is no jitter of 450 ms.
        var lead = Math.Min(skewMs, 0);
        foreach (var (number, timeNs) in output.Numbers.Zip(output.TimesNs)) (timeNs / Rtp.MillisecondNs - number - 500 - lead).Should().BeInRange(0, 301);
    }

    [Fact]
    public void A_path_that_ends_is_not_missed()
    {
        var (receiver, output) = Play(20, lostFirst: [.. Enumerable.Range(1000, 1000)], lostSecond: []);
        output.Numbers.Should().Equal(Enumerable.Range(0, Packets));
        receiver.Statistics.Lost.Should().Be(0);
    }

    [Fact]
    public void A_duplicate_or_a_reorder_is_of_its_path()
    {
        var (receiver, output) = (new RtpReceiver(new()), new RtpOutput());
        foreach (var number in (int[])[1, 2, 3, 3, 4, 5]) receiver.Push(Rtp.Packet(number), number, output.Handler);
        foreach (var number in (int[])[1, 3, 2, 4, 5, 5]) receiver.PushPair(Rtp.Packet(number), number + 10, output.Handler);
        receiver.Flush(output.Handler);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5);
        var paths = receiver.Statistics.Paths;
        (paths[0].Duplicates, paths[0].Reordered, paths[1].Duplicates, paths[1].Reordered).Should().Be((1, 0, 1, 1));
        receiver.Statistics.Events.Should().BeEquivalentTo(
            [new { Kind = RtpEventKind.Duplicate, Sequence = 3, Path = 0 }, new { Kind = RtpEventKind.Reordered, Sequence = 2, Path = 1 }, new { Kind = RtpEventKind.Duplicate, Sequence = 5, Path = 1 }]);
    }

    [Fact]
    public void A_second_path_that_is_another_stream_does_not_take_over()
    {
        var (receiver, output) = (new RtpReceiver(new()), new RtpOutput());
        for (var i = 0; i < 500; i++)
        {
            receiver.Push(Rtp.Packet(i), i * Rtp.MillisecondNs, output.Handler);
            for (var k = 0; k < 2; k++) receiver.PushPair(Rtp.Packet(30_000 + 2 * i + k, ssrc: 9), i * Rtp.MillisecondNs, output.Handler);
        }
        output.Numbers.Should().Equal(Enumerable.Range(0, 500));
        receiver.Statistics.Should().BeEquivalentTo(new { Restarts = 0, Lost = 0, Ssrc = 0x1234_5678u });
        receiver.Statistics.Strays.Should().BeGreaterThan(990);
    }

    [Fact]
    public void A_second_path_that_joins_behind_the_first_brings_nothing_late()
    {
        var (receiver, output) = (new RtpReceiver(new()), new RtpOutput());
        for (var i = 0; i < 1000; i++)
        {
            receiver.Push(Rtp.Packet(1000 + i), i * Rtp.MillisecondNs, output.Handler);
            receiver.PushPair(Rtp.Packet(600 + i), i * Rtp.MillisecondNs, output.Handler);
        }
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 0, Late = 0, Strays = 0, Restarts = 0, Delivered = 1000 });
        receiver.Statistics.Skew!.MeanNs.Should().BeApproximately(400e6, 1);
    }

    /// <summary>Random losses and jitter on both paths: lost is what both lost, and no more.</summary>
    [Fact]
    public void Lost_is_exactly_what_both_paths_lost() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var lost = Enumerable.Range(0, 2).Select(_ => Enumerable.Range(1, Packets - 100).Where(_ => random.Next(10) == 0).ToHashSet()).ToArray();
            var (receiver, output) = Play(random.Next(-400, 400), lost[0], lost[1], new Random(seed));
            var both = lost[0].Intersect(lost[1]).ToHashSet();
            return output.Numbers.SequenceEqual(Enumerable.Range(0, Packets).Where(n => !both.Contains(n))) && receiver.Statistics.Lost == both.Count
                && receiver.Statistics.Paths[0].Lost == lost[0].Count && receiver.Statistics.Paths[1].Lost == lost[1].Count;
        }).QuickCheckThrowOnFailure();

    private static (RtpReceiver Receiver, RtpOutput Output) Play(int skewMs, ICollection<int> lostFirst, ICollection<int> lostSecond, Random? jitter = null)
    {
        var (receiver, output) = (new RtpReceiver(new() { ExpectsPair = true }), new RtpOutput());
        var arrivals = Enumerable.Range(0, Packets).SelectMany(n => new[] { (Number: n, Path: 0, At: (n + 500) * Rtp.MillisecondNs), (Number: n, Path: 1, At: (n + 500 + skewMs) * Rtp.MillisecondNs) })
            .Select(a => a with { At = a.At + (a.Number > 0 && jitter is not null ? jitter.NextInt64(20 * Rtp.MillisecondNs) : 0) })
            .Where(a => !(a.Path == 0 ? lostFirst : lostSecond).Contains(a.Number)).OrderBy(a => a.At);
        foreach (var arrival in arrivals)
        {
            var datagram = Rtp.Packet(arrival.Number, packets: 1);
            if (arrival.Path == 0) receiver.Push(datagram, arrival.At, output.Handler);
            else receiver.PushPair(datagram, arrival.At, output.Handler);
        }
        receiver.Flush(output.Handler);
        return (receiver, output);
    }
}
