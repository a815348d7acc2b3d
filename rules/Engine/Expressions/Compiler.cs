namespace SignalWatch.Rules.Expressions;

/// <summary>Makes nodes of syntax: resolves names to slots and to the variables of macros. Names are resolved to the longest dotted name that is known (CEL specification, "Name resolution").</summary>
internal sealed class Compiler(Scope scope, Slots slots)
{
    private readonly List<string> locals = [];
    private int mostLocals;

    public Evaluator Compile(Syntax expression)
    {
        var root = Of(expression);
        return new(root, mostLocals);
    }

    private Node Of(Syntax e) => e switch
    {
        LiteralSyntax literal => new Constant(literal.Value),
        NameSyntax or MemberSyntax => Name(e),
        IndexSyntax index => new Index(Of(index.Target), Of(index.Index)),
        CallSyntax call => Call(call),
        MacroSyntax macro => Macro(macro),
        NotSyntax not => new Not(Of(not.Operand)),
        NegateSyntax negate => new Negate(Of(negate.Operand)),
        BinarySyntax { Operator: BinaryOperator.And } and => new Junction(Of(and.Left), Of(and.Right), decides: false),
        BinarySyntax { Operator: BinaryOperator.Or } or => new Junction(Of(or.Left), Of(or.Right), decides: true),
        BinarySyntax binary => new Binary(binary.Operator, Of(binary.Left), Of(binary.Right)),
        ConditionalSyntax conditional => new Conditional(Of(conditional.Condition), Of(conditional.Then), Of(conditional.Else)),
        ListSyntax list => new ListNode([.. list.Items.Select(Of)]),
        MapSyntax map => new MapNode([.. map.Entries.Select(entry => (Of(entry.Key), Of(entry.Value)))]),
        _ => throw new InvalidOperationException($"{e.GetType().Name} has no node"),
    };

    private Node Name(Syntax e)
    {
        if (e is NameSyntax { IsAbsolute: false } name && locals.LastIndexOf(name.Identifier) is >= 0 and var local) return new Local(local);
        if (SlotOf(e) is { } slot) return new SlotNode(slot);
        if (e.DottedName is { } dotted && TypeNames.Contains(dotted)) return new Constant(Value.OfType(dotted));
        return e is MemberSyntax member ? new Member(Of(member.Target), Value.Of(member.Identifier)) : new NoSuchName();
    }

    private int? SlotOf(Syntax e)
    {
        if (e.Root is not { } root || (!root.IsAbsolute && locals.Contains(root.Identifier))) return null;
        return e.DottedName is { } dotted && scope.Find(dotted) is { } variable && slots.Of(variable) is >= 0 and var slot ? slot : null;
    }

    private Node Call(CallSyntax call)
    {
        if (call is { Function: "has", IsMember: false, Arguments: [var argument] })
            return SlotOf(argument) is { } slot ? new HasSlot(slot) : argument is MemberSyntax member ? new HasMember(Of(member.Target), Value.Of(member.Identifier)) : new NoSuchName();
        if (Functions.Find(call.Function, call.IsMember, call.Arguments.Count) is not { } function) return new NoSuchName();
        var second = call.Arguments.Count > 1 ? Of(call.Arguments[1]) : null;
        return new FunctionCall(second is Constant constant ? function.With(constant.Value) : function, Of(call.Arguments[0]), second);
    }

    private MacroNode Macro(MacroSyntax macro)
    {
        var range = Of(macro.Range);
        var local = locals.Count;
        locals.Add(macro.Variable);
        mostLocals = Math.Max(mostLocals, locals.Count);
        var node = new MacroNode(macro, range, local, macro.Filter is null ? null : Of(macro.Filter), Of(macro.Body));
        locals.RemoveAt(local);
        return node;
    }
}

/// <summary>The names that denote types (CEL specification, "Types as values").</summary>
internal static class TypeNames
{
    public const string Timestamp = "google.protobuf.Timestamp";
    public const string Duration = "google.protobuf.Duration";

    public static bool Contains(string name) =>
        name is "bool" or "int" or "uint" or "double" or "string" or "bytes" or "list" or "map" or "null_type" or "type" or Timestamp or Duration;

    public static string Of(Value value) => value.Kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Integer => "int",
        ValueKind.Unsigned => "uint",
        ValueKind.Real => "double",
        ValueKind.Text => "string",
        ValueKind.Bytes => "bytes",
        ValueKind.List => "list",
        ValueKind.Map => "map",
        ValueKind.Timestamp => Timestamp,
        ValueKind.Duration => Duration,
        ValueKind.Type => "type",
        _ => "null_type",
    };
}
