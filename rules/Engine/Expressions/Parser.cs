namespace SignalWatch.Rules.Expressions;

/// <summary>Reads an expression by the grammar of the CEL specification ("Syntax"), without messages; the macros are expanded here.
/// A bad text is a problem, never an exception: after the first problem every token is the end, so that all loops end.</summary>
internal ref struct Parser
{
    /// <summary>Longest expression, in characters. With the two limits below it bounds what an expression can cost.</summary>
    public const int MaxLength = 4096;

    private const int MaxNesting = 48; // each level costs some ten frames of the stack
    private const int MaxNodes = 600;  // a chain of operators is as deep as it is long when it is evaluated

    private Lexer lexer;
    private Token token;
    private int nesting;
    private int nodes;
    private ExpressionProblem? problem;

    private Parser(ReadOnlySpan<char> source)
    {
        lexer = new Lexer(source);
        token = lexer.Next();
    }

    /// <summary>Parses <paramref name="source"/>.</summary>
    /// <returns>The expression, or null and the problem.</returns>
    public static Syntax? Parse(ReadOnlySpan<char> source, out ExpressionProblem? problem)
    {
        if (source.Length > MaxLength)
        {
            problem = new(MaxLength, Texts.ExpressionTooLong);
            return null;
        }
        var parser = new Parser(source);
        var expression = parser.Expression();
        if (parser.token.Kind != TokenKind.End) parser.Fail(parser.token.Offset, Texts.UnexpectedToken);
        problem = parser.lexer.Problem is { } lexical && (parser.problem is null || lexical.Offset <= parser.problem.Offset) ? lexical : parser.problem;
        return problem is null ? expression : null;
    }

    private Syntax Expression()
    {
        if (++nesting > MaxNesting) return Fail(token.Offset, Texts.ExpressionTooDeep);
        var condition = Or();
        if (token.Kind == TokenKind.Question)
        {
            var offset = Take().Offset;
            var then = Or();
            Expect(TokenKind.Colon, Texts.ColonExpected);
            condition = Count(new ConditionalSyntax(offset, condition, then, Expression()));
        }
        nesting--;
        return condition;
    }

    private Syntax Or()
    {
        var left = And();
        while (token.Kind == TokenKind.Or) left = Binary(BinaryOperator.Or, Take().Offset, left, And());
        return left;
    }

    private Syntax And()
    {
        var left = Relation();
        while (token.Kind == TokenKind.And) left = Binary(BinaryOperator.And, Take().Offset, left, Relation());
        return left;
    }

    private Syntax Relation()
    {
        var left = Addition();
        while (RelationOf(token.Kind) is { } operation) left = Binary(operation, Take().Offset, left, Addition());
        return left;
    }

    private static BinaryOperator? RelationOf(TokenKind kind) => kind switch
    {
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessEqual => BinaryOperator.LessEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterEqual => BinaryOperator.GreaterEqual,
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.In => BinaryOperator.In,
        _ => null,
    };

    private Syntax Addition()
    {
        var left = Multiplication();
        while (token.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var operation = token.Kind == TokenKind.Plus ? BinaryOperator.Add : BinaryOperator.Subtract;
            left = Binary(operation, Take().Offset, left, Multiplication());
        }
        return left;
    }

    private Syntax Multiplication()
    {
        var left = Unary();
        while (token.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            var operation = token.Kind switch { TokenKind.Star => BinaryOperator.Multiply, TokenKind.Slash => BinaryOperator.Divide, _ => BinaryOperator.Remainder };
            left = Binary(operation, Take().Offset, left, Unary());
        }
        return left;
    }

    // Unary = Member | "!" {"!"} Member | "-" {"-"} Member: the two do not mix.
    private Syntax Unary()
    {
        if (token.Kind is not (TokenKind.Not or TokenKind.Minus)) return Member();
        var (kind, offset) = (token.Kind, token.Offset);
        var times = 0;
        while (token.Kind == kind) { Take(); times++; }
        if (kind == TokenKind.Minus && token.Kind is TokenKind.Integer or TokenKind.Real && times % 2 == 1) return Negative(offset);
        var operand = Member();
        if (times % 2 == 0 && kind == TokenKind.Not) return Count(new NotSyntax(offset, Count(new NotSyntax(offset, operand))));
        if (times % 2 == 0) return Count(new NegateSyntax(offset, Count(new NegateSyntax(offset, operand))));
        return Count(kind == TokenKind.Not ? new NotSyntax(offset, operand) : new NegateSyntax(offset, operand));
    }

    // The least integer has no positive twin: it can only be read together with its sign.
    private Syntax Negative(int offset)
    {
        var number = Take();
        return Count(new LiteralSyntax(offset, number.Kind == TokenKind.Real ? Value.Of(-number.Real) : Value.Of(unchecked(-number.Integer))));
    }

    private Syntax Member()
    {
        var target = Primary();
        while (token.Kind is TokenKind.Dot or TokenKind.LeftBracket)
        {
            if (token.Kind == TokenKind.LeftBracket)
            {
                var offset = Take().Offset;
                target = Count(new IndexSyntax(offset, target, Expression()));
                Expect(TokenKind.RightBracket, Texts.BracketExpected);
                continue;
            }
            Take();
            if (token.Kind is not (TokenKind.Identifier or TokenKind.Reserved or TokenKind.QuotedIdentifier)) return Fail(token.Offset, Texts.NameExpected);
            var name = Take();
            if (name.Kind == TokenKind.QuotedIdentifier)
            {
                target = Count(new MemberSyntax(target.Offset, target, name.Text, IsQuoted: true));
            }
            else if (token.Kind == TokenKind.LeftParenthesis)
            {
                Take();
                var before = nodes;
                var arguments = Items(TokenKind.RightParenthesis, Texts.ParenthesisExpected);
                target = Count(Expand(name, target, arguments, nodes - before) ?? new CallSyntax(name.Offset, name.Text, [target, .. arguments], IsMember: true));
            }
            else
            {
                target = Count(new MemberSyntax(target.Offset, target, name.Text));
            }
        }
        return target;
    }

    // The macros of the specification ("Macros"); the two-argument forms name the item first.
    private Syntax? Expand(Token name, Syntax range, List<Syntax> arguments, int size)
    {
        Macro? found = (name.Text, arguments.Count) switch
        {
            ("all", 2) => Macro.All,
            ("exists", 2) => Macro.Exists,
            ("exists_one" or "existsOne", 2) => Macro.ExistsOne,
            ("map", 2 or 3) => Macro.Map,
            ("filter", 2) => Macro.Filter,
            _ => null,
        };
        if (found is not { } macro) return null;
        if (arguments[0] is not NameSyntax { IsAbsolute: false } variable) return Fail(arguments[0].Offset, Texts.VariableExpected);
        return new MacroSyntax(name.Offset, macro, range, variable.Identifier, arguments.Count == 3 ? arguments[1] : null, arguments[^1], size);
    }

    private Syntax Primary()
    {
        var first = Take();
        switch (first.Kind)
        {
            case TokenKind.True: return Count(new LiteralSyntax(first.Offset, Value.Of(true)));
            case TokenKind.False: return Count(new LiteralSyntax(first.Offset, Value.Of(false)));
            case TokenKind.Null: return Count(new LiteralSyntax(first.Offset, Value.Null));
            case TokenKind.Text: return Count(new LiteralSyntax(first.Offset, Value.Of(first.Text)));
            case TokenKind.Real: return Count(new LiteralSyntax(first.Offset, Value.Of(first.Real)));
            case TokenKind.Integer when first.Text.Length > 0: return Fail(first.Offset, Texts.NumberTooLarge);
            case TokenKind.Integer: return Count(new LiteralSyntax(first.Offset, Value.Of(first.Integer)));
            case TokenKind.Unsigned: return Count(new LiteralSyntax(first.Offset, Value.Of(unchecked((ulong)first.Integer))));
            case TokenKind.Bytes: return Count(new LiteralSyntax(first.Offset, Value.Of(first.Bytes!)));
            case TokenKind.LeftBrace: return Count(new MapSyntax(first.Offset, Entries()));
            case TokenKind.Dot when token.Kind == TokenKind.Identifier: return Count(new NameSyntax(first.Offset, Take().Text, IsAbsolute: true));
            case TokenKind.Reserved: return Fail(first.Offset, Texts.ReservedWord(first.Text));
            case TokenKind.LeftBracket: return Count(new ListSyntax(first.Offset, Items(TokenKind.RightBracket, Texts.BracketExpected)));
            case TokenKind.LeftParenthesis:
                var inner = Expression();
                Expect(TokenKind.RightParenthesis, Texts.ParenthesisExpected);
                return inner;
            case TokenKind.Identifier when token.Kind == TokenKind.LeftParenthesis:
                Take();
                return Count(new CallSyntax(first.Offset, first.Text, Items(TokenKind.RightParenthesis, Texts.ParenthesisExpected), IsMember: false));
            case TokenKind.Identifier: return Count(new NameSyntax(first.Offset, first.Text));
            case TokenKind.End: return Fail(first.Offset, Texts.ExpressionEnds);
            default: return Fail(first.Offset, Texts.UnexpectedToken);
        }
    }

    private List<Syntax> Items(TokenKind end, Contracts.Text endExpected)
    {
        var items = new List<Syntax>();
        while (token.Kind != end && token.Kind != TokenKind.End)
        {
            items.Add(Expression());
            if (token.Kind != TokenKind.Comma) break;
            var comma = Take().Offset;
            if (token.Kind == end && end == TokenKind.RightParenthesis) Fail(comma, Texts.UnexpectedToken); // only a list may end with a comma
        }
        Expect(end, endExpected);
        return items;
    }

    private List<(Syntax Key, Syntax Value)> Entries()
    {
        var entries = new List<(Syntax, Syntax)>();
        while (token.Kind is not (TokenKind.RightBrace or TokenKind.End))
        {
            var key = Expression();
            Expect(TokenKind.Colon, Texts.EntryColonExpected);
            entries.Add((key, Expression()));
            if (token.Kind != TokenKind.Comma) break;
            Take();
        }
        Expect(TokenKind.RightBrace, Texts.BraceExpected);
        return entries;
    }

    private Syntax Binary(BinaryOperator operation, int offset, Syntax left, Syntax right) => Count(new BinarySyntax(offset, operation, left, right));

    private Syntax Count(Syntax node) => ++nodes > MaxNodes ? Fail(node.Offset, Texts.ExpressionTooLong) : node;

    private Token Take()
    {
        var taken = token;
        if (problem is null) token = lexer.Next();
        return taken;
    }

    private void Expect(TokenKind kind, Contracts.Text what)
    {
        if (token.Kind == kind) Take(); else Fail(token.Offset, what);
    }

    private LiteralSyntax Fail(int offset, Contracts.Text what)
    {
        problem ??= new(offset, what);
        token = new(TokenKind.End, offset);
        return new(offset, Value.Null);
    }
}
