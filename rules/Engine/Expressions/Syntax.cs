using SignalWatch.Contracts;

namespace SignalWatch.Rules.Expressions;

/// <summary>What is wrong with an expression or a template, and at which character (from 0).</summary>
internal sealed record ExpressionProblem(int Offset, Text What);

internal enum BinaryOperator : byte { Or, And, Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual, In, Add, Subtract, Multiply, Divide, Remainder }

/// <summary>An expression as it was written. Offset is where a problem with it is shown.</summary>
internal abstract record Syntax(int Offset)
{
    /// <summary>The dotted name that this is, or null: <c>licence.class</c>.</summary>
    public string? DottedName => this switch
    {
        NameSyntax name => name.Identifier,
        MemberSyntax { Target.DottedName: { } target } member => $"{target}.{member.Identifier}",
        _ => null,
    };
}

internal sealed record LiteralSyntax(int Offset, Value Value) : Syntax(Offset);

internal sealed record NameSyntax(int Offset, string Identifier) : Syntax(Offset);

internal sealed record MemberSyntax(int Offset, Syntax Target, string Identifier) : Syntax(Offset);

/// <summary>A call; of <c>x.startsWith(y)</c> the target comes first among the arguments, as CEL has it.</summary>
internal sealed record CallSyntax(int Offset, string Function, IReadOnlyList<Syntax> Arguments, bool IsMember) : Syntax(Offset);

internal sealed record NotSyntax(int Offset, Syntax Operand) : Syntax(Offset);

internal sealed record NegateSyntax(int Offset, Syntax Operand) : Syntax(Offset);

internal sealed record BinarySyntax(int Offset, BinaryOperator Operator, Syntax Left, Syntax Right) : Syntax(Offset);

internal sealed record ConditionalSyntax(int Offset, Syntax Condition, Syntax Then, Syntax Else) : Syntax(Offset);

internal sealed record ListSyntax(int Offset, IReadOnlyList<Syntax> Items) : Syntax(Offset);
