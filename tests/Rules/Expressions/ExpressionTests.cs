using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Expressions;

/// <summary>Expected values are those of the CEL specification (cel-spec, langdef): operators, precedence, errors and unknowns.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3")]
    [InlineData("-7 / 2", "-3")]
    [InlineData("-7 % 5", "-2")]
    [InlineData("7.0 / 2.0", "3.5d")]
    [InlineData("0x1F", "31")]
    [InlineData(".5", "0.5d")]
    [InlineData("1e3", "1000d")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("9223372036854775807 + 1", "Overflow")]
    [InlineData("-(-9223372036854775808)", "Overflow")]
    [InlineData("-9223372036854775808 / -1", "Overflow")]
    [InlineData("1 / 0", "DivisionByZero")]
    [InlineData("1 % 0", "DivisionByZero")]
    [InlineData("1.0 / 0.0 > 1.0", "true")]
    [InlineData("0.0 / 0.0 == 0.0 / 0.0", "false")]
    [InlineData("1 == 1.0", "true")]
    [InlineData("9007199254740993 == 9007199254740992.0", "true")] // as doubles, as the public suite has it
    [InlineData("9223372036854775807 < 9223372036854775808.0", "false")]
    [InlineData("2 < 2.5 && 3 > 2.5 && -3 < -2.5", "true")]
    [InlineData("'a' + \"b\"", "'ab'")]
    [InlineData("'台' < '播'", "true")]
    [InlineData("'\\uFFFD' < '\\U0001F600'", "true")]
    [InlineData("r'\\n' == '\\\\n'", "true")]
    [InlineData("'''it's'''", "'it's'")]
    [InlineData("'\\x41\\101\\u0041'", "'AAA'")]
    [InlineData("size('a\\U0001F600')", "2")]
    [InlineData("[1, 2, 3,].size()", "3")]
    [InlineData("2 in [1, 2.0, 3]", "true")]
    [InlineData("'x' in []", "false")]
    [InlineData("!!true", "true")]
    [InlineData("!true || true", "true")]
    [InlineData("false ? 1 : true ? 2 : 3", "2")]
    [InlineData("'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')", "true")]
    [InlineData("null == null", "true")]
    [InlineData("1 == null", "false")]
    [InlineData("true // a comment", "true")]
    [InlineData("1 / 0 > 1 || true", "true")]
    [InlineData("true || 1 / 0 > 1", "true")]
    [InlineData("1 / 0 > 1 && false", "false")]
    [InlineData("1 / 0 > 1 || false", "DivisionByZero")]
    public void Gives(string source, string expected) => Evaluated.Of(source).Text.Should().Be(expected);

    [Theory]
    [InlineData("snr_db > 12.0", "unknown(snr_db)")]
    [InlineData("snr_db > 12 && false", "false")]
    [InlineData("false && snr_db > 12", "false")]
    [InlineData("snr_db > 12 && true", "unknown(snr_db)")]
    [InlineData("snr_db > 12 || true", "true")]
    [InlineData("snr_db > 12 || pilot", "unknown(snr_db,pilot)")]
    [InlineData("!pilot", "unknown(pilot)")]
    [InlineData("pilot ? 1 : 2", "unknown(pilot)")]
    [InlineData("on_air ? 1 / 0 : 2", "2")]
    [InlineData("has(snr_db)", "false")]
    [InlineData("has(on_air)", "true")]
    [InlineData("!has(snr_db) || snr_db > 12", "true")]
    [InlineData("snr_db > 12 || 1 / 0 > 1", "unknown(snr_db)")]
    [InlineData("licence.class == 'none'", "unknown(licence.class)")]
    [InlineData("snr_db in [1.0]", "unknown(snr_db)")]
    [InlineData("on_air in [pilot, false]", "unknown(pilot)")]
    public void Is_three_valued(string source, string expected) => Evaluated.Of(source, ("on_air", Fact.Of(false))).Text.Should().Be(expected);

    [Fact]
    public void Reads_facts_register_and_parameters() =>
        Evaluated.Of("snr_db >= parameters.limit && licence.class == 'none' && ps == 'OE1'", ("snr_db", Fact.Of(12.0)), ("parameters.limit", Fact.Of(12.0)), ("licence.class", Fact.Of("none")), ("ps", Fact.Of("OE1")))
            .Text.Should().Be("true");

    [Theory]
    [InlineData("", 0)]
    [InlineData("1 +", 3)]
    [InlineData("(1", 2)]
    [InlineData("1 2", 2)]
    [InlineData("'abc", 0)]
    [InlineData("'\\q'", 1)]
    [InlineData("12abc", 0)]
    [InlineData("1e", 0)]
    [InlineData("0x", 0)]
    [InlineData("9223372036854775808", 0)]
    [InlineData("1e999", 0)]
    [InlineData("on_air & pilot", 7)]
    [InlineData("!-1", 1)]
    [InlineData("size('a',)", 8)]
    [InlineData("while", 0)]
    [InlineData("'\\uD800'", 1)]
    [InlineData("snr_bd > 1", 0)]
    [InlineData("on_air && licence.clas == 'none'", 10)]
    [InlineData("on_air && snr_db", 10)]
    [InlineData("snr_db + 1 > 2.0", 7)]
    [InlineData("ps > 3", 3)]
    [InlineData("ps == 3", 3)]
    [InlineData("!snr_db", 1)]
    [InlineData("-ps", 1)]
    [InlineData("ps in 'abc'", 3)]
    [InlineData("ps in [1, 2]", 3)]
    [InlineData("on_air ? 1 : 'a'", 7)]
    [InlineData("has(1)", 4)]
    [InlineData("nonsense(1)", 0)]
    [InlineData("size(1)", 5)]
    [InlineData("(1 + 2).x", 1 + 2)]
    [InlineData("occurrences > 1", 0)]
    [InlineData("snr_db % 2.0 == 0.0", 7)]
    public void Names_the_place_of_a_problem(string source, int offset)
    {
        var evaluated = Evaluated.Of(source);
        evaluated.Value.Should().BeNull();
        evaluated.Problems[0].Offset.Should().Be(offset);
    }

    [Fact]
    public void Reports_every_wrong_name_of_an_expression() =>
        Evaluated.Of("snr_bd > 1 && modulatd && pilot").Problems.Select(p => p.What.En).Should().Equal("Unknown name 'snr_bd'. Did you mean 'snr_db'?", "Unknown name 'modulatd'. Did you mean 'modulated'?");

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("size(", ")")]
    [InlineData("true ? true : ", "")]
    public void Bounds_nesting(string open, string close)
    {
        foreach (var depth in new[] { 200, 2000 })
        {
            var source = string.Concat(Enumerable.Repeat(open, depth)) + "true" + string.Concat(Enumerable.Repeat(close, depth));
            Evaluated.Of(source).Problems.Should().ContainSingle();
        }
    }

    [Fact]
    public void Bounds_length()
    {
        Evaluated.Of(string.Join(" + ", Enumerable.Repeat("1", 250))).Text.Should().Be("250");
        Evaluated.Of(string.Join("+", Enumerable.Repeat("1", 400))).Problems.Should().ContainSingle();
        Evaluated.Of(new string(' ', 5000) + "1").Problems.Should().ContainSingle();
    }
}
