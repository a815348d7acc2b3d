namespace SignalWatch.Rules.Expressions;

internal sealed class Constant(Value value) : Node
{
    public override Value Evaluate(ref Frame frame) => value;

    public Value Value => value;
}

internal sealed class SlotNode(int index) : Node
{
    public override Value Evaluate(ref Frame frame) => frame.Slots[index];
}

internal sealed class Local(int index) : Node
{
    public override Value Evaluate(ref Frame frame) => frame.Locals[index];
}

internal sealed class HasSlot(int index) : Node
{
    public override Value Evaluate(ref Frame frame) => Value.Of(frame.Slots[index].Kind != ValueKind.Unknown);
}

internal sealed class HasMember(Node target, Value name) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = target.Evaluate(ref frame);
        if (value.IsBad) return value;
        return value.Kind == ValueKind.Map ? Value.Of(value.AsMap.TryGet(name, out _)) : Value.Of(Fault.NoOverload);
    }
}

/// <summary>A member of a map, by name.</summary>
internal sealed class Member(Node target, Value name) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = target.Evaluate(ref frame);
        if (value.IsBad) return value;
        if (value.Kind != ValueKind.Map) return Value.Of(Fault.NoOverload);
        return value.AsMap.TryGet(name, out var found) ? found : Value.Of(Fault.NoSuchKey);
    }
}

internal sealed class Index(Node target, Node index) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var (value, at) = (target.Evaluate(ref frame), index.Evaluate(ref frame));
        if (value.IsBad || at.IsBad) return Value.Worst(value, at);
        if (!frame.Pay(at.Weight)) return Value.Of(Fault.CostExceeded);
        return value.Kind switch
        {
            ValueKind.List => At(value.AsList, at),
            ValueKind.Map when at.IsNumber || at.Kind is ValueKind.Text or ValueKind.Boolean => value.AsMap.TryGet(at, out var found) ? found : Value.Of(Fault.NoSuchKey),
            _ => Value.Of(Fault.NoOverload),
        };
    }

    private static Value At(ReadOnlySpan<Value> list, Value at)
    {
        if (!at.IsNumber) return Value.Of(Fault.NoOverload);
        var place = at.ToDouble(); // exact for every index that a list can have
        if (place != Math.Floor(place)) return Value.Of(Fault.NoOverload);
        return place >= 0 && place < list.Length ? list[(int)place] : Value.Of(Fault.OutOfRange);
    }
}

internal sealed class Not(Node operand) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.Kind == ValueKind.Boolean ? Value.Of(!value.AsBoolean) : value.IsBad ? value : Value.Of(Fault.NoOverload);
    }
}

internal sealed class Negate(Node operand) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.Kind switch
        {
            ValueKind.Real => Value.Of(-value.AsReal),
            ValueKind.Integer => value.AsInteger == long.MinValue ? Value.Of(Fault.Overflow) : Value.Of(-value.AsInteger),
            _ => value.IsBad ? value : Value.Of(Fault.NoOverload),
        };
    }
}

/// <summary>And (decided by false) and or (decided by true). A side that decides wins over an unknown or an error on the other, whichever comes first.</summary>
internal sealed class Junction(Node left, Node right, bool decides) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var first = Truth(left.Evaluate(ref frame));
        if (first.Kind == ValueKind.Boolean && first.AsBoolean == decides) return first;
        var second = Truth(right.Evaluate(ref frame));
        if (second.Kind == ValueKind.Boolean && second.AsBoolean == decides) return second;
        return first.IsBad || second.IsBad ? Value.Worst(first, second) : Value.Of(!decides);
    }

    /// <summary>The value where it is one of truth, or bad; else that it does not fit.</summary>
    public static Value Truth(Value value) => value.Kind == ValueKind.Boolean || value.IsBad ? value : Value.Of(Fault.NoOverload);
}

internal sealed class Conditional(Node condition, Node then, Node otherwise) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = condition.Evaluate(ref frame);
        if (value.Kind == ValueKind.Boolean) return (value.AsBoolean ? then : otherwise).Evaluate(ref frame);
        return value.IsBad ? value : Value.Of(Fault.NoOverload);
    }
}

internal sealed class Binary(BinaryOperator operation, Node left, Node right) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var (a, b) = (left.Evaluate(ref frame), right.Evaluate(ref frame));
        if (a.IsBad || b.IsBad) return Value.Worst(a, b);
        var cost = operation == BinaryOperator.Add ? a.Weight + b.Weight
            : operation == BinaryOperator.In && b.Kind == ValueKind.List ? b.Weight + b.AsList.Length * (a.Weight - 1) // a text is compared with each item
            : Math.Min(a.Weight, b.Weight);
        return cost <= 2 || frame.Pay(cost) ? Operations.Apply(operation, a, b) : Value.Of(Fault.CostExceeded);
    }
}

internal sealed class FunctionCall(Function function, Node first, Node? second) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var a = first.Evaluate(ref frame);
        var b = second is null ? Value.Null : second.Evaluate(ref frame);
        if (a.IsBad || b.IsBad) return Value.Worst(a, b);
        return frame.Pay(function.Cost + a.Weight + b.Weight) ? function.Apply(a, b) : Value.Of(Fault.CostExceeded);
    }
}

internal sealed class ListNode(Node[] items) : Node
{
    // Lists of literals, the usual case, are made once.
    private readonly Value? constant = items.All(i => i is Constant) ? Value.Of((Value[])[.. items.Select(i => ((Constant)i).Value)]) : null;

    public override Value Evaluate(ref Frame frame)
    {
        if (constant is { } list) return list;
        var values = new Value[items.Length];
        Value? worst = null;
        for (var i = 0; i < items.Length; i++)
        {
            values[i] = items[i].Evaluate(ref frame);
            if (values[i].IsBad) worst = worst is { } before ? Value.Worst(before, values[i]) : values[i];
        }
        if (worst is { } bad) return bad;
        var made = Value.Of(values);
        return frame.Pay(made.Weight) ? made : Value.Of(Fault.CostExceeded);
    }
}

internal sealed class MapNode((Node Key, Node Value)[] entries) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var map = new MapValue();
        Value? worst = null;
        foreach (var (k, v) in entries)
        {
            var (key, value) = (k.Evaluate(ref frame), v.Evaluate(ref frame));
            var bad = key.IsBad || value.IsBad ? Value.Worst(key, value) : map.Add(key, value) is { } fault ? Value.Of(fault) : (Value?)null;
            if (bad is { } now) worst = worst is { } before ? Value.Worst(before, now) : now;
        }
        if (worst is { } found) return found;
        return frame.Pay(map.Weight) ? Value.Of(map) : Value.Of(Fault.CostExceeded);
    }
}

/// <summary>A name or function that there is not.</summary>
internal sealed class NoSuchName : Node
{
    public override Value Evaluate(ref Frame frame) => Value.Of(Fault.UnknownName);
}
