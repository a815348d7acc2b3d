using SignalWatch.Contracts;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Each check of the catalogue has a stream that raises it, and it alone; a check without one fails here.</summary>
public sealed class CheckTests
{
    private static readonly Dictionary<string, Func<Broadcast>> Faults = new()
    {
        ["1.1"] = () => Spoil(3, 2),
        ["1.2"] = () => Spoil(3, 1),
        ["1.3.a/1"] = () => new Broadcast().Without("pat", 3, 3.6).Insert(3.2, b => b.Packet(0, afc: 2)),
        ["1.3.a/2"] = () => new Broadcast().Insert(3, b => b.Section(0, StreamBuilder.Long(0x02, 7, 1, [0xE1, 1, 0xF0, 0]))),
        ["1.3.a/3"] = () => new Broadcast().Change(3, 0, p => p[3] |= 0x80),
        ["1.3/1"] = () => new Broadcast().Without("pat", 3, 3.6),
        ["1.3/2"] = () => new Broadcast().Insert(3, b => b.Section(0, StreamBuilder.Long(0x42, 7, 1, [0xE1, 1, 0xF0, 0]))),
        ["1.4"] = () => new Broadcast().Change(3, Broadcast.Audio, p => (p[1], p[2]) = (0x1F, 0xFF)),
        ["1.5.a/1"] = () => new Broadcast().Without("pmt", 3, 3.6),
        ["1.5.a/2"] = () => new Broadcast().Change(3, Broadcast.MapPid, p => p[3] |= 0x80),
        ["1.6"] = () => new Broadcast().Without("audio", 2, 7.5),
        ["2.1"] = () => new Broadcast().Change(3, Broadcast.Audio, p => p[1] |= 0x80),
        ["2.2"] = () => new Broadcast().Change(3, 0x11, p => p[20] ^= 1),
        ["2.3.a"] = () => new Broadcast().Without("pcr", 3, 3.2),
        ["2.3.b"] = () => new Broadcast().ShiftClock(3, 0.4, indicated: false),
        ["2.4"] = () => new Broadcast().Change(3, Broadcast.Video, p => { if ((p[3] & 0x20) != 0) p[11] ^= 0x40; }),
        ["2.5"] = () => new Broadcast().Without("audio", 3, 4),
        ["2.6/1"] = () => new Broadcast().Scrambled().Without("cat", 3, 6),
        ["2.6/2"] = () => new Broadcast().Insert(3, b => b.Section(1, StreamBuilder.Long(0x00, 7, 1, []))),
        ["3.1.a/1"] = () => new Broadcast().Insert(3, b => b.Section(0x10, StreamBuilder.Long(0x46, 7, 1, []))),
        ["3.1.a/2"] = () => new Broadcast().Without("nit", 3, 14),
        ["3.1.a/3"] = () => new Broadcast().Insert(3.02, b => b.Section(0x10, StreamBuilder.Long(0x40, 1, 1, [0xF0, 0, 0xF0, 0]))),
        ["3.1.b"] = () => Once(0x10, 0x41),
        ["3.2/1"] = () => new Broadcast().Without("bat", 3, 14),
        ["3.2/2"] = () => new Broadcast().Insert(4.02, b => b.Section(0x11, StreamBuilder.Long(0x4A, 1, 1, [0xF0, 0, 0xF0, 0]))),
        ["3.3/1"] = () => new Broadcast().Burst(3.02, 12, 1, b => b.Packet(Broadcast.Application)),
        ["3.3/2"] = () => new Broadcast().Burst(3.02, 12, 1, b => b.Pat(17, 1, (Broadcast.Service, Broadcast.MapPid))),
        ["3.3/4"] = () => new Broadcast().Burst(3.02, 30, 1, b => b.Packet(Broadcast.Audio)),
        ["3.3/5"] = () => new Broadcast().DelaySound(3, -0.8),
        ["3.3/6"] = () => new Broadcast().Burst(3.02, 20, 3, b => b.Packet(Broadcast.MapPid, payload: new byte[184])),
        ["3.10"] = () => new Broadcast().DelaySound(3, 1),
        ["3.4.a"] = () => new Broadcast().Insert(3, b => b.Packet(0x333)).Insert(3.3, b => b.Packet(0x333)).Insert(3.7, b => b.Packet(0x333)),
        ["3.5.a/1"] = () => new Broadcast().Without("sdt", 3, 6),
        ["3.5.a/2"] = () => new Broadcast().Insert(3, b => b.Section(0x11, StreamBuilder.Long(0x40, 7, 1, []))),
        ["3.5.a/3"] = () => new Broadcast().Insert(3.02, b => b.Sdt(17, 8755, 1, (Broadcast.Service, "珠江频道"))),
        ["3.5.b"] = () => Once(0x11, 0x46),
        ["3.6.a/1"] = () => new Broadcast().Without("eit0", 3, 6).Without("eit1", 3, 6),
        ["3.6.a/2"] = () => new Broadcast().Insert(3, b => b.Section(0x12, StreamBuilder.Long(0x42, 7, 1, []))),
        ["3.6.a/3"] = () => new Broadcast().Insert(3.03, b => b.Section(0x12, StreamBuilder.Long(0x4E, Broadcast.Service, 1, [0, 17, 0x22, 0x33, 1, 0x4E], 0, 1))),
        ["3.6.b"] = () => Once(0x12, 0x4F),
        ["3.6.c"] = () => new Broadcast().Without("eit1", 3, 14),
        ["3.7/1"] = () => new Broadcast().Insert(3, b => b.Section(0x13, Broadcast.Short(0x70, 0xEF, 0x3A, 0x22, 0, 0))),
        ["3.7/2"] = () => new Broadcast().Insert(3.02, b => b.Section(0x13, Broadcast.Short(0x71))).Insert(3.04, b => b.Section(0x13, Broadcast.Short(0x71))),
        ["3.8/1"] = () => new Broadcast().Without("tdt", 3, 34),
        ["3.8/2"] = () => new Broadcast().Insert(3, b => b.Section(0x14, Broadcast.Short(0x71))),
        ["3.8/3"] = () => new Broadcast().Insert(10.02, b => b.Section(0x14, Broadcast.Short(0x70, 0xEF, 0x3A, 0x22, 0, 1))),
        ["section.unreadable"] = () => new Broadcast().Insert(3, b => b.Section(0, StreamBuilder.Long(0x00, 17, 2, [1, 2, 3]))),
    };

