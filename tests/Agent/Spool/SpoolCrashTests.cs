using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Tests.Probe.Spool;

/// <summary>Kills, torn tails, full disks and lost answers in any order: what was on disk is delivered or told as a gap, what was acknowledged is at the collector, and no number is ever given twice.</summary>
public sealed class SpoolCrashTests
{
    private enum Act
    {
        Observe,
        Flush,
        Deliver,
        DeliverAndLoseTheAnswer,
        CloseBacklog,
        Kill,
        KillInTheMiddleOfAWrite,
        DiskFull,
        DiskWorks,
        MakeRoom,
    }

    [Fact]
    public void Whatever_happens_nothing_is_lost_in_silence_and_no_number_is_given_twice()
    {
        var step = Gen.Zip(Gen.Frequency((5, Gen.Constant(Act.Observe)), (4, Gen.Constant(Act.Flush)), (4, Gen.Constant(Act.Deliver)), (2, Gen.Constant(Act.DeliverAndLoseTheAnswer)), (2, Gen.Constant(Act.CloseBacklog)),
            (2, Gen.Constant(Act.Kill)), (2, Gen.Constant(Act.KillInTheMiddleOfAWrite)), (1, Gen.Constant(Act.DiskFull)), (2, Gen.Constant(Act.DiskWorks)), (1, Gen.Constant(Act.MakeRoom))), Gen.Choose(0, 40));
        var acts60 = Arb.From(Gen.ListOf(step, 60).Select(l => l.ToArray()), acts => Enumerable.Range(0, acts.Length).Select(i => (ValueTuple<Act, int>[])[.. acts[..i], .. acts[(i + 1)..]]));
        Prop.ForAll(acts60, acts =>
        {
            using var run = new Run();
            foreach (var (act, amount) in acts) run.Do(act, amount);
            run.End();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));
    }

    /// <summary>A probe's spool, killed and started again; and a collector that only knows numbers.</summary>
    private sealed class Run : IDisposable
    {
        private readonly ManualTime time = new();
        private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.English);
        private readonly string root = Directory.CreateTempSubdirectory("spool").FullName;
        private readonly Dictionary<(Guid Boot, long Sequence), Guid> collector = [];
        private readonly HashSet<Guid> delivered = [], onDisk = [], inMemory = [];
        private readonly HashSet<(Guid, long)> told = [];
        private readonly Dictionary<(Guid, long), List<(Guid, long)>> gaps = [];
        private readonly Dictionary<Guid, (Guid Boot, long Sequence)> seen = [];
        private SpoolFolder spool;
        private bool full;
        private int copies, minted;

        public Run() => spool = Open();

        public void Do(Act act, int amount)
        {
            switch (act)
            {
                case Act.Observe:
                    for (var i = 0; i <= amount; i++) Observe();
                    break;
                case Act.Flush:
                    Flush();
                    break;
                case Act.Deliver or Act.DeliverAndLoseTheAnswer:
                    Deliver(1 + amount, act == Act.Deliver, amount);
                    break;
                case Act.CloseBacklog:
                    (amount % 2 == 0 ? spool.Alarms : spool.Telemetry).CloseBacklog();
                    break;
                case Act.Kill:
                    Kill(torn: 0);
                    break;
                case Act.KillInTheMiddleOfAWrite:
                    Kill(torn: 1 + amount);
                    break;
                case Act.DiskFull:
                    full = true;
                    break;
                case Act.DiskWorks:
                    full = false;
                    break;
                default:
                    (amount % 2 == 0 ? spool.Telemetry : spool.Alarms).DropOldest();
                    break;
            }
        }

        public void End()
        {
            full = false;
            Flush();
            Flush();
            for (var turns = 0; Deliver(1000, answered: true, 0); turns++)
            {
                turns.Should().BeLessThan(1000, "what is said to be there can be read");
                Flush();
            }
            // A gap that had to go itself was told by its own number.
            for (var before = -1; before != told.Count;)
            {
                before = told.Count;
                foreach (var (_, numbers) in gaps.Where(g => told.Contains(g.Key)).ToList()) told.UnionWith(numbers);
            }
            // What was on disk is at the collector, or a gap that is there names its number.
            foreach (var id in onDisk.Except(delivered)) told.Should().Contain(seen[id]);
            foreach (var waiting in (ObservationSpool[])[spool.Alarms.Live, spool.Telemetry.Live]) waiting.HasUnsent.Should().BeFalse();
            (spool.Alarms.History ?? spool.Telemetry.History).Should().BeNull();
            spool.Flush();
            (spool.Figures.Entries, spool.HistoryEntries).Should().Be((0, 0));
        }

        public void Dispose()
        {
            spool.Dispose();
            Directory.Delete(root, recursive: true);
        }

        private SpoolFolder Open()
        {
            var small = new SpoolSettings { SegmentBytes = 3_000 };
            return new SpoolFolder(Path.Combine(root, $"{copies}"), new SpoolFolderSettings { Alarm = small, Telemetry = small }, time, gap => mint.Gap(gap, time.GetUtcNow()), _ => { }, (file, length) => new Appender(this, file, length));
        }

