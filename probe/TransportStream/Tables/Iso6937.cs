using System.Text;

namespace SignalWatch.TransportStream;

/// <summary>ISO/IEC 6937 as EN 300 468 figure A.1 has it: Latin with diacritics that stand before their letter, and the euro sign.</summary>
internal static class Iso6937
{
    private const char None = '\uFFFD'; // a place that the table leaves empty

    // 0xA0–0xBF and 0xD0–0xFF of figure A.1.
    private const string Signs = "\u00A0¡¢£€¥\uFFFD§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿";
    private const string Letters = "―¹®©™♪¬¦\uFFFD\uFFFD\uFFFD\uFFFD⅛⅜⅝⅞ΩÆĐªĦ\uFFFDĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ\u00AD";

    // 0xC0–0xCF: grave, acute, circumflex, tilde, macron, breve, dot above, diaeresis, –, ring, cedilla, –, double acute, ogonek, caron.
    private const string Diacritics = "\uFFFD\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\uFFFD\u030A\u0327\uFFFD\u030B\u0328\u030C";

    public static string Decode(ReadOnlySpan<byte> text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value is >= 0xC0 and < 0xD0)
            {
                var mark = Diacritics[value - 0xC0];
                var hasLetter = i + 1 < text.Length && text[i + 1] is > 0x20 and < 0x7F;
                if (mark == None || !hasLetter) result.Append(None);
                else result.Append((char)text[++i]).Append(mark);
            }
            else if (value >= 0xD0) result.Append(Letters[value - 0xD0]);
            else if (value >= 0xA0) result.Append(Signs[value - 0xA0]);
            else if (value >= 0x80) DvbText.AppendControl(result, value);
            else result.Append((char)value);
        }
        return DvbText.Printable(result.ToString().Normalize(NormalizationForm.FormC));
    }
}
