namespace SignalWatch.Rules.Expressions;

/// <summary>The strict operators on known values, with CEL's errors: overflow of integers, division by zero, no overload (CEL specification, "Standard definitions").</summary>
internal static class Operations
{
    public static Value Apply(BinaryOperator operation, Value a, Value b) => operation switch
    {
        BinaryOperator.Equal => Value.Of(AreEqual(a, b)),
        BinaryOperator.NotEqual => Value.Of(!AreEqual(a, b)),
        BinaryOperator.In => b.Kind == ValueKind.List ? Value.Of(Contains(b.AsList, a)) : b.Kind == ValueKind.Map ? Value.Of(b.AsMap.TryGet(a, out _)) : Value.Of(Fault.NoOverload),
        < BinaryOperator.Equal => Order(operation, a, b),
        _ => Arithmetic(operation, a, b),
    };

    /// <summary>Number of Unicode code points: what <c>size()</c> of a text is in CEL.</summary>
    public static long CodePoints(string text)
    {
        var count = 0L;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    public static bool AreEqual(Value a, Value b)
    {
        if (a.IsNumber && b.IsNumber) return Compare(a, b) == 0;
        if (a.Kind != b.Kind) return false;
        return a.Kind switch
        {
            ValueKind.Text => string.Equals(a.AsText, b.AsText, StringComparison.Ordinal),
            ValueKind.Boolean => a.AsBoolean == b.AsBoolean,
            ValueKind.List => ListsEqual(a.AsList, b.AsList),
            ValueKind.Bytes => a.AsBytes.AsSpan().SequenceEqual(b.AsBytes),
            ValueKind.Map => MapsEqual(a.AsMap, b.AsMap),
            ValueKind.Timestamp => a.AsSeconds == b.AsSeconds && a.AsNanos == b.AsNanos,
            ValueKind.Duration => a.AsDuration == b.AsDuration,
            ValueKind.Type => a.AsTypeName == b.AsTypeName,
            _ => true,
        };
    }

    private static bool ListsEqual(ReadOnlySpan<Value> a, ReadOnlySpan<Value> b)
    {
        if (a.Length != b.Length) return false;
        for (var i = 0; i < a.Length; i++) if (!AreEqual(a[i], b[i])) return false;
        return true;
    }

    private static bool MapsEqual(MapValue a, MapValue b) =>
        a.Count == b.Count && a.Keys.TrueForAll(key => b.TryGet(key, out var other) && AreEqual(a[key], other));

    private static bool Contains(ReadOnlySpan<Value> list, Value item)
    {
        foreach (var candidate in list) if (AreEqual(candidate, item)) return true;
        return false;
    }

    private static Value Order(BinaryOperator operation, Value a, Value b)
    {
        int? order = (a.Kind, b.Kind) switch
        {
            (ValueKind.Text, ValueKind.Text) => CompareTexts(a.AsText, b.AsText),
            (ValueKind.Bytes, ValueKind.Bytes) => a.AsBytes.AsSpan().SequenceCompareTo(b.AsBytes),
            (ValueKind.Timestamp, ValueKind.Timestamp) => TimeFunctions.Nanoseconds(a).CompareTo(TimeFunctions.Nanoseconds(b)),
            (ValueKind.Duration, ValueKind.Duration) => a.AsDuration.CompareTo(b.AsDuration),
            (ValueKind.Boolean, ValueKind.Boolean) => a.AsBoolean.CompareTo(b.AsBoolean),
            _ when a.IsNumber && b.IsNumber => Compare(a, b),
            _ => null,
        };
        if (order is null && !(a.IsNumber && b.IsNumber)) return Value.Of(Fault.NoOverload);
        return Value.Of(operation switch
        {
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        });
    }

    /// <summary>Order of two numbers as if without limit of precision; null where one is not a number (NaN compares with nothing).</summary>
    private static int? Compare(Value a, Value b)
    {
        if (a.Kind == ValueKind.Integer && b.Kind == ValueKind.Integer) return a.AsInteger.CompareTo(b.AsInteger);
        if (a.Kind != ValueKind.Real && b.Kind != ValueKind.Real) return Whole(a).CompareTo(Whole(b));
        if (a.Kind != ValueKind.Real) return CompareMixed(Whole(a), b.AsReal, a.Kind == ValueKind.Unsigned);
        if (b.Kind != ValueKind.Real) return -CompareMixed(Whole(b), a.AsReal, b.Kind == ValueKind.Unsigned);
        return double.IsNaN(a.AsReal) || double.IsNaN(b.AsReal) ? null : a.AsReal < b.AsReal ? -1 : a.AsReal > b.AsReal ? 1 : 0;
    }

    private static Int128 Whole(Value value) => value.Kind == ValueKind.Unsigned ? value.AsUnsigned : value.AsInteger;

    /// <summary>As the reference implementations compare: beyond the range of the integer's type by the range, within it as doubles. 2^53 + 1 and 2^53 are therefore equal where one of them is a double.</summary>
    private static int? CompareMixed(Int128 integer, double real, bool isUnsigned)
    {
        if (double.IsNaN(real)) return null;
        if (real > (isUnsigned ? 18446744073709551616.0 : 9223372036854775808.0)) return -1;
        return real < (isUnsigned ? 0.0 : -9223372036854775808.0) ? 1 : ((double)integer).CompareTo(real);
    }

    /// <summary>By code points, as CEL orders texts; UTF-16 units would put the rarer Chinese characters before some of the common forms.</summary>
    private static int CompareTexts(string a, string b)
    {
        var (left, right) = (a.EnumerateRunes(), b.EnumerateRunes());
        while (true)
        {
            bool more = left.MoveNext(), others = right.MoveNext();
            if (!more || !others) return more.CompareTo(others);
            var order = left.Current.Value.CompareTo(right.Current.Value);
            if (order != 0) return order;
        }
    }

    private static Value Arithmetic(BinaryOperator operation, Value a, Value b) => (a.Kind, b.Kind, operation) switch
    {
        (ValueKind.Integer, ValueKind.Integer, _) => Integers(operation, a.AsInteger, b.AsInteger),
        (ValueKind.Real, ValueKind.Real, not BinaryOperator.Remainder) => Value.Of(operation switch
        {
            BinaryOperator.Add => a.AsReal + b.AsReal,
            BinaryOperator.Subtract => a.AsReal - b.AsReal,
            BinaryOperator.Multiply => a.AsReal * b.AsReal,
            _ => a.AsReal / b.AsReal,
        }),
        (ValueKind.Unsigned, ValueKind.Unsigned, _) => Unsigned(operation, a.AsUnsigned, b.AsUnsigned),
        (ValueKind.Bytes, ValueKind.Bytes, BinaryOperator.Add) => Value.Of((byte[])[.. a.AsBytes, .. b.AsBytes]),
        (ValueKind.List, ValueKind.List, BinaryOperator.Add) => Value.Of((Value[])[.. a.AsList, .. b.AsList]),
        (ValueKind.Timestamp, ValueKind.Duration, BinaryOperator.Add) => TimeFunctions.Add(a, b.AsDuration),
        (ValueKind.Duration, ValueKind.Timestamp, BinaryOperator.Add) => TimeFunctions.Add(b, a.AsDuration),
        (ValueKind.Timestamp, ValueKind.Duration, BinaryOperator.Subtract) => TimeFunctions.Add(a, -(Int128)b.AsDuration),
        (ValueKind.Timestamp, ValueKind.Timestamp, BinaryOperator.Subtract) => TimeFunctions.Duration(TimeFunctions.Nanoseconds(a) - TimeFunctions.Nanoseconds(b)),
        (ValueKind.Duration, ValueKind.Duration, BinaryOperator.Add) => TimeFunctions.Duration((Int128)a.AsDuration + b.AsDuration),
        (ValueKind.Duration, ValueKind.Duration, BinaryOperator.Subtract) => TimeFunctions.Duration((Int128)a.AsDuration - b.AsDuration),
        (ValueKind.Text, ValueKind.Text, BinaryOperator.Add) => Value.Of(a.AsText + b.AsText),
        _ => Value.Of(Fault.NoOverload),
    };

    private static Value Unsigned(BinaryOperator operation, ulong a, ulong b)
    {
        if (operation is BinaryOperator.Divide or BinaryOperator.Remainder)
            return b == 0 ? Value.Of(Fault.DivisionByZero) : Value.Of(operation == BinaryOperator.Divide ? a / b : a % b);
        if (operation == BinaryOperator.Subtract) return a < b ? Value.Of(Fault.Overflow) : Value.Of(a - b);
        var exact = operation == BinaryOperator.Add ? (UInt128)a + b : (UInt128)a * b;
        return exact > ulong.MaxValue ? Value.Of(Fault.Overflow) : Value.Of((ulong)exact);
    }

    private static Value Integers(BinaryOperator operation, long a, long b)
    {
        if (operation is BinaryOperator.Divide or BinaryOperator.Remainder)
        {
            if (b == 0) return Value.Of(Fault.DivisionByZero);
            if (b == -1 && a == long.MinValue) return Value.Of(Fault.Overflow);
            return Value.Of(operation == BinaryOperator.Divide ? a / b : a % b);
        }
        var exact = operation switch
        {
            BinaryOperator.Add => (Int128)a + b,
            BinaryOperator.Subtract => (Int128)a - b,
            _ => (Int128)a * b,
        };
        return exact < long.MinValue || exact > long.MaxValue ? Value.Of(Fault.Overflow) : Value.Of((long)exact);
    }
}
