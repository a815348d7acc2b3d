using SignalWatch.Contracts;

namespace SignalWatch.Rules.Expressions;

/// <summary>Finds every name and type that does not fit before a rule ever runs. As in CEL, integers and reals do not mix in arithmetic; in comparisons they do
/// (CEL specification, "Equality and ordering"), since facts are reals and people write <c>cc_errors &gt; 0</c>.</summary>
internal sealed class Checker(Scope scope, Slots slots, List<ExpressionProblem> problems)
{
    private readonly List<string> locals = [];

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
        MapSyntax map => CheckMap(map),
        IndexSyntax index => CheckIndex(index),
        MacroSyntax macro => CheckMacro(macro),
        _ => ExpressionType.Any,
    };

    public static ExpressionType TypeOf(Value value) => value.Kind switch
    {
        ValueKind.Null => ExpressionType.Null,
        ValueKind.Boolean => ExpressionType.Boolean,
        ValueKind.Integer => ExpressionType.Integer,
        ValueKind.Real => ExpressionType.Real,
        ValueKind.Text => ExpressionType.Text,
        ValueKind.List => ExpressionType.List,
        ValueKind.Unsigned => ExpressionType.Unsigned,
        ValueKind.Bytes => ExpressionType.Bytes,
        ValueKind.Map => ExpressionType.Map,
        _ => ExpressionType.Any,
    };

    private ExpressionType CheckName(Syntax expression)
    {
        if (expression is NameSyntax { IsAbsolute: false } local && locals.Contains(local.Identifier)) return ExpressionType.Any;
        var name = IsOfLocal(expression) ? null : expression.DottedName;
        if (name is null || scope.Find(name) is not { } variable)
        {
            if (name is not null && TypeNames.Contains(name)) return ExpressionType.Type;
            if (expression is not MemberSyntax member || (name is not null && !StartsKnown(member.Target))) return Report(expression.Offset, Texts.UnknownName(name!, scope.Nearest(name!)));
            var target = Check(member.Target);
            return target is ExpressionType.Any or ExpressionType.Map ? ExpressionType.Any : Report(expression.Offset, Texts.NoMembers);
        }
        if (variable.Source == VariableSource.Verdict) return Report(expression.Offset, Texts.OnlyInSentences(name));
        return slots.Of(variable) < 0 ? Report(expression.Offset, Texts.TooManyVariables) : variable.Type;
    }

    private bool IsOfLocal(Syntax expression) => expression.Root is { IsAbsolute: false } root && locals.Contains(root.Identifier);

    /// <summary>Whether some beginning of the dotted name is a variable, so that the rest are members.</summary>
    private bool StartsKnown(Syntax expression) =>
        (expression.DottedName is { } name && scope.Find(name) is not null) || (expression is MemberSyntax member && StartsKnown(member.Target));

    private ExpressionType CheckCall(CallSyntax call)
    {
        if (call is { Function: "has", IsMember: false, Arguments.Count: 1 }) return CheckHas(call);
        if (Functions.Find(call.Function, call.IsMember, call.Arguments.Count) is not { } function)
            return ReportArguments(call, Functions.Exists(call.Function) ? Texts.WrongArguments(call.Function) : Texts.UnknownFunction(call.Function));
        CheckArgument(call.Arguments[0], function.First);
        if (call.Arguments.Count > 1) CheckArgument(call.Arguments[1], function.Second);
        return function.Result;
    }

    private void CheckArgument(Syntax argument, ExpressionType[] wanted)
    {
        if (wanted.Length == 0) Check(argument); else Expect(argument, ExpressionType.Any, wanted);
    }

    // In CEL has() takes a member of a message. Facts are the members of the observation, and stand here without its name.
    private ExpressionType CheckHas(CallSyntax call)
    {
        var argument = call.Arguments[0];
        if (argument is not (NameSyntax or MemberSyntax)) return Report(argument.Offset, Texts.HasTakesName);
        CheckName(argument);
        return ExpressionType.Boolean;
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
        if (left == ExpressionType.Any || right == ExpressionType.Any) return binary.Operator >= BinaryOperator.Add && (IsTime(left) || IsTime(right)) ? ExpressionType.Any : ResultOf(binary.Operator, left == ExpressionType.Any ? right : left);
        var fits = binary.Operator switch
        {
            BinaryOperator.Equal or BinaryOperator.NotEqual => Comparable(left, right),
            BinaryOperator.In => right == ExpressionType.Map || (right == ExpressionType.List && InFits(left, binary.Right)),
            BinaryOperator.Less or BinaryOperator.LessEqual or BinaryOperator.Greater or BinaryOperator.GreaterEqual =>
                left is not (ExpressionType.Null or ExpressionType.List or ExpressionType.Map or ExpressionType.Type) && right is not (ExpressionType.Null or ExpressionType.List) && Comparable(left, right),
            BinaryOperator.Add or BinaryOperator.Subtract when IsTime(left) || IsTime(right) => TimeResult(binary.Operator, left, right) != ExpressionType.Any,
            BinaryOperator.Add => left == right && left is ExpressionType.Integer or ExpressionType.Unsigned or ExpressionType.Real or ExpressionType.Text or ExpressionType.Bytes or ExpressionType.List,
            BinaryOperator.Remainder => left == right && left is ExpressionType.Integer or ExpressionType.Unsigned,
            _ => left == right && left is ExpressionType.Integer or ExpressionType.Unsigned or ExpressionType.Real,
        };
        if (fits && binary.Operator >= BinaryOperator.Add && (IsTime(left) || IsTime(right))) return TimeResult(binary.Operator, left, right);
        if (fits) return ResultOf(binary.Operator, left);
        Report(binary.Offset, Texts.NoOverload(binary.Operator, left, right));
        return ResultOf(binary.Operator, ExpressionType.Any);
    }

    private static bool IsTime(ExpressionType type) => type is ExpressionType.Timestamp or ExpressionType.Duration;

    private static ExpressionType TimeResult(BinaryOperator operation, ExpressionType left, ExpressionType right) => (operation, left, right) switch
    {
        (_, ExpressionType.Duration, ExpressionType.Duration) => ExpressionType.Duration,
        (_, ExpressionType.Timestamp, ExpressionType.Duration) => ExpressionType.Timestamp,
        (BinaryOperator.Add, ExpressionType.Duration, ExpressionType.Timestamp) => ExpressionType.Timestamp,
        (BinaryOperator.Subtract, ExpressionType.Timestamp, ExpressionType.Timestamp) => ExpressionType.Duration,
        _ => ExpressionType.Any,
    };

    // A list may be mixed; one in which nothing could ever be equal is a mistake.
    private static bool InFits(ExpressionType left, Syntax list) =>
        list is not ListSyntax { Items.Count: > 0 } literal || literal.Items.Any(item => item is not LiteralSyntax constant || Comparable(left, TypeOf(constant.Value)));

    private static ExpressionType ResultOf(BinaryOperator operation, ExpressionType operand) =>
        operation >= BinaryOperator.Add ? operand : ExpressionType.Boolean;

    private static bool Comparable(ExpressionType left, ExpressionType right) =>
        left == right || left == ExpressionType.Null || right == ExpressionType.Null
        || (IsNumber(left) && IsNumber(right));

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

    private static bool IsNumber(ExpressionType type) => type is ExpressionType.Integer or ExpressionType.Real or ExpressionType.Unsigned;

    private ExpressionType CheckMap(MapSyntax map)
    {
        foreach (var (key, value) in map.Entries)
        {
            Expect(key, ExpressionType.Map, ExpressionType.Text, ExpressionType.Integer, ExpressionType.Unsigned, ExpressionType.Boolean);
            Check(value);
        }
        return ExpressionType.Map;
    }

    private ExpressionType CheckIndex(IndexSyntax index)
    {
        Expect(index.Target, ExpressionType.Any, ExpressionType.List, ExpressionType.Map);
        Check(index.Index);
        return ExpressionType.Any;
    }

    private ExpressionType CheckMacro(MacroSyntax macro)
    {
        Expect(macro.Range, ExpressionType.Any, ExpressionType.List, ExpressionType.Map);
        locals.Add(macro.Variable);
        if (macro.Filter is { } filter) Expect(filter, ExpressionType.Boolean, ExpressionType.Boolean);
        if (macro.Macro == Macro.Map) Check(macro.Body); else Expect(macro.Body, ExpressionType.Boolean, ExpressionType.Boolean);
        locals.RemoveAt(locals.Count - 1);
        return macro.Macro is Macro.Map or Macro.Filter ? ExpressionType.List : ExpressionType.Boolean;
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
