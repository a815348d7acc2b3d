using FsCheck;
using FsCheck.Fluent;

namespace SignalWatch.TransportStream.Tests;

/// <summary>EN 300 468 annex A, with texts written by hand from the code charts.</summary>
public sealed class DvbTextTests
{
    private static readonly DvbText Chinese = new(DvbCharset.Gb18030);
    private static readonly DvbText Standard = new(DvbCharset.Iso6937);

    [Theory]
    [InlineData("13D6D0D1EBD2BBCCD7", "中央一套")]             // GB2312
    [InlineData("D6E9BDADC6B5B5C0", "珠江频道")]               // GBK without selector
    [InlineData("14BBF1B0C4A4A4A4E5", "鳳凰中文")]             // Big5
    [InlineData("15E5B9BFE4B89CE58DABE8A786", "广东卫视")]     // UTF-8
    [InlineData("117FE17FE0", "翡翠")]                          // UCS-2
    [InlineData("01B2D5E1E2D8", "Вести")]                       // ISO 8859-5
    [InlineData("05D0DDF0FD", "Ğİğı")]                          // ISO 8859-9
    [InlineData("0BA4", "€")]                                   // ISO 8859-15
    [InlineData("100002B1E6", "ąć")]                            // ISO 8859-2 by its part
    [InlineData("06BCFF", "žĸ")]                                // ISO 8859-10
    [InlineData("10000EA1FF", "Ḃÿ")]                            // ISO 8859-14
    [InlineData("12C7D1B1DB", "한글")]                          // KS X 1001
    [InlineData("1F01AABB", "\uFFFD")]                          // a compression that nobody outside knows
    [InlineData("E5B9BFE4B89CE58DABE8A786", "广东卫视")]       // UTF-8 without selector
    [InlineData("E696B0E997BB3234", "新闻24")]                 // likewise, with ASCII
    [InlineData("C1AACDA8", "联通")]                           // GBK that looks like two-byte UTF-8
    [InlineData("E4BBBBAA", "浠华")]                           // GBK that begins as UTF-8 does
    [InlineData("86E0", "嗋")]                                  // GBK under a lead byte that is a control code elsewhere
    [InlineData("86426967872053686F778A32", "Big Show\n2")]   // emphasis and line break without selector
    [InlineData("0586434187", "CA")]                            // emphasis is not part of a name
    public void Selectors(string hex, string expected) => Chinese.Decode(Convert.FromHexString(hex)).Should().Be(expected);

    [Theory]
    [InlineData("C265", "é")]       // acute stands before its letter
    [InlineData("C86F", "ö")]
    [InlineData("CB63", "ç")]
    [InlineData("A4E1F1FB", "€Ææß")]
    [InlineData("C2", "\uFFFD")]    // a mark without its letter
    public void The_standards_default_is_ISO_6937(string hex, string expected) => Standard.Decode(Convert.FromHexString(hex)).Should().Be(expected);

    [Fact]
    public void Any_bytes_give_a_text_without_control_codes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            !Chinese.Decode(bytes).Concat(Standard.Decode(bytes)).Any(c => char.IsControl(c) && c != '\n')).QuickCheckThrowOnFailure();
}
