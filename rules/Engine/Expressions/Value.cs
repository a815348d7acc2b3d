namespace SignalWatch.Rules.Expressions;

/// <summary>What a value is. The order of the first two is that of precedence where several are bad: unknown wins over error (CEL specification, "Partial evaluation").</summary>
internal enum ValueKind : byte { Unknown, Error, Null, Boolean, Integer, Real, Text, List }

/// <summary>Why an expression has no value although all its facts are known (CEL specification, "Runtime errors").</summary>
internal enum Fault : byte { NoOverload, DivisionByZero, Overflow }

/// <summary>A value of the expression language. Unknown carries the set of slots that were missing, so that a verdict can name them.
/// A struct, so that evaluating a rule on each observation allocates nothing.</summary>
internal readonly struct Value
{
    private readonly long bits;
    private readonly object? reference;

    private Value(ValueKind kind, long bits, object? reference = null) => (Kind, this.bits, this.reference) = (kind, bits, reference);

    public ValueKind Kind { get; }

    public static Value Null { get; } = new(ValueKind.Null, 0);

    public static Value Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static Value Of(long value) => new(ValueKind.Integer, value);

    public static Value Of(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static Value Of(string value) => new(ValueKind.Text, 0, value);

    public static Value Of(Value[] items) => new(ValueKind.List, 0, items);

    public static Value Of(Fault fault) => new(ValueKind.Error, (long)fault);

    /// <summary>Unknown, because of these slots: bit n is slot n.</summary>
    public static Value Missing(ulong slots) => new(ValueKind.Unknown, (long)slots);

    public bool AsBoolean => bits != 0;

    public long AsInteger => bits;

    public double AsReal => BitConverter.Int64BitsToDouble(bits);

    public string AsText => (string)reference!;

    public ReadOnlySpan<Value> AsList => (Value[])reference!;

    public Fault AsFault => (Fault)bits;

    public ulong MissingSlots => Kind == ValueKind.Unknown ? (ulong)bits : 0;

    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Real;

    public bool IsTrue => Kind == ValueKind.Boolean && bits != 0;

    public bool IsFalse => Kind == ValueKind.Boolean && bits == 0;

    /// <summary>True where the value is unknown or an error: strict operators pass it on.</summary>
    public bool IsBad => Kind <= ValueKind.Error;

    /// <summary>The number, whichever of the two types it has; only for numbers.</summary>
    public double ToDouble() => Kind == ValueKind.Integer ? bits : AsReal;

    /// <summary>What a strict operator gives when at least one of its operands is bad: all missing slots together, else the first error.</summary>
    public static Value Worst(Value left, Value right)
    {
        if (left.Kind == ValueKind.Unknown || right.Kind == ValueKind.Unknown) return Missing(left.MissingSlots | right.MissingSlots);
        return left.Kind == ValueKind.Error ? left : right;
    }
}