        private void Observe()
        {
            var kind = ++minted % 3 == 0 ? Vocabulary.FmBand : Vocabulary.FmCarrier;
            var observation = mint.Measured(new WatchId("fm"), new Subject(kind.Subject, "x"), kind, time.GetUtcNow(), Origin.Live, ("score", Fact.Of(minted)));
            inMemory.Add(observation.Id);
            spool.Append(observation);
        }

        private void Flush()
        {
            if (!spool.Flush()) return;
            onDisk.UnionWith(inMemory);
            inMemory.Clear();
            foreach (var file in Directory.GetFiles(root, "*.seg", SearchOption.AllDirectories)) Note(file);
        }

        // The number that each observation got: read from the files themselves, as an independent witness.
        private void Note(string file)
        {
            var bytes = File.ReadAllBytes(file);
            if (!SegmentFile.TryReadHeader(bytes, out var boot, out var number)) return;
            for (var at = SegmentFile.HeaderBytes; SegmentFile.ReadRecord(bytes.AsSpan(at), number, out var record) == SegmentTail.Record; at += record.Bytes, number++)
            {
                var observation = JsonSerializer.Deserialize<SpooledObservation>(bytes.AsSpan(at + record.PayloadAt, record.PayloadBytes), WireJson.Options)!.Observation;
                seen[observation.Id] = (boot, number);
                gaps[(boot, number)] = Numbers(observation);
            }
        }

        private bool Deliver(int most, bool answered, int choice)
        {
            ObservationSpool?[] sources = [spool.Alarms.Live, spool.Alarms.History, spool.Telemetry.Live, spool.Telemetry.History];
            var waiting = sources.OfType<ObservationSpool>().Where(s => s.HasUnsent).ToList();
            if (waiting.Count == 0) return false;
            var source = waiting[choice % waiting.Count];
            if (source.Read(most) is not { } batch) return true; // what was there is damaged, and told
            foreach (var line in Encoding.UTF8.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Take(JsonSerializer.Deserialize<SpooledObservation>(line, WireJson.Options)!);
            if (answered) source.Acknowledge(batch.Last);
            else source.Rewind();
            spool.Alarms.Tidy();
            spool.Telemetry.Tidy();
            return true;
        }

        private void Take(SpooledObservation line)
        {
            if (!collector.TryAdd((line.Boot, line.Sequence), line.Observation.Id)) collector[(line.Boot, line.Sequence)].Should().Be(line.Observation.Id, "number {0} of {1} was given before", line.Sequence, line.Boot);
            delivered.Add(line.Observation.Id);
            told.UnionWith(Numbers(line.Observation));
        }

        // What a gap names.
        private static List<(Guid, long)> Numbers(Observation observation)
        {
            var facts = observation.Facts;
            if (observation.Kind != "probe.gap" || !facts.ContainsKey("from_sequence")) return [];
            var (boot, from, to) = (Guid.Parse(facts["boot"].AsText), (long)facts["from_sequence"].AsNumber, (long)facts["to_sequence"].AsNumber);
            return [.. Enumerable.Range(0, (int)(to - from + 1)).Select(i => (boot, from + i))];
        }

        // The program ends without a word; the next one finds a copy of the folder, perhaps with the beginning of a write that was not finished.
        private void Kill(int torn)
        {
            var from = Path.Combine(root, $"{copies}");
            copies++;
            foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                var to = Path.Combine(root, $"{copies}", Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
            spool.Dispose();
            Directory.Delete(from, recursive: true);
            if (torn > 0)
                foreach (var newest in Directory.GetFiles(root, "*.seg", SearchOption.AllDirectories).GroupBy(Path.GetDirectoryName).Select(g => g.Order(StringComparer.Ordinal).Last()))
                    Tear(newest, torn);
            inMemory.Clear(); // never acknowledged to anybody, and never on disk
            spool = Open();
            foreach (var file in Directory.GetFiles(root, "*.seg", SearchOption.AllDirectories)) Note(file);
        }

        private static void Tear(string file, int bytes)
        {
            var (whole, payload) = (new System.Buffers.ArrayBufferWriter<byte>(), new byte[200]);
            SegmentFile.WriteRecord(whole, NextOf(file), payload);
            using var stream = new FileStream(file, FileMode.Append);
            stream.Write(whole.WrittenSpan[..Math.Min(bytes, whole.WrittenCount - 1)]);
        }

        private static long NextOf(string file)
        {
            var bytes = File.ReadAllBytes(file);
            if (!SegmentFile.TryReadHeader(bytes, out _, out var number)) return 1;
            for (var at = SegmentFile.HeaderBytes; SegmentFile.ReadRecord(bytes.AsSpan(at), number, out var record) == SegmentTail.Record; at += record.Bytes) number++;
            return number;
        }

        private sealed class Appender(Run run, string file, long length) : SegmentAppender(file, length)
        {
            public override void Append(ReadOnlySpan<byte> bytes)
            {
                if (!run.full)
                {
                    base.Append(bytes);
                    return;
                }
                base.Append(bytes[..(bytes.Length / 2)]); // a full disk takes a part
                throw new IOException("No space left on device");
            }
        }
    }
}
