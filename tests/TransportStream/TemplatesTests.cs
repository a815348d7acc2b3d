using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream.Tests;

public sealed class TemplatesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    private static MultiplexReport Report() => new()
    {
        At = Start,
        InSync = true,
        Packets = 100_000,
        TransportStreamId = 17,
        OriginalNetworkId = 0x2233,
        NetworkName = "广州有线",
        BitrateBps = 38_014_706,
        BitrateSource = BitrateSource.Pcr,
        Pids = [Pid(0), Pid(0x10), Pid(0x11), Pid(256), Pid(257), Pid(258), Pid(512), Pid(513)],
        Services = [Service(101, "中央一套", 256, Video(257), Audio(258, "chi")), Service(102, "广东卫视", 512, Video(513)) with { Scrambled = true, FreeCaMode = true }],
    };

    private static PidReport Pid(int pid) => new() { Pid = pid, Role = PidRole.Video, Packets = 1000 };

    private static ServiceReport Service(int id, string name, int pmt, params ComponentReport[] components) => new()
    {
        ServiceId = id,
        Name = name,
        Provider = "广东台",
        ServiceType = 1,
        Present = true,
        InLineup = true,
        Scrambled = false,
        FreeCaMode = false,
        PmtPid = pmt,
        PcrPid = components[0].Pid,
        Components = components,
        Pids = [pmt, .. components.Select(c => c.Pid)],
    };

    private static ComponentReport Video(int pid, int width = 1920, int height = 1080, string codec = "H.264", int type = 0x1B) => new()
    {
        Pid = pid,
        StreamType = type,
        Format = new ComponentFormat { Kind = ComponentKind.Video, Codec = codec, Video = new VideoFormat { Width = width, Height = height } },
        Scrambling = new ScramblingView(false, 0, false),
    };

    private static ComponentReport Audio(int pid, string language) => new()
    {
        Pid = pid,
        StreamType = 0x04,
        Format = new ComponentFormat { Kind = ComponentKind.Audio, Codec = "MPEG-1 Layer II" },
        Language = language,
        Scrambling = new ScramblingView(false, 0, false),
    };

    private static MultiplexReport With(Func<ServiceReport, ServiceReport> first) => Report() is var r ? r with { Services = [first(r.Services[0]), r.Services[1]] } : null!;

    [Fact]
    public void A_multiplex_fits_the_template_that_was_made_of_it()
    {
        var template = MultiplexTemplate.From(Report());

        TemplateComparer.Compare(template, Report()).Should().BeEmpty();
        template.Services.Select(s => s.ServiceId).Should().Equal(101, 102);
    }

    [Fact]
    public void A_template_survives_its_document_and_the_document_is_readable_Chinese()
    {
        var template = MultiplexTemplate.From(Report(), signalling: Signalling());
        var json = MultiplexTemplateJson.Write(template);

        json.Should().Contain("中央一套").And.Contain("\"version\": 1").And.Contain("\"kind\": \"video\"");
        MultiplexTemplateJson.Read(json, "mux.json").Should().BeEquivalentTo(template);
    }

    [Theory]
    [InlineData("""{"version":1,"services":[],"onid":3}""", "$.onid")]
    [InlineData("""{"version":1,"services":[{"serviceId":1,"pmtpid":5}]}""", "$.services[0].pmtpid")]
    [InlineData("""{"version":1,"services":[{"serviceId":1,"pmtPid":9000}]}""", "$.services[0].pmtPid")]
    [InlineData("""{"version":1,"services":[{"serviceId":1},{"serviceId":1}]}""", "$.services[1].serviceId")]
    [InlineData("""{"version":1,"services":[{"serviceId":1,"components":[{"pid":1,"streamType":300}]}]}""", "$.services[0].components[0].streamType")]
    [InlineData("""{"version":2,"services":[]}""", "$.version")]
    [InlineData("""{"services":[]}""", "version")]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("", "$")]
    [InlineData("""{"version":1,"services":[{"serviceId":1,"components":[{"pid":1,"streamType":27,"kind":"pictures"}]}]}""", "$.services[0].components[0].kind")]
    public void What_is_wrong_in_a_template_is_told_with_its_place(string json, string place)
    {
        var read = () => MultiplexTemplateJson.Read(json, "mux.json");

        var problem = read.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("template.wrong");
        problem.Title.En.Should().Contain(place).And.Contain("mux.json");
        problem.Title.Zh.Should().Contain("mux.json");
    }

    public static TheoryData<string, MultiplexReport, DriftKind, string> Drifts() => new()
    {
        { "a service is gone", Report() is var r ? r with { Services = [r.Services[0]] } : null!, DriftKind.ServiceMissing, "service/102" },
        { "a service is not present", With(s => s with { Present = false }), DriftKind.ServiceMissing, "service/101" },
        { "a stranger", Report() is var r2 ? r2 with { Services = [.. r2.Services, Service(999, "X", 768, Video(769))] } : null!, DriftKind.ServiceAdded, "service/999" },
        { "another name", With(s => s with { Name = "中央二套" }), DriftKind.ServiceName, "service/101" },
        { "another provider", With(s => s with { Provider = "FFmpeg" }), DriftKind.Provider, "service/101" },
        { "another type", With(s => s with { ServiceType = 2 }), DriftKind.ServiceType, "service/101" },
        { "the PMT moved", With(s => s with { PmtPid = 4096 }), DriftKind.PidMoved, "service/101" },
        { "the clock moved", With(s => s with { PcrPid = 258 }), DriftKind.PidMoved, "service/101/pcr" },
        { "a component moved", With(s => s with { Components = [s.Components[0], Audio(300, "chi")] }), DriftKind.PidMoved, "service/101/pid/258" },
        { "a component is gone", With(s => s with { Components = [s.Components[0]] }), DriftKind.ComponentMissing, "service/101/pid/258" },
        { "a component more", With(s => s with { Components = [.. s.Components, Audio(301, "eng")] }), DriftKind.ComponentAdded, "service/101/pid/301" },
        { "another codec", With(s => s with { Components = [Video(257, codec: "HEVC", type: 0x24), s.Components[1]] }), DriftKind.Codec, "service/101/pid/257" },
        { "another resolution", With(s => s with { Components = [Video(257, 720, 576), s.Components[1]] }), DriftKind.Resolution, "service/101/pid/257" },
        { "another language", With(s => s with { Components = [s.Components[0], Audio(258, "eng")] }), DriftKind.Language, "service/101/pid/258" },
        { "scrambled now", With(s => s with { Scrambled = true }), DriftKind.ScramblingAdded, "service/101" },
        { "in clear now", Report() is var r3 ? r3 with { Services = [r3.Services[0], r3.Services[1] with { Scrambled = false }] } : null!, DriftKind.ScramblingGone, "service/102" },
        { "another stream", Report() with { TransportStreamId = 18 }, DriftKind.TransportStreamId, "multiplex" },
        { "a clone", Report() with { OriginalNetworkId = 0xFF01 }, DriftKind.Cloned, "multiplex" },
        { "another network's stream", Report() with { OriginalNetworkId = 0xFF01, TransportStreamId = 18 }, DriftKind.OriginalNetworkId, "multiplex" },
        { "another network name", Report() with { NetworkName = "测试" }, DriftKind.NetworkName, "multiplex" },
        { "no NIT", Report() is var r4 ? r4 with { NetworkName = null, Pids = [.. r4.Pids.Where(p => p.Pid != 0x10)] } : null!, DriftKind.NetworkInformation, "multiplex" },
        { "too slow", Report() with { BitrateBps = 20e6 }, DriftKind.Bitrate, "multiplex" },
    };

    [Theory]
    [MemberData(nameof(Drifts))]
    public void Each_kind_of_drift_is_found_and_told_in_both_languages(string what, MultiplexReport changed, DriftKind kind, string subject)
    {
        var drifts = TemplateComparer.Compare(MultiplexTemplate.From(Report()), changed);

        var drift = drifts.Should().ContainSingle(d => d.Kind == kind, what).Which;
        drift.Subject.Should().Be(subject);
        drift.Sentence.Zh.Should().NotBeEmpty();
        drift.Sentence.En.Should().NotBeEmpty();
        drift.Weight.Should().BeInRange(0, 1);
    }

    [Fact]
    public void Every_kind_of_drift_has_its_case()
    {
        var tested = Drifts().Select(row => (DriftKind)row[2]).Append(DriftKind.ConditionalAccess).Append(DriftKind.LogicalChannel);

        tested.Should().Contain(Enum.GetValues<DriftKind>());
    }

    [Fact]
    public void Other_CA_systems_and_channel_numbers_are_drift_where_the_tables_were_read()
    {
        var template = MultiplexTemplate.From(Report(), signalling: Signalling());
        var other = Signalling() with
        {
            ConditionalAccess = new Dictionary<int, IReadOnlyList<ConditionalAccess>> { [102] = [new(0x4A02, 600)] },
            LogicalChannels = new Dictionary<int, int> { [101] = 7 },
        };

        TemplateComparer.Compare(template, Report(), other).Select(d => (d.Kind, d.Subject)).Should()
            .BeEquivalentTo([(DriftKind.ConditionalAccess, "service/102"), (DriftKind.LogicalChannel, "service/101")]);
        TemplateComparer.Compare(template, Report()).Should().BeEmpty("what was not read is not judged");
    }

    [Fact]
    public void Silence_is_no_drift()
    {
        var template = MultiplexTemplate.From(Report());

        TemplateComparer.Compare(template, Report() with { Packets = 0, Services = [] }).Should().BeEmpty();
        TemplateComparer.Compare(template, Report() with { TransportStreamId = null, Services = [] }).Should().BeEmpty();
    }

    [Fact]
    public void Tables_that_did_not_come_yet_are_no_drift()
    {
        var early = Report() is var r ? r with { OriginalNetworkId = null, NetworkName = null, Services = [.. r.Services.Select(s => s with { Name = null, Provider = null, ServiceType = null, PcrPid = null, Components = [] })] } : null!;

        TemplateComparer.Compare(MultiplexTemplate.From(Report()), early, observed: TimeSpan.FromSeconds(2)).Should().BeEmpty();
    }

    [Fact]
    public void The_absence_of_a_NIT_is_judged_after_its_period_only()
    {
        var none = Report() is var r ? r with { NetworkName = null, Pids = [.. r.Pids.Where(p => p.Pid != 0x10)] } : null!;
        var template = MultiplexTemplate.From(Report());

        TemplateComparer.Compare(template, none, observed: TimeSpan.FromSeconds(9)).Should().BeEmpty();
        TemplateComparer.Compare(template, none, observed: TimeSpan.FromSeconds(10)).Should().ContainSingle();
        RetransmissionMarks.Evaluate(none, observed: TimeSpan.FromSeconds(9)).Should().BeEmpty();
        RetransmissionMarks.Evaluate(none, observed: TimeSpan.FromSeconds(10)).Should().ContainSingle(m => m.Id == "no-nit");
    }

    [Fact]
    public void Drift_is_told_once_it_held_and_ended_once_it_was_gone_as_long()
    {
        var watch = new TemplateWatch(MultiplexTemplate.From(Report()), TimeSpan.FromSeconds(5));
        var renamed = With(s => s with { Name = "中央二套" });
        List<(int Second, bool Stands)> told = [];

        for (var second = 0; second < 40; second++)
        {
            var report = second is >= 3 and < 5 or >= 10 and < 20 ? renamed : Report();
            told.AddRange(watch.Update(report with { At = Start.AddSeconds(second) }).Select(c => (second, c.Stands)));
        }

        told.Should().Equal((15, true), (24, false));
    }

    [Fact]
    public void Silence_neither_begins_nor_ends_drift()
    {
        var watch = new TemplateWatch(MultiplexTemplate.From(Report()), TimeSpan.FromSeconds(5));
        for (var second = 0; second <= 5; second++) watch.Update(Report() with { OriginalNetworkId = 1, At = Start.AddSeconds(second) });
        watch.Drifts.Should().ContainSingle(d => d.Kind == DriftKind.Cloned);

        for (var second = 6; second <= 60; second++) watch.Update(Report() with { Packets = 0, Services = [], At = Start.AddSeconds(second) }).Should().BeEmpty();

        watch.Drifts.Should().ContainSingle();
    }

    [Fact]
    public void A_NIT_every_ten_seconds_is_no_drift_and_its_loss_is()
    {
        var watch = new TemplateWatch(MultiplexTemplate.From(Report()), TimeSpan.FromSeconds(3));
        var without = Report() is var r ? r with { NetworkName = null, Pids = [.. r.Pids.Where(p => p.Pid != 0x10)] } : null!;
        List<(int, bool)> told = [];

        for (var second = 0; second < 60; second++)
            told.AddRange(watch.Update(((second % 10 == 0 && second <= 30) || second == 58 ? Report() with { NetworkName = null } : without) with { At = Start.AddSeconds(second) }).Select(c => (second, c.Stands)));

        told.Should().Equal((43, true), (58, false));
    }

    [Fact]
    public void A_broadcast_multiplex_has_no_mark()
    {
        RetransmissionMarks.Evaluate(Report()).Should().BeEmpty();
        RetransmissionMarks.Evaluate(Report(), Signalling()).Should().BeEmpty();
    }

    public static TheoryData<string, MultiplexReport> Marks() => new()
    {
        { "default-service-name", With(s => s with { Name = "Service01" }) },
        { "default-service-name", With(s => s with { Name = "Channel 3" }) },
        { "default-provider", With(s => s with { Provider = "FFmpeg" }) },
        { "private-network-id", Report() with { OriginalNetworkId = 0xFF01 } },
        { "muxer-default-ids", Report() with { TransportStreamId = 1, OriginalNetworkId = 1 } },
        { "muxer-default-pids", With(s => s with { PmtPid = 0x1000, Components = [Video(0x100), Audio(0x101, "chi")] }) },
        { "muxer-default-pids", With(s => s with { PmtPid = 0x20, Components = [Video(0x41), Audio(0x42, "chi")] }) },
        { "no-nit", Report() is var r ? r with { NetworkName = null, Pids = [.. r.Pids.Where(p => p.Pid != 0x10)] } : null! },
        { "no-si", Report() is var r2 ? r2 with { NetworkName = null, OriginalNetworkId = null, Pids = [.. r2.Pids.Where(p => p.Pid is not (0x10 or 0x11))] } : null! },
        { "descrambled", Report() is var r3 ? r3 with { Services = [r3.Services[0], r3.Services[1] with { Scrambled = false }] } : null! },
    };

    [Theory]
    [MemberData(nameof(Marks))]
    public void Each_mark_of_retransmission_is_found_by_itself(string id, MultiplexReport report) =>
        RetransmissionMarks.Evaluate(report).Should().ContainSingle().Which.Id.Should().Be(id);

    [Fact]
    public void Left_over_tables_and_a_clock_of_nobody_are_marks()
    {
        RetransmissionMarks.Evaluate(Report(), Signalling() with { NetworkStreams = [new(0x2233, 99), new(0x2233, 98)] }).Should().ContainSingle(m => m.Id == "nit-left-over");
        RetransmissionMarks.Evaluate(Report(), Signalling() with { SdtTransportStreamId = 99 }).Should().ContainSingle(m => m.Id == "sdt-left-over");
        RetransmissionMarks.Evaluate(Report(), Signalling() with { ClockOffsetSeconds = -3600 }).Should().ContainSingle(m => m.Id == "clock-offset");
        RetransmissionMarks.Evaluate(Report(), Signalling() with { ClockOffsetSeconds = 2 }).Should().BeEmpty();
    }

    [Fact]
    public void One_service_where_the_template_has_many_is_a_mark()
    {
        var template = MultiplexTemplate.From(Report());
        var alone = Report() is var r ? r with { Services = [r.Services[0]] } : null!;

        RetransmissionMarks.Evaluate(alone).Should().BeEmpty("a multiplex of one service is legal");
        RetransmissionMarks.Evaluate(alone, template: template).Should().ContainSingle(m => m.Id == "single-service");
    }

    [Fact]
    public void Garbage_is_never_a_template_and_never_an_unexpected_exception()
    {
        var good = MultiplexTemplateJson.Write(MultiplexTemplate.From(Report(), signalling: Signalling()));
        Prop.ForAll(ArbMap.Default.ArbFor<(PositiveInt At, char With)>(), mutation =>
        {
            var at = mutation.At.Get * 7919 % good.Length;
            try
            {
                TemplateComparer.Compare(MultiplexTemplateJson.Read(good[..at] + mutation.With + good[(at + 1)..], "x"), Report());
            }
            catch (ProblemException)
            {
                // the one way in which a template may be refused
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static MultiplexSignalling Signalling() => new()
    {
        NetworkStreams = [new(0x2233, 17), new(0x2233, 18)],
        SdtTransportStreamId = 17,
        ConditionalAccess = new Dictionary<int, IReadOnlyList<ConditionalAccess>> { [102] = [new(0x4A02, 515)] },
        LogicalChannels = new Dictionary<int, int> { [101] = 1 },
    };
}
