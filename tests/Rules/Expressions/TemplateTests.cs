using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Tests.Expressions;

public sealed class TemplateTests
{
    private static readonly Dictionary<string, Fact> Facts = new()
    {
        ["frequency_hz"] = Fact.Of(97_800_000.0), ["level_dbfs"] = Fact.Of(-30.14), ["on_air"] = Fact.Of(true), ["ps"] = Fact.Of("OE1"),
    };

    [Theory]
    [InlineData("{frequency_hz:MHz} MHz", "97.8 MHz")]
    [InlineData("{frequency_hz:kHz}", "97800.0")]
    [InlineData("{field_dbuvm|level_dbm|level_dbfs:0.0 unit}", "-30.1 dBFS (uncalibrated)")]
    [InlineData("{level_dbfs}", "-30.14")]
    [InlineData("{on_air} {ps} {ps:2}", "yes OE1 OE")]
    [InlineData("{pi|'none decoded'}", "none decoded")]
    [InlineData("{pi}", "unknown")]
    [InlineData("{{{ps}}}", "{OE1}")]
    public void Renders(string source, string expected)
    {
        var template = Template.Parse(source, new Scope(Vocabulary.FmCarrier, []), new Slots(), out var problems);
        problems.Should().BeEmpty();
        template.Render(Language.English, v => Facts.TryGetValue(v.Name, out var fact) ? fact : null).Should().Be(expected);
    }

    [Theory]
    [InlineData("x {snr_bd}", 3)]
    [InlineData("{snr_db:MHz}", 1)]
    [InlineData("{snr_db:n2}", 1)]
    [InlineData("{ps:0.0}", 1)]
    [InlineData("{on_air:0}", 1)]
    [InlineData("abc {snr_db", 4)]
    [InlineData("abc } x", 4)]
    [InlineData("{}", 1)]
    public void Names_the_place_of_a_problem(string source, int offset)
    {
        Template.Parse(source, new Scope(Vocabulary.FmCarrier, []), new Slots(), out var problems);
        problems.Select(p => p.Offset).Should().Equal(offset);
    }
}
