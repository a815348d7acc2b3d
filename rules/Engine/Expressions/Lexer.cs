using System.Globalization;
using System.Text;

namespace SignalWatch.Rules.Expressions;

internal enum TokenKind : byte
{
    End, Identifier, Reserved, QuotedIdentifier, Integer, Unsigned, Real, Text, Bytes, True, False, Null, In,
    Not, Minus, Plus, Star, Slash, Percent, Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual, And, Or,
    Question, Colon, Dot, Comma, LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, LeftBrace, RightBrace,
}

/// <summary>One token. <paramref name="Text"/> is an identifier's name or a text literal's value.</summary>
internal readonly record struct Token(TokenKind Kind, int Offset, string Text = "", long Integer = 0, double Real = 0, byte[]? Bytes = null);

/// <summary>Cuts an expression into tokens by the lexis of the CEL specification ("Syntax")./// The first problem ends the list: what follows it would only be a consequence.</summary>
internal ref struct Lexer(ReadOnlySpan<char> source)
{
    private static readonly string[] Reserved =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    private readonly ReadOnlySpan<char> source = source;
    private int position;

    public ExpressionProblem? Problem { get; private set; }

    /// <summary>The next token; <see cref="TokenKind.End"/> at the end and after a problem.</summary>
    public Token Next()
    {
        SkipBlank();
        if (Problem is not null || position >= source.Length) return new(TokenKind.End, position);
        var c = source[position];
        if (IsIdentifierStart(c)) return IdentifierOrPrefixedText();
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)))) return Number();
        if (c is '"' or '\'') return QuotedText(position, raw: false);
        if (c == '`') return QuotedIdentifier();
        return Operator();
    }

    private readonly char Peek(int ahead) => position + ahead < source.Length ? source[position + ahead] : '\0';

    private void SkipBlank()
    {
        while (position < source.Length)
        {
            if (source[position] is ' ' or '\t' or '\r' or '\n' or '\f') position++;
            else if (source[position] == '/' && Peek(1) == '/') while (position < source.Length && source[position] != '\n') position++;
            else return;
        }
    }

    private static bool IsIdentifierStart(char c) => c == '_' || char.IsAsciiLetter(c);

    private Token IdentifierOrPrefixedText()
    {
        var start = position;
        while (position < source.Length && (source[position] == '_' || char.IsAsciiLetterOrDigit(source[position]))) position++;
        var word = source[start..position].ToString();
        if (position < source.Length && source[position] is '"' or '\'')
        {
            if (word is "r" or "R") return QuotedText(start, raw: true);
            if (word is "b" or "B") return QuotedBytes(start, raw: false);
            if (word.Length == 2 && word.AsSpan().IndexOfAny("bB") >= 0 && word.AsSpan().IndexOfAny("rR") >= 0) return QuotedBytes(start, raw: true);
        }
        if (Array.IndexOf(Reserved, word) >= 0) return new(TokenKind.Reserved, start, word);
        return word switch
        {
            "true" => new(TokenKind.True, start),
            "false" => new(TokenKind.False, start),
            "null" => new(TokenKind.Null, start),
            "in" => new(TokenKind.In, start),
            _ => new(TokenKind.Identifier, start, word),
        };
    }

    private Token Number()
    {
        var start = position;
        if (source[position] == '0' && Peek(1) is 'x' or 'X') return Hexadecimal(start);
        var real = false;
        SkipDigits();
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1))) { real = true; position++; SkipDigits(); }
        if (Peek(0) is 'e' or 'E')
        {
            var digits = Peek(1) is '+' or '-' ? 2 : 1;
            if (!char.IsAsciiDigit(Peek(digits))) return Fail(start, Texts.BadNumber);
            real = true;
            position += digits;
            SkipDigits();
        }
        var text = source[start..position];
        if (!real) return Whole(start, text, NumberStyles.None);
        if (IsIdentifierStart(Peek(0))) return Fail(start, Texts.BadNumber);
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? new(TokenKind.Real, start, Real: value) : Fail(start, Texts.NumberTooLarge);
    }

    private Token Whole(int start, ReadOnlySpan<char> digits, NumberStyles style)
    {
        var unsigned = Peek(0) is 'u' or 'U';
        if (unsigned) position++;
        if (IsIdentifierStart(Peek(0)) || digits.IsEmpty) return Fail(start, Texts.BadNumber);
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var integer)) return Fail(start, Texts.NumberTooLarge);
        if (unsigned) return new(TokenKind.Unsigned, start, Integer: unchecked((long)integer));
        // 9223372036854775808 is a number only behind a minus sign: it travels as a marked real, and the parser decides.
        return integer <= (ulong)long.MaxValue + 1
            ? new(TokenKind.Integer, start, integer > long.MaxValue ? "min" : "", unchecked((long)integer))
            : Fail(start, Texts.NumberTooLarge);
    }

    private Token Hexadecimal(int start)
    {
        position += 2;
        var digits = position;
        while (char.IsAsciiHexDigit(Peek(0))) position++;
        return Whole(start, source[digits..position], NumberStyles.AllowHexSpecifier);
    }

    private void SkipDigits() { while (char.IsAsciiDigit(Peek(0))) position++; }

    private Token QuotedText(int start, bool raw)
    {
        var quote = source[position];
        var triple = Peek(1) == quote && Peek(2) == quote;
        position += triple ? 3 : 1;
        var text = new StringBuilder();
        while (position < source.Length)
        {
            var c = source[position];
            if (c == quote && (!triple || (Peek(1) == quote && Peek(2) == quote)))
            {
                position += triple ? 3 : 1;
                return new(TokenKind.Text, start, text.ToString());
            }
            if (!triple && c is '\n' or '\r') break;
            if (c == '\\' && !raw)
            {
                if (!Escape(text)) return Fail(position, Texts.BadEscape);
                continue;
            }
            text.Append(c);
            position++;
        }
        return Fail(start, Texts.TextNotClosed);
    }

    private Token QuotedIdentifier()
    {
        var start = position++;
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) is '_' or '.' or '-' or '/' or ' ') position++;
        if (Peek(0) != '`' || position == start + 1) return Fail(start, Texts.TextNotClosed);
        position++;
        return new(TokenKind.QuotedIdentifier, start, source[(start + 1)..(position - 1)].ToString());
    }

    /// <summary>Bytes: characters stand for their UTF-8, escapes of two hex or three octal digits for one byte each.</summary>
    private Token QuotedBytes(int start, bool raw)
    {
        var quote = source[position];
        var triple = Peek(1) == quote && Peek(2) == quote;
        position += triple ? 3 : 1;
        var bytes = new List<byte>();
        Span<byte> utf8 = stackalloc byte[4];
        while (position < source.Length)
        {
            var c = source[position];
            if (c == quote && (!triple || (Peek(1) == quote && Peek(2) == quote)))
            {
                position += triple ? 3 : 1;
                return new(TokenKind.Bytes, start, Bytes: [.. bytes]);
            }
            if (!triple && c is '\n' or '\r') break;
            if (c == '\\' && !raw)
            {
                if (!EscapeByte(bytes)) return Fail(position, Texts.BadEscape);
                continue;
            }
            Rune.DecodeFromUtf16(source[position..], out var rune, out var length);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            position += length;
        }
        return Fail(start, Texts.TextNotClosed);
    }

    private bool EscapeByte(List<byte> bytes)
    {
        if (Peek(1) is 'u' or 'U') return false;
        var text = new StringBuilder();
        if (!Escape(text)) return false;
        bytes.Add((byte)text[0]); // of these escapes none gives more than 255
        return true;
    }

    private bool Escape(StringBuilder text)
    {
        var c = Peek(1);
        var simple = "abfnrtv\\?\"'`".IndexOf(c, StringComparison.Ordinal);
        if (simple >= 0)
        {
            text.Append("\a\b\f\n\r\t\v\\?\"'`"[simple]);
            position += 2;
            return true;
        }
        return c switch
        {
            'x' or 'X' => CodePoint(text, 2, 2, 16),
            'u' => CodePoint(text, 2, 4, 16),
            'U' => CodePoint(text, 2, 8, 16),
            >= '0' and <= '3' => CodePoint(text, 1, 3, 8),
            _ => false,
        };
    }

    private bool CodePoint(StringBuilder text, int skip, int digits, int radix)
    {
        var value = 0;
        for (var i = 0; i < digits; i++)
        {
            var c = Peek(skip + i);
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix || value > 0x10FFFF) return false;
            value = value * radix + digit;
        }
        if (!Rune.IsValid(value)) return false; // surrogates alone are not characters
        text.Append(new Rune(value).ToString());
        position += skip + digits;
        return true;
    }

    private Token Operator()
    {
        var start = position;
        var (kind, length) = (source[position], Peek(1)) switch
        {
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessEqual, 2),
            ('>', '=') => (TokenKind.GreaterEqual, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            ('?', _) => (TokenKind.Question, 1),
            (':', _) => (TokenKind.Colon, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            ('(', _) => (TokenKind.LeftParenthesis, 1),
            (')', _) => (TokenKind.RightParenthesis, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            _ => (TokenKind.End, 0),
        };
        if (length == 0) return Fail(start, Texts.UnexpectedCharacter(source[position]));
        position += length;
        return new(kind, start);
    }

    private Token Fail(int offset, Contracts.Text what)
    {
        Problem ??= new(offset, what);
        position = source.Length;
        return new(TokenKind.End, offset);
    }
}
