namespace SignalWatch.Rules.Expressions;

/// <summary>A checked expression, ready to run: no names are looked up, and nothing is allocated but for new texts, lists and maps.
/// Unknown and error spread as the CEL specification says: strict operators pass them on, <c>&amp;&amp;</c> and <c>||</c> absorb them where the other side decides.</summary>
internal sealed class Evaluator(Node root, int locals)
{
    /// <summary>What one evaluation may cost, in steps of macros and in eighths of the characters that are made, copied or compared: some ten milliseconds.</summary>
    public const long MaxCost = 1_000_000;

    /// <summary>The value, from the values of the rule's slots. One that costs more than <paramref name="maxCost"/> is an error, whatever <c>||</c> would make of it.</summary>
    public Value Evaluate(ReadOnlySpan<Value> slots, long maxCost = MaxCost)
    {
        var frame = new Frame(slots, locals == 0 ? [] : new Value[locals], maxCost);
        var value = root.Evaluate(ref frame);
        return frame.IsExhausted ? Value.Of(Fault.CostExceeded) : value;
    }

    /// <summary>Prepares an expression. Names and functions that the <see cref="Checker"/> would refuse are errors where they are evaluated.</summary>
    public static Evaluator Compile(Syntax expression, Scope scope, Slots slots) => new Compiler(scope, slots).Compile(expression);
}

/// <summary>What one evaluation reads and how much it may still cost.</summary>
internal ref struct Frame(ReadOnlySpan<Value> slots, Span<Value> locals, long cost)
{
    private long cost = cost;

    public readonly ReadOnlySpan<Value> Slots { get; } = slots;

    /// <summary>The variables of the macros around the node that runs.</summary>
    public readonly Span<Value> Locals { get; } = locals;

    public readonly bool IsExhausted => cost < 0;

    /// <summary>Pays for work before it is done; false where it must not be done.</summary>
    public bool Pay(long amount) => (cost -= amount) >= 0;
}

/// <summary>A part of a compiled expression.</summary>
internal abstract class Node
{
    public abstract Value Evaluate(ref Frame frame);
}