    // What comes with a fault because it is the same fault seen by another check.
    private static readonly Dictionary<string, string[]> Consequences = new()
    {
        ["1.1"] = ["1.2"],
        ["1.2"] = ["1.4"],
        ["1.3.a/2"] = ["1.3/2"],
        ["1.3/2"] = ["1.3.a/2"],
        ["1.3/1"] = ["1.3.a/1"],
        ["1.6"] = ["2.5"],
        ["3.1.b"] = [],
    };

    // A stream of 1.5 Mb/s can't break these; the tests of the buffers do.
    private static readonly string[] InBufferTests = ["3.3/3", "3.9/1", "3.9/2"];

    public static TheoryData<string> Ids => [.. Checks.All.Where(c => !c.Id.StartsWith("service.", StringComparison.Ordinal) && !InBufferTests.Contains(c.Id)).Select(c => c.Id)];

    [Fact]
    public void A_healthy_multiplex_raises_nothing() => new Broadcast().Analyze(40).Select(Describe).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_check_is_raised_by_its_fault_alone(string id)
    {
        Faults.Should().ContainKey(id, "every check needs a stream that raises it");
        var occurrences = Faults[id]().Analyze(40);
        occurrences.Where(o => o.Check.Id == id).Should().ContainSingle(string.Join("; ", occurrences.Select(Describe)));
        occurrences.Where(o => o.Check.Id != id && !Consequences.GetValueOrDefault(id, []).Contains(o.Check.Id)).Select(Describe).Should().BeEmpty();
    }

    [Fact]
    public void Every_check_has_its_words_in_two_languages_and_its_number_once()
    {
        Checks.All.Should().OnlyHaveUniqueItems(c => c.Id);
        Checks.All.Count.Should().BeGreaterThan(50);
        foreach (var check in Checks.All)
            foreach (var text in (Text[])[check.Title, check.Meaning, check.Causes, check.Evidence])
            {
                text.Zh.Should().MatchRegex(@"\p{IsCJKUnifiedIdeographs}", "{0}", check.Id);
                text.En.Should().MatchRegex("[a-z]{3}", "{0}", check.Id);
            }
    }

    [Fact]
    public void A_clock_interval_of_64_ms_is_an_error_only_by_the_older_edition()
    {
        var gap = () => new Broadcast().Without("pcr", 3, 3.05);
        gap().Analyze(6).Should().BeEmpty();
        gap().Analyze(6, new() { Profile = MeasurementProfile.V13 }).Select(o => o.Check).Should().Equal(Checks.PcrRepetition);
    }

    [Fact]
    public void What_the_standard_allows_is_no_fault()
    {
        new Broadcast().ShiftClock(3, 0.4, indicated: true).Analyze(10).Select(Describe).Should().BeEmpty("the jump is indicated");
        new Broadcast().ShiftClock(3, (double)((1L << 33) * 300 - 27_000_000L * 6) / 27e6, indicated: true).Analyze(10).Select(Describe).Should().BeEmpty("the clock goes round three seconds later");
        new Broadcast().Insert(3, b => b.Packet(0x333)).Analyze(10).Select(Describe).Should().BeEmpty("one packet is a flipped bit");
        new Broadcast().Scrambled().Analyze(10).Select(Describe).Should().BeEmpty("scrambled, with a CAT");
    }

    [Fact]
    public void An_absence_is_one_occurrence_at_its_limit_and_ends_when_the_table_is_back()
    {
        List<TransportStreamOccurrence> all = [];
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Occurred += all.Add;
        analyzer.Push(new Broadcast().Without("sdt", 3, 9).Packets(12), Broadcast.Start, Broadcast.BitrateBps);
        all.Select(o => (o.Check.Id, o.Change, Math.Round((o.At - Broadcast.Start).TotalSeconds, 2))).Should().Equal(("3.5.a/1", OccurrenceChange.Raise, 4.51), ("3.5.a/1", OccurrenceChange.Clear, 9.01));
        analyzer.Report(Broadcast.Start.AddSeconds(12)).Checks.Should().ContainSingle().Which.Should().Be(new CheckReport(Checks.SdtAbsent, 1, 6, 0));
    }

