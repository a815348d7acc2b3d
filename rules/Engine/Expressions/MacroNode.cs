using System.Runtime.InteropServices;

namespace SignalWatch.Rules.Expressions;

/// <summary>A macro over the items of a list or the keys of a map. <c>all</c> and <c>exists</c> are long chains of <c>&amp;&amp;</c> and <c>||</c> and absorb what is bad as these do;
/// the others are strict (CEL specification, "Macros").</summary>
internal sealed class MacroNode(MacroSyntax syntax, Node range, int local, Node? filter, Node body) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var over = range.Evaluate(ref frame);
        if (over.IsBad) return over;
        if (over.Kind is not (ValueKind.List or ValueKind.Map)) return Value.Of(Fault.NoOverload);
        var items = over.Kind == ValueKind.List ? over.AsList : CollectionsMarshal.AsSpan(over.AsMap.Keys);
        return syntax.Macro switch
        {
            Macro.All => Fold(ref frame, items, decides: false),
            Macro.Exists => Fold(ref frame, items, decides: true),
            Macro.ExistsOne => One(ref frame, items),
            _ => Collect(ref frame, items),
        };
    }

    private bool Step(ref Frame frame, Value item)
    {
        frame.Locals[local] = item;
        return frame.Pay(1 + syntax.Nodes);
    }

    private Value Fold(ref Frame frame, ReadOnlySpan<Value> items, bool decides)
    {
        Value? worst = null;
        foreach (var item in items)
        {
            if (!Step(ref frame, item)) return Value.Of(Fault.CostExceeded);
            var truth = Junction.Truth(body.Evaluate(ref frame));
            if (truth.Kind == ValueKind.Boolean && truth.AsBoolean == decides) return truth;
            if (truth.IsBad) worst = worst is { } before ? Value.Worst(before, truth) : truth;
        }
        return worst ?? Value.Of(!decides);
    }

    private Value One(ref Frame frame, ReadOnlySpan<Value> items)
    {
        Value? worst = null;
        var found = 0;
        foreach (var item in items)
        {
            if (!Step(ref frame, item)) return Value.Of(Fault.CostExceeded);
            var truth = Junction.Truth(body.Evaluate(ref frame));
            if (truth.IsBad) worst = worst is { } before ? Value.Worst(before, truth) : truth;
            else if (truth.IsTrue) found++;
        }
        return worst ?? Value.Of(found == 1);
    }

    private Value Collect(ref Frame frame, ReadOnlySpan<Value> items)
    {
        Value? worst = null;
        var kept = new List<Value>();
        foreach (var item in items)
        {
            if (!Step(ref frame, item)) return Value.Of(Fault.CostExceeded);
            var test = syntax.Macro == Macro.Filter ? body : filter;
            var truth = test is null ? Value.Of(true) : Junction.Truth(test.Evaluate(ref frame));
            var result = truth.IsTrue ? syntax.Macro == Macro.Filter ? item : body.Evaluate(ref frame) : truth;
            if (result.IsBad) worst = worst is { } before ? Value.Worst(before, result) : result;
            else if (truth.IsTrue) { kept.Add(result); if (!frame.Pay(result.Weight)) return Value.Of(Fault.CostExceeded); }
        }
        return worst ?? Value.Of(kept.ToArray());
    }
}
