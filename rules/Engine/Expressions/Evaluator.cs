namespace SignalWatch.Rules.Expressions;

/// <summary>A checked expression, ready to run: no names are looked up and nothing is allocated (but for the joining of texts).
/// Unknown and error spread as the CEL specification says: strict operators pass them on, <c>&amp;&amp;</c> and <c>||</c> absorb them where the other side decides.</summary>
internal abstract class Evaluator
{
    /// <summary>The value, from the values of the rule's slots.</summary>
    public abstract Value Evaluate(ReadOnlySpan<Value> slots);

    /// <summary>Prepares an expression that the <see cref="Checker"/> found nothing wrong with.</summary>
    public static Evaluator Compile(Syntax expression, Scope scope, Slots slots)
    {
        return Of(expression);

        Evaluator Of(Syntax e) => e switch
        {
            LiteralSyntax literal => new Constant(literal.Value),
            NameSyntax or MemberSyntax => new Slot(SlotOf(e)),
            CallSyntax { Function: "has" } has => new Has(SlotOf(has.Arguments[0])),
            CallSyntax { Function: "size" } size => new Size(Of(size.Arguments[0])),
            CallSyntax call => new TextCall(call.Function, Of(call.Arguments[0]), Of(call.Arguments[1])),
            NotSyntax not => new Not(Of(not.Operand)),
            NegateSyntax negate => new Negate(Of(negate.Operand)),
            BinarySyntax { Operator: BinaryOperator.And } and => new Junction(Of(and.Left), Of(and.Right), decides: false),
            BinarySyntax { Operator: BinaryOperator.Or } or => new Junction(Of(or.Left), Of(or.Right), decides: true),
            BinarySyntax binary => new Binary(binary.Operator, Of(binary.Left), Of(binary.Right)),
            ConditionalSyntax conditional => new Conditional(Of(conditional.Condition), Of(conditional.Then), Of(conditional.Else)),
            ListSyntax list => new List([.. list.Items.Select(Of)]),
            _ => throw new InvalidOperationException($"{e.GetType().Name} has no evaluator"),
        };

        int SlotOf(Syntax name) => slots.Of(scope.Find(name.DottedName!)!);
    }

    private sealed class Constant(Value value) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots) => value;
    }

    private sealed class Slot(int index) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots) => slots[index];
    }

    private sealed class Has(int index) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots) => Value.Of(slots[index].Kind != ValueKind.Unknown);
    }

    private sealed class Not(Evaluator operand) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var value = operand.Evaluate(slots);
            return value.Kind == ValueKind.Boolean ? Value.Of(!value.AsBoolean) : value.IsBad ? value : Value.Of(Fault.NoOverload);
        }
    }

    private sealed class Negate(Evaluator operand) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var value = operand.Evaluate(slots);
            return value.Kind switch
            {
                ValueKind.Real => Value.Of(-value.AsReal),
                ValueKind.Integer => value.AsInteger == long.MinValue ? Value.Of(Fault.Overflow) : Value.Of(-value.AsInteger),
                _ => value.IsBad ? value : Value.Of(Fault.NoOverload),
            };
        }
    }

    /// <summary>And (decided by false) and or (decided by true). A side that decides wins over an unknown or an error on the other, whichever comes first.</summary>
    private sealed class Junction(Evaluator left, Evaluator right, bool decides) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var first = Truth(left.Evaluate(slots));
            if (first.Kind == ValueKind.Boolean && first.AsBoolean == decides) return first;
            var second = Truth(right.Evaluate(slots));
            if (second.Kind == ValueKind.Boolean && second.AsBoolean == decides) return second;
            return first.IsBad || second.IsBad ? Value.Worst(first, second) : Value.Of(!decides);
        }

        private static Value Truth(Value value) => value.Kind == ValueKind.Boolean || value.IsBad ? value : Value.Of(Fault.NoOverload);
    }

    private sealed class Conditional(Evaluator condition, Evaluator then, Evaluator otherwise) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var value = condition.Evaluate(slots);
            if (value.Kind == ValueKind.Boolean) return (value.AsBoolean ? then : otherwise).Evaluate(slots);
            return value.IsBad ? value : Value.Of(Fault.NoOverload);
        }
    }

    private sealed class Binary(BinaryOperator operation, Evaluator left, Evaluator right) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var (a, b) = (left.Evaluate(slots), right.Evaluate(slots));
            return a.IsBad || b.IsBad ? Value.Worst(a, b) : Operations.Apply(operation, a, b);
        }
    }

    private sealed class Size(Evaluator operand) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var value = operand.Evaluate(slots);
            return value.Kind switch
            {
                ValueKind.Text => Value.Of(Operations.CodePoints(value.AsText)),
                ValueKind.List => Value.Of((long)value.AsList.Length),
                _ => value.IsBad ? value : Value.Of(Fault.NoOverload),
            };
        }
    }

    private sealed class TextCall(string function, Evaluator target, Evaluator argument) : Evaluator
    {
        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            var (text, part) = (target.Evaluate(slots), argument.Evaluate(slots));
            if (text.IsBad || part.IsBad) return Value.Worst(text, part);
            if (text.Kind != ValueKind.Text || part.Kind != ValueKind.Text) return Value.Of(Fault.NoOverload);
            return Value.Of(function switch
            {
                "startsWith" => text.AsText.StartsWith(part.AsText, StringComparison.Ordinal),
                "endsWith" => text.AsText.EndsWith(part.AsText, StringComparison.Ordinal),
                _ => text.AsText.Contains(part.AsText, StringComparison.Ordinal),
            });
        }
    }

    private sealed class List(Evaluator[] items) : Evaluator
    {
        // Lists of literals, the usual case, are made once.
        private readonly Value? constant = items.All(i => i is Constant) ? Value.Of([.. items.Select(i => i.Evaluate([]))]) : null;

        public override Value Evaluate(ReadOnlySpan<Value> slots)
        {
            if (constant is { } list) return list;
            var values = new Value[items.Length];
            Value? worst = null;
            for (var i = 0; i < items.Length; i++)
            {
                values[i] = items[i].Evaluate(slots);
                if (values[i].IsBad) worst = worst is { } before ? Value.Worst(before, values[i]) : values[i];
            }
            return worst ?? Value.Of(values);
        }
    }
}