    [Fact]
    public void When_both_halves_of_the_event_information_were_away_the_first_one_back_is_not_half_a_pair() =>
        new Broadcast().Without("eit0", 3, 9).Without("eit1", 3, 9.1).Analyze(14).Select(o => o.Check).Should().Equal(Checks.EitAbsent);

    [Fact]
    public void What_is_noticed_late_is_told_in_the_order_of_times()
    {
        List<TransportStreamOccurrence> all = [];
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Occurred += all.Add;
        var broadcast = new Broadcast().Without("pat", 3, 4);
        for (var at = 4.0; at < 4.3; at += 0.05) broadcast.Change(at, Broadcast.Audio, p => p[1] |= 0x80); // while it is noticed that PID 0 is back
        analyzer.Push(broadcast.Packets(10), Broadcast.Start, Broadcast.BitrateBps);
        all.Where(o => o.Check == Checks.PatPidAbsent && o.Change == OccurrenceChange.Clear).Should().ContainSingle();
        all.Select(o => o.At).Should().BeInAscendingOrder();
    }

    [Fact]
    public void Occurrences_inside_a_standing_alarm_are_counted_each_and_it_ends_after_the_hold()
    {
        List<TransportStreamOccurrence> all = [];
        var analyzer = new TransportStreamAnalyzer(new() { HoldAlarm = TimeSpan.FromSeconds(2) });
        analyzer.Occurred += all.Add;
        var broadcast = new Broadcast();
        foreach (var at in (double[])[3, 3.5, 4]) broadcast.Change(at, Broadcast.Audio, p => p[1] |= 0x80);
        analyzer.Push(broadcast.Packets(10), Broadcast.Start, Broadcast.BitrateBps);
        all.Select(o => o.Change).Should().Equal(OccurrenceChange.Raise, OccurrenceChange.Repeat, OccurrenceChange.Repeat, OccurrenceChange.Clear);
        (all[3].At - all[2].At).Should().Be(TimeSpan.FromSeconds(2));
        analyzer.Report(Broadcast.Start.AddSeconds(10)).Checks.Should().ContainSingle().Which.Should().Be(new CheckReport(Checks.TransportError, 3, 2, 0));
    }

    [Fact]
    public void A_stream_that_never_came_is_one_loss_however_often_it_is_reported()
    {
        List<TransportStreamOccurrence> all = [];
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Occurred += all.Add;
        for (var second = 0; second < 10; second++) analyzer.Report(Broadcast.Start.AddSeconds(second)).InSync.Should().BeFalse();
        all.Should().ContainSingle().Which.Should().Match<TransportStreamOccurrence>(o => o.Check == Checks.SyncLost && o.Change == OccurrenceChange.Raise);
        analyzer.Push(new Broadcast().Packets(1), Broadcast.Start.AddSeconds(10), Broadcast.BitrateBps);
        all[^1].Change.Should().Be(OccurrenceChange.Clear);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_is_told_comes_in_the_order_of_its_times(string id)
    {
        List<DateTimeOffset> times = [];
        var analyzer = new TransportStreamAnalyzer(new() { HoldAlarm = TimeSpan.FromSeconds(1) });
        analyzer.Occurred += o => times.Add(o.At);
        analyzer.Push(Faults[id]().Packets(40), Broadcast.Start, Broadcast.BitrateBps);
        times.Should().BeInAscendingOrder();
    }

    [Fact]
    public void A_table_that_never_came_is_missed_when_its_time_is_over()
    {
        var never = new Broadcast().Without("nit", 0, 60).Without("pat", 0, 60).Analyze(12);
        never.Single(o => o.Check == Checks.NitAbsent).At.Should().Be(Broadcast.Start.AddSeconds(10));
        never.Single(o => o.Check == Checks.PatAbsent).At.Should().Be(Broadcast.Start.AddSeconds(0.5));
    }

    private static string Describe(TransportStreamOccurrence o) => $"{(o.At - Broadcast.Start).TotalSeconds:F3} s {o.Check.Id} PID {o.Pid} service {o.ServiceId} {o.Measured} {o.Unit}";

    private static Broadcast Spoil(double at, int packets)
    {
        var broadcast = new Broadcast();
        for (var i = 0; i < packets; i++)
        {
            var slot = at + 0.02 + i * 0.001;
            broadcast.Change(slot, 0x1FFF, p => p[0] = 0x46);
        }
        return broadcast;
    }

    // A table of another network or stream that comes once and never again.
    private static Broadcast Once(int pid, int table) => new Broadcast().Insert(3, b => b.Section(pid, StreamBuilder.Long(table, 0x99, 1, [0, 17, 0x22, 0x33, 0, table == 0x4F ? (byte)0x4F : (byte)0])));
}
