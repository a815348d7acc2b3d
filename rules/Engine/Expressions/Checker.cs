using SignalWatch.Contracts;

namespace SignalWatch.Rules.Expressions;

/// <summary>Finds every name and type that does not fit before a rule ever runs. As in CEL, integers and reals do not mix in arithmetic; in comparisons they do
/// (CEL specification, "Equality and ordering"), since facts are reals and people write <c>cc_errors &gt; 0</c>.</summary>
internal sealed class Checker(Scope scope, Slots slots, List<ExpressionProblem> problems)
{
    /// <summary>Checks <paramref name="expression"/> and gives a slot to each variable that it reads.</summary>
    public ExpressionType Check(Syntax expression) => expression switch
    {
        LiteralSyntax literal => TypeOf(literal.Value),
        NameSyntax or MemberSyntax => CheckName(expression),
        CallSyntax call => CheckCall(call),
        NotSyntax not => Expect(not.Operand, ExpressionType.Boolean, ExpressionType.Boolean),
        NegateSyntax negate => CheckNegate(negate),
        BinarySyntax binary => CheckBinary(binary),
        ConditionalSyntax conditional => CheckConditional(conditional),
        ListSyntax list => CheckList(list),
        _ => ExpressionType.Any,
    };

    private static ExpressionType TypeOf(Value value) => value.Kind switch
    {
        ValueKind.Null => ExpressionType.Null,
        ValueKind.Boolean => ExpressionType.Boolean,
        ValueKind.Integer => ExpressionType.Integer,
        ValueKind.Real => ExpressionType.Real,
        ValueKind.Text => ExpressionType.Text,
        _ => ExpressionType.Any,
    };

    private ExpressionType CheckName(Syntax expression)
    {
        if (expression.DottedName is not { } name) return Report(expression.Offset, Texts.NoMembers);
        if (scope.Find(name) is not { } variable) return Report(expression.Offset, Texts.UnknownName(name, scope.Nearest(name)));
        if (variable.Source == VariableSource.Verdict) return Report(expression.Offset, Texts.OnlyInSentences(name));
        return slots.Of(variable) < 0 ? Report(expression.Offset, Texts.TooManyVariables) : variable.Type;
    }

    private ExpressionType CheckCall(CallSyntax call) => (call.Function, call.IsMember, call.Arguments.Count) switch
    {
        ("has", false, 1) => CheckHas(call),
        ("size", _, 1) => Expect(call.Arguments[0], ExpressionType.Integer, ExpressionType.Text, ExpressionType.List),
        ("startsWith" or "endsWith" or "contains", true, 2) => CheckTextCall(call),
        ("has" or "size" or "startsWith" or "endsWith" or "contains", _, _) => ReportArguments(call, Texts.WrongArguments(call.Function)),
        _ => ReportArguments(call, Texts.UnknownFunction(call.Function)),
    };

    // In CEL has() takes a member of a message. Facts are the members of the observation, and stand here without its name.
    private ExpressionType CheckHas(CallSyntax call)
    {
        var argument = call.Arguments[0];
        if (argument.DottedName is null) return Report(argument.Offset, Texts.HasTakesName);
        CheckName(argument);
        return ExpressionType.Boolean;
    }

    private ExpressionType CheckTextCall(CallSyntax call)
    {
        Expect(call.Arguments[0], ExpressionType.Boolean, ExpressionType.Text);
        return Expect(call.Arguments[1], ExpressionType.Boolean, ExpressionType.Text);
    }

    private ExpressionType ReportArguments(CallSyntax call, Text what)
    {
        foreach (var argument in call.Arguments) Check(argument);
        return Report(call.Offset, what);
    }

    private ExpressionType CheckNegate(NegateSyntax negate)
    {
        var type = Check(negate.Operand);
        return type is ExpressionType.Integer or ExpressionType.Real or ExpressionType.Any ? type : Report(negate.Operand.Offset, Texts.WrongType(type, ExpressionType.Real));
    }

    private ExpressionType CheckBinary(BinarySyntax binary)
    {
        if (binary.Operator is BinaryOperator.And or BinaryOperator.Or)
        {
            Expect(binary.Left, ExpressionType.Boolean, ExpressionType.Boolean);
            return Expect(binary.Right, ExpressionType.Boolean, ExpressionType.Boolean);
        }
        var (left, right) = (Check(binary.Left), Check(binary.Right));
        if (left == ExpressionType.Any || right == ExpressionType.Any) return ResultOf(binary.Operator, left == ExpressionType.Any ? right : left);
        var fits = binary.Operator switch
        {
            BinaryOperator.Equal or BinaryOperator.NotEqual => Comparable(left, right),
            BinaryOperator.In => right == ExpressionType.List && InFits(left, binary.Right),
            BinaryOperator.Less or BinaryOperator.LessEqual or BinaryOperator.Greater or BinaryOperator.GreaterEqual =>
                left is not (ExpressionType.Null or ExpressionType.List) && right is not (ExpressionType.Null or ExpressionType.List) && Comparable(left, right),
            BinaryOperator.Add => left == right && left is ExpressionType.Integer or ExpressionType.Real or ExpressionType.Text,
            BinaryOperator.Remainder => left == ExpressionType.Integer && right == ExpressionType.Integer,
            _ => left == right && left is ExpressionType.Integer or ExpressionType.Real,
        };
        if (fits) return ResultOf(binary.Operator, left);
        Report(binary.Offset, Texts.NoOverload(binary.Operator, left, right));
        return ResultOf(binary.Operator, ExpressionType.Any);
    }

    private static bool InFits(ExpressionType left, Syntax list) =>
        list is not ListSyntax literal || literal.Items.All(item => item is not LiteralSyntax constant || Comparable(left, TypeOf(constant.Value)));

    private static ExpressionType ResultOf(BinaryOperator operation, ExpressionType operand) =>
        operation >= BinaryOperator.Add ? operand : ExpressionType.Boolean;

    private static bool Comparable(ExpressionType left, ExpressionType right) =>
        left == right || left == ExpressionType.Null || right == ExpressionType.Null
        || (left is ExpressionType.Integer or ExpressionType.Real && right is ExpressionType.Integer or ExpressionType.Real);

    private ExpressionType CheckConditional(ConditionalSyntax conditional)
    {
        Expect(conditional.Condition, ExpressionType.Boolean, ExpressionType.Boolean);
        var (then, other) = (Check(conditional.Then), Check(conditional.Else));
        if (then == other || other == ExpressionType.Any) return then;
        return then == ExpressionType.Any ? other : Report(conditional.Offset, Texts.BranchesDiffer(then, other));
    }

    private ExpressionType CheckList(ListSyntax list)
    {
        foreach (var item in list.Items) Check(item);
        return ExpressionType.List;
    }

    private ExpressionType Expect(Syntax expression, ExpressionType result, params ReadOnlySpan<ExpressionType> wanted)
    {
        var type = Check(expression);
        if (type != ExpressionType.Any && !wanted.Contains(type)) Report(expression.Offset, Texts.WrongType(type, wanted[0]));
        return result;
    }

    private ExpressionType Report(int offset, Text what)
    {
        problems.Add(new(offset, what));
        return ExpressionType.Any;
    }
}
