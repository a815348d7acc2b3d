using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests;

/// <summary>Any bytes at any time: no exception, no loop without end, no memory without bound, none at all for a datagram.</summary>
public sealed class RtpRobustnessTests
{
    [Fact]
    public void Ten_thousand_mutated_datagrams_do_no_harm()
    {
        var random = new Random(2022);
        var media = Enumerable.Range(0, 2000).Select(n => Rtp.Packet(65_000 + n, packets: 1 + n % 7)).ToArray();
        var fec = Enumerable.Range(0, 190).Select(g => Rtp.Fec(g, g % 2 == 0, g % 2 == 0 ? 1 : 10, [.. Enumerable.Range(0, 5).Select(i => media[g * 10 + i * (g % 2 == 0 ? 1 : 10)])])).ToArray();
        var mutated = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var (receiver, output) = (new RtpReceiver(new()), 0L);
            PacketsHandler handler = (packets, _, _) => output += packets.Length;
            var timeNs = 0L;
            for (var i = 0; i < 2000; i++)
            {
                var datagram = (random.Next(3) == 0 ? fec[Math.Min(i / 10, fec.Length - 1)] : media[i]).ToArray();
                if (random.Next(2) == 0)
                {
                    mutated++;
                    Mutate(ref datagram, random);
                }
                timeNs += random.Next(100) == 0 ? random.NextInt64(-5_000_000_000, 5_000_000_000) : 1_000_000;
                switch (random.Next(8))
                {
                    case 0: receiver.PushFec(datagram, timeNs, handler); break;
                    case 1: receiver.PushPair(datagram, timeNs, handler); break;
                    case 2: receiver.PushControl(datagram, timeNs); break;
                    default: receiver.Push(datagram, timeNs, handler); break;
                }
                if (random.Next(50) == 0) receiver.Tick(timeNs, handler);
            }
            receiver.Flush(handler);
            var statistics = receiver.Statistics;
            output.Should().BePositive();
            statistics.Delivered.Should().BeLessThanOrEqualTo(statistics.Datagrams + statistics.Recovered);
            (statistics.Lost, statistics.Recovered, statistics.Strays, statistics.Malformed).Should().Match<(long A, long B, long C, long D)>(n => n.A >= 0 && n.B >= 0 && n.C >= 0 && n.D > 0);
        }
        mutated.Should().BeGreaterThan(9_000);
    }

    [Fact]
    public void Pure_noise_in_the_headers_does_no_harm()
    {
        var random = new Random(7);
        var (receiver, output) = (new RtpReceiver(new()), 0L);
        PacketsHandler handler = (packets, _, _) => output += packets.Length;
        var datagram = new byte[1500];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(datagram.AsSpan(0, 64));
            datagram[0] = (byte)(0x80 | datagram[0] & 0x3F);
            if (i % 2 == 0) datagram.AsSpan(8, 4).Clear(); // one source, wild numbers
            var piece = datagram.AsSpan(0, random.Next(1500));
            if (i % 5 == 0) receiver.PushFec(piece, i * 1000L, handler);
            else receiver.Push(piece, i * 1000L, handler);
        }
        receiver.Flush(handler);
        receiver.Statistics.Events.Should().HaveCountLessThanOrEqualTo(512);
    }

    [Fact]
    public void A_datagram_in_order_allocates_nothing()
    {
        var run = new Run(1000);
        Allocated.Bytes(() => run.InOrder()).Should().BeLessThan(1000);
    }

    [Fact]
    public void Reordered_lost_and_doubled_datagrams_allocate_nothing()
    {
        var run = new Run(1000);
        Allocated.Bytes(() => run.Disordered()).Should().BeLessThan(1000);
        run.Receiver.Statistics.Lost.Should().BePositive();
        run.Receiver.Statistics.Reordered.Should().BePositive();
        run.Given.Should().BePositive();
    }

    [Fact]
    public void Recovery_by_FEC_allocates_nothing()
    {
        var run = new Run(1000);
        Allocated.Bytes(() => run.WithFec()).Should().BeLessThan(1000);
        run.Receiver.Statistics.Recovered.Should().BePositive();
    }

    [Fact]
    public void A_pair_with_FEC_and_holes_stays_within_a_megabyte_and_a_half()
    {
        var run = new Run(4000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        run.New();
        run.Pair();
        run.WithFec();
        // What was outgrown on the way is garbage; the sum bounds what is kept from above.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4 << 20);
        run.KeptBytes().Should().BeInRange(250_000, 1_500_000);
    }

    [Fact]
    public void A_stream_in_order_keeps_less_than_a_hundred_kilobytes()
    {
        var run = new Run(1000);
        run.New();
        run.InOrder();
        run.KeptBytes().Should().BeLessThan(100_000);
    }

    [Fact]
    public void Memory_for_the_first_packets_is_given_back_though_the_packet_that_ends_them_is_lost()
    {
        var run = new Run(1000);
        run.New();
        run.Disordered();
        run.InOrder();
        // The ring of a stream with holes: 128 datagrams.
        run.KeptBytes().Should().BeLessThan(300_000);
    }

    private static void Mutate(ref byte[] datagram, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                datagram = datagram[..random.Next(datagram.Length)];
                break;
            case 1:
                datagram = [.. datagram, .. new byte[random.Next(9000)]];
                break;
            default:
                for (var n = random.Next(1, 6); n > 0; n--) datagram[random.Next(Math.Min(32, datagram.Length))] = (byte)random.Next(256);
                break;
        }
    }

    // Datagrams made beforehand; their numbers go on from run to run.
    private sealed class Run
    {
        private static readonly int[] Disorder = [1, 0, 2, 5, 5, 4, 8, 9];

        private readonly byte[][] media;
        private readonly byte[][] rows;
        private readonly PacketsHandler handler;
        private long timeNs;
        private int number;

        public Run(int count)
        {
            media = [.. Enumerable.Range(0, count).Select(n => Rtp.Packet(n))];
            rows = [.. media.Chunk(10).Select((row, i) => Rtp.Fec(i, isRow: true, 1, row))];
            handler = (packets, _, missing) => Given += packets.Length + missing;
            New();
        }

        public long Given { get; private set; }

        public RtpReceiver Receiver { get; private set; } = new(new());

        public void New() => Receiver = new RtpReceiver(new());

        public long KeptBytes() => Retained.Bytes(Receiver);

        public void InOrder()
        {
            for (var i = 0; i < media.Length; i++) Receiver.Push(Numbered(i), timeNs, handler);
            number += media.Length;
        }

        public void Disordered()
        {
            for (var i = 0; i < media.Length; i += 10)
            {
                foreach (var k in Disorder) Receiver.Push(Numbered(i + k), timeNs, handler);
            }
            number += media.Length;
        }

        public void WithFec()
        {
            for (var i = 0; i < media.Length; i += 10)
            {
                for (var k = 0; k < 10; k++)
                    if (k != i / 10 % 10 || i == 0) Receiver.Push(Numbered(i + k), timeNs, handler);
                var fec = rows[i / 10];
                (fec[12], fec[13]) = ((byte)(number + i >> 8), (byte)(number + i));
                Receiver.PushFec(fec, timeNs, handler);
            }
            number += media.Length;
        }

        public void Pair()
        {
            for (var i = 0; i < media.Length; i++)
            {
                if (i % 1500 != 1400) Receiver.Push(Numbered(i), timeNs, handler);
                if (i >= 1200) Receiver.PushPair(Numbered(i - 1200), timeNs, handler);
            }
            number += media.Length;
        }

        private byte[] Numbered(int index)
        {
            timeNs += 100_000;
            (media[index][2], media[index][3]) = ((byte)(number + index >> 8), (byte)(number + index));
            return media[index];
        }
    }
}
