using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace SignalWatch.Contracts.Tests;

/// <summary>What goes over the wire comes back the same, and what is bad is refused with the exception that callers expect.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("-30.1")]
    [InlineData("true")]
    [InlineData("\"OE1\"")]
    [InlineData("{\"value\":-30.1,\"uncertainty\":1.5}")]
    public void A_fact_comes_back(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<Fact>(json, WireJson.Options), WireJson.Options).Should().Be(json);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"value\":\"x\"}")]
    [InlineData("{\"uncertainty\":1}")]
    [InlineData("{\"value\":1,\"other\":2}")]
    public void A_bad_fact_is_refused(string json)
    {
        var read = () => JsonSerializer.Deserialize<Fact>(json, WireJson.Options);
        read.Should().Throw<JsonException>();
    }

    [Fact]
    public void A_fact_is_finite()
    {
        foreach (var value in new[] { double.NaN, double.PositiveInfinity })
        {
            var make = () => Fact.Of(value);
            make.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Theory]
    [InlineData("frequency:4401/97800000", SubjectKind.Frequency)]
    [InlineData("probe:GZ-03", SubjectKind.Probe)]
    [InlineData("ott:a:b", SubjectKind.Ott)]
    public void A_subject_comes_back(string text, SubjectKind kind)
    {
        Subject.TryParse(text, out var subject).Should().BeTrue();
        subject.Kind.Should().Be(kind);
        JsonSerializer.Serialize(subject, WireJson.Options).Should().Be($"\"{text}\"");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("probe")]
    [InlineData("probe:")]
    [InlineData(":x")]
    [InlineData("planet:x")]
    [InlineData("7:x")]
    public void A_bad_subject_is_refused(string? text) => Subject.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void An_observation_comes_back()
    {
        var observation = new Observation
        {
            Id = Guid.CreateVersion7(), Probe = new("GZ-03"), Watch = new("fm"), Subject = Subject.Frequency("4401", 97_800_000), Kind = "fm.carrier",
            At = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8)), Origin = Origin.Replay, Facts = new Dictionary<string, Fact> { ["snr_db"] = Fact.Of(30.0, 1.0), ["ps"] = Fact.Of("羊城") },
        };
        var json = JsonSerializer.Serialize(new SpooledObservation(Guid.CreateVersion7(), 7, observation), WireJson.Options);
        var back = JsonSerializer.Deserialize<SpooledObservation>(json, WireJson.Options)!;
        JsonSerializer.Serialize(back, WireJson.Options).Should().Be(json);
        (back.Observation with { Facts = observation.Facts }).Should().Be(observation);
        back.Observation.Facts.Should().Equal(observation.Facts);
    }

    [Fact]
    public void A_spectrum_frame_comes_back_and_every_shorter_one_is_refused()
    {
        var frame = new SpectrumFrame
        {
            Probe = new("GZ-03"), Watch = new("fm"), At = DateTimeOffset.FromUnixTimeMilliseconds(1_773_500_000_123), StartHz = 87e6, StepHz = 1e4, FloorDb = -120, StepDb = 0.5f,
            Origin = Origin.Simulated, Unit = SpectrumUnit.Dbm, Bins = new byte[] { 0, 127, 255 },
        };
        var bytes = frame.ToBytes();
        SpectrumFrame.TryParse(bytes, out var back).Should().BeTrue();
        back.Bins.ToArray().Should().Equal(frame.Bins.ToArray());
        (back with { Bins = frame.Bins }).Should().Be(frame);
        for (var length = 0; length < bytes.Length; length++) SpectrumFrame.TryParse(bytes.AsMemory(0, length), out _).Should().BeFalse();
    }

    [Fact]
    public void Any_bytes_are_a_spectrum_frame_or_not() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            byte[] framed = [.. "SWS1"u8, .. bytes ?? [], .. new byte[60]];
            return !SpectrumFrame.TryParse(framed, out var frame) || frame.Bins.Length <= SpectrumFrame.MaxBins;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void The_vocabulary_has_no_name_twice_and_both_languages()
    {
        var kinds = Vocabulary.Kinds.ToList();
        kinds.Select(k => k.Name).Should().OnlyHaveUniqueItems().And.OnlyContain(n => Vocabulary.Kind(n) != null);
        foreach (var kind in kinds)
        {
            kind.Facts.Select(f => f.Name).Should().OnlyHaveUniqueItems();
            kind.Facts.Should().OnlyContain(f => f.Title.Zh.Length > 0 && f.Title.En.Length > 0);
            kind.Facts.Should().OnlyContain(f => f.Type == FactType.Number || f.Unit == "");
        }
        Vocabulary.FmCarrier.Subject.Should().Be(SubjectKind.Frequency);
        Vocabulary.TsService.Subject.Should().Be(SubjectKind.Service);
        Vocabulary.ProbeHeartbeat.Subject.Should().Be(SubjectKind.Probe);
    }

    [Fact]
    public void An_identifier_is_a_text_that_is_not_empty()
    {
        JsonSerializer.Serialize(new ProbeId("GZ-03"), WireJson.Options).Should().Be("\"GZ-03\"");
        foreach (var json in new[] { "\"\"", "3", "null" })
        {
            var read = () => JsonSerializer.Deserialize<ProbeId>(json, WireJson.Options);
            read.Should().Throw<JsonException>();
        }
    }
}
