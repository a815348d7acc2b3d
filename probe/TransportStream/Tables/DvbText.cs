using System.Buffers;
using System.Text;

namespace SignalWatch.TransportStream;

/// <summary>Text of descriptors → Unicode (EN 300 468 annex A): every selector, and a default for texts that have none. Bytes that are no text become U+FFFD; it never fails.</summary>
internal sealed class DvbText(DvbCharset defaultCharset)
{
    // ISO/IEC 8859-10, -14 and -16 from 0xA0 on: the framework has no code pages for them. Source: the Unicode Consortium's mapping tables.
    private const string Latin6 = "\u00A0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ";
    private const string Latin8 = "\u00A0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ";
    private const string Latin10 = "\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ";

    private const int Gb18030 = 54936;
    private const int Big5 = 950;
    private const int KoreanWansung = 949; // superset of KS X 1001 in its EUC form

    /// <summary>The text of a descriptor's field.</summary>
    public string Decode(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty) return "";
        if (field[0] >= 0x20) return Default(field);
        var text = field[1..];
        return field[0] switch
        {
            >= 0x01 and <= 0x0B and not 0x08 => Iso8859(field[0] + 4, text), // table A.3: 0x01 is part 5 … 0x0B part 15
            0x10 when text.Length >= 2 => Iso8859(text[0] << 8 | text[1], text[2..]), // table A.4
            0x11 => TwoByteUnicode(text),
            0x12 => Printable(CodePage(KoreanWansung).GetString(text)),
            0x13 => Printable(CodePage(Gb18030).GetString(text)), // the standard says GB2312; streams carry GBK and GB18030 under it
            0x14 => Printable(CodePage(Big5).GetString(text)),
            0x15 => Printable(Encoding.UTF8.GetString(text)),
            _ => Undecodable(text), // 0x1F names a compression of a broadcaster's own; the others are reserved
        };
    }

    private string Default(ReadOnlySpan<byte> text) => defaultCharset switch
    {
        DvbCharset.Gb18030 or DvbCharset.Big5 when IsAsciiWithControls(text) => Iso6937.Decode(text),
        DvbCharset.Gb18030 or DvbCharset.Big5 when IsIdeographicUtf8(text) => Printable(Encoding.UTF8.GetString(text)),
        DvbCharset.Gb18030 => Printable(CodePage(Gb18030).GetString(text)),
        DvbCharset.Big5 => Printable(CodePage(Big5).GetString(text)),
        DvbCharset.Utf8 => Printable(Encoding.UTF8.GetString(text)),
        DvbCharset.Latin1 => Iso8859(1, text),
        DvbCharset.Cyrillic => Iso8859(5, text),
        DvbCharset.Turkish => Iso8859(9, text),
        DvbCharset.Latin9 => Iso8859(15, text),
        _ => Iso6937.Decode(text),
    };

    // Emphasis and line break of table A.1 in a text of letters; as lead bytes of GBK, before a letter, they would be ideographs that no name has.
    private static bool IsAsciiWithControls(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
            if (value is >= 0x80 and not (0x86 or 0x87 or 0x8A)) return false;
        return true;
    }

    // UTF-8 whose selector was forgotten. Each of its characters begins with 0xE2–0xEF or 0xF0: of texts in GB2312 or Big5 one in some hundred thousand has that form.
    // Two-byte sequences are not taken for it: usual ideographs of GB2312 have their form.
    private static bool IsIdeographicUtf8(ReadOnlySpan<byte> text)
    {
        var found = false;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var character, out var length) != OperationStatus.Done || length == 2) return false;
            found |= length > 2;
            text = text[length..];
        }
        return found;
    }

    private static string Iso8859(int part, ReadOnlySpan<byte> text) => part switch
    {
        10 => FromTable(Latin6, text),
        11 => Single(CodePage(874), text), // Windows' Thai, which is part 11 and more in 0x80–0x9F
        14 => FromTable(Latin8, text),
        16 => FromTable(Latin10, text),
        1 => Single(Encoding.Latin1, text),
        >= 2 and <= 9 or 13 or 15 => Single(CodePage(28590 + part), text),
        _ => Undecodable(text),
    };

    // In one-byte tables 0x80–0x9F are control codes (table A.1), whatever the code page has there.
    private static string Single(Encoding encoding, ReadOnlySpan<byte> text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= 0x80 and < 0xA0) AppendControl(result, text[i]);
            else result.Append(encoding.GetString(text.Slice(i, 1)));
        }
        return Printable(result.ToString());
    }

    private static string FromTable(string upper, ReadOnlySpan<byte> text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var value in text)
        {
            if (value >= 0xA0) result.Append(upper[value - 0xA0]);
            else if (value >= 0x80) AppendControl(result, value);
            else result.Append((char)value);
        }
        return Printable(result.ToString());
    }

    internal static void AppendControl(StringBuilder result, byte control)
    {
        if (control == 0x8A) result.Append('\n'); // the others switch emphasis, or are reserved
    }

    private static string TwoByteUnicode(ReadOnlySpan<byte> text)
    {
        var whole = text[..(text.Length & ~1)];
        var decoded = Printable(Encoding.BigEndianUnicode.GetString(whole));
        return whole.Length == text.Length ? decoded : decoded + '\uFFFD';
    }

    // Drops what a screen or a journal line must not get: control codes, and those of table A.2 (U+E080–U+E09F), of which E08A breaks the line.
    internal static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.AsSpan().ContainsAnyInRange('\u007F', '\u009F')
            && !text.AsSpan().ContainsAnyInRange('\uE080', '\uE09F')) return text;
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is '\uE08A' or '\n' or '\u008A') result.Append('\n');
            else if (character is not (< '\u0020' or >= '\u007F' and <= '\u009F' or >= '\uE080' and <= '\uE09F')) result.Append(character);
        }
        return result.ToString();
    }

    private static string Undecodable(ReadOnlySpan<byte> text) => new('\uFFFD', Math.Min(text.Length, 1));

    // Asked directly: registering the provider would change the encodings of the whole process.
    private static Encoding CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number)
        ?? throw new InvalidOperationException($"the framework has no code page {number}");
}
