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
        MemberSyntax { IsQuoted: false, Target.DottedName: { } target } member => $"{target}.{member.Identifier}",
        _ => null,
    };

    /// <summary>The name at the left end of a dotted name, or null.</summary>
    public NameSyntax? Root => this switch { NameSyntax name => name, MemberSyntax { IsQuoted: false } member => member.Target.Root, _ => null };
}

internal sealed record LiteralSyntax(int Offset, Value Value) : Syntax(Offset);

/// <summary>A name; with a dot before it, <paramref name="IsAbsolute"/>, it is never the variable of a macro.</summary>
internal sealed record NameSyntax(int Offset, string Identifier, bool IsAbsolute = false) : Syntax(Offset);

/// <summary>A member; a quoted one (<c>x.`a-b`</c>) is never part of a dotted name.</summary>
internal sealed record MemberSyntax(int Offset, Syntax Target, string Identifier, bool IsQuoted = false) : Syntax(Offset);

internal sealed record IndexSyntax(int Offset, Syntax Target, Syntax Index) : Syntax(Offset);

/// <summary>A call; of <c>x.startsWith(y)</c> the target comes first among the arguments, as CEL has it.</summary>
internal sealed record CallSyntax(int Offset, string Function, IReadOnlyList<Syntax> Arguments, bool IsMember) : Syntax(Offset);

internal sealed record NotSyntax(int Offset, Syntax Operand) : Syntax(Offset);

internal sealed record NegateSyntax(int Offset, Syntax Operand) : Syntax(Offset);

internal sealed record BinarySyntax(int Offset, BinaryOperator Operator, Syntax Left, Syntax Right) : Syntax(Offset);

internal sealed record ConditionalSyntax(int Offset, Syntax Condition, Syntax Then, Syntax Else) : Syntax(Offset);

internal sealed record ListSyntax(int Offset, IReadOnlyList<Syntax> Items) : Syntax(Offset);

internal sealed record MapSyntax(int Offset, IReadOnlyList<(Syntax Key, Syntax Value)> Entries) : Syntax(Offset);

internal enum Macro : byte { All, Exists, ExistsOne, Map, Filter }

/// <summary>A macro over a list or the keys of a map. <paramref name="Filter"/> is that of <c>map(x, filter, result)</c>; <paramref name="Nodes"/> is how large the part is that runs for each item.</summary>
internal sealed record MacroSyntax(int Offset, Macro Macro, Syntax Range, string Variable, Syntax? Filter, Syntax Body, int Nodes) : Syntax(Offset);
