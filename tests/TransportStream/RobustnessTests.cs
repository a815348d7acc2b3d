using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

public sealed class RobustnessTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Any_bytes_in_any_pieces_are_taken_and_a_good_stream_after_them_is_read()
    {
        var good = Stream();
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<int>(), (garbage, seed) =>
        {
            var analyzer = new TransportStreamAnalyzer(new());
            PushInPieces(analyzer, [.. garbage, .. good, .. good], seed);
            var report = analyzer.Report(Start);
            return report.InSync && report.Services.Count == 1 && report.Services[0].Name == "珠江频道";
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Mutated_streams_are_the_same_stream_in_any_pieces()
    {
        var good = Stream();
        for (var seed = 0; seed < 2_000; seed++)
        {
            var bytes = Mutate(good, new Random(seed));
            var whole = new TransportStreamAnalyzer(new());
            List<TransportStreamOccurrence> ofWhole = [], ofPieces = [];
            whole.Occurred += ofWhole.Add;
            whole.Push(bytes, Start);
            var pieces = new TransportStreamAnalyzer(new());
            pieces.Occurred += ofPieces.Add;
            PushInPieces(pieces, bytes, seed);
            pieces.Report(Start).Should().BeEquivalentTo(whole.Report(Start), "of seed {0}", seed);
            ofPieces.Should().Equal(ofWhole, "of seed {0}", seed);
        }
    }

    [RecordingFact]
    public void A_recording_gives_the_same_report_in_pieces()
    {
        var bytes = File.ReadAllBytes(Recordings.File("ts", "real", "rai_mux_8svc.ts"));
        var whole = new TransportStreamAnalyzer(new());
        whole.Push(bytes, Start);
        var pieces = new TransportStreamAnalyzer(new());
        PushInPieces(pieces, bytes, 4);
        pieces.Report(Start).Should().BeEquivalentTo(whole.Report(Start));
    }

    [Fact]
    public void Packets_allocate_nothing_once_the_tables_are_known()
    {
        var bytes = new Broadcast().Packets(60);
        var analyzer = new TransportStreamAnalyzer(new());
        var half = bytes.Length / 188 / 2 * 188;
        analyzer.Push(bytes.AsSpan(0, half), Start, Broadcast.BitrateBps);
        Allocated.Bytes(() => analyzer.Push(bytes.AsSpan(half), Start.AddSeconds(30), Broadcast.BitrateBps)).Should().Be(0);
    }

    // SIGNALWATCH_MUTATIONS makes a longer run of it.
    [RecordingFact]
    public void Mutated_recordings_are_analysed_to_their_end_in_bounded_time_and_memory()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SIGNALWATCH_MUTATIONS"), out var wished) ? wished : 10_000;
        byte[][] sources = [.. Directory.GetFiles(Recordings.File("ts", "real"), "*.ts").Order().Select(Middle), new Broadcast().Packets(1)];
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var bytes = Mutate(sources[seed % sources.Length], random);
            var analyzer = new TransportStreamAnalyzer(new() { KeepTables = seed % 10 == 0 });
            var occurrences = 0;
            analyzer.Occurred += o => occurrences += o.Describe().En.Length > 0 ? 1 : 0;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            analyzer.Push(bytes, Start, random.Next(3) == 0 ? 0 : random.Next(10_000, 100_000_000));
            var report = analyzer.Report(Start.AddSeconds(random.Next(100)));
            (GC.GetAllocatedBytesForCurrentThread() - allocated).Should().BeLessThan(64 << 20, "seed {0}", seed);
            (report.Packets * report.PacketBytes + report.SkippedBytes).Should().BeLessThanOrEqualTo(bytes.Length, "seed {0}", seed);
        }

        static byte[] Middle(string path)
        {
            var all = File.ReadAllBytes(path);
            var packets = Math.Min(400, all.Length / 188);
            return all[..(packets * 188)];
        }
    }

    [Fact]
    public void Random_bytes_never_stop_it()
    {
        var random = new Random(7);
        var analyzer = new TransportStreamAnalyzer(new());
        var noise = new byte[1 << 20];
        random.NextBytes(noise);
        for (var i = 0; i < noise.Length; i += 188) noise[i] = 0x47; // in sync, and all else is noise
        analyzer.Push(noise, Start);
        var report = analyzer.Report(Start);
        report.Packets.Should().Be(noise.Length / 188);
        report.CcErrors.Should().BePositive();
    }

    private static byte[] Stream()
    {
        var builder = new StreamBuilder();
        for (var i = 0; i < 12; i++)
            builder.Pat(17, 1, (103, 0x100)).Pmt(0x100, 103, 1, 0x101, 0x101, 0x102).Sdt(17, 8755, 1, (103, "珠江频道")).Packet(0x101, pcr: i * 900_000L).Video(0x101, 3).Video(0x102, 1).Video(0x1FFF, 1);
        return builder.ToArray();
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 400), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 400)).Select(_ => (byte)random.Next(256))); break;
                default: bytes[at / 188 * 188] ^= 0xFF; break;
            }
            if (bytes.Count == 0) bytes.Add(0x47);
        }
        return [.. bytes];
    }

    private static void PushInPieces(TransportStreamAnalyzer analyzer, byte[] bytes, int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(3) == 0 ? random.Next(0, 8) : random.Next(1, 3000), bytes.Length - at);
            analyzer.Push(bytes.AsSpan(at, count), Start);
            at += count;
        }
    }
}
