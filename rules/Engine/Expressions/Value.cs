namespace SignalWatch.Rules.Expressions;

/// <summary>What a value is. The order of the first two is that of precedence where several are bad: unknown wins over error (CEL specification, "Partial evaluation").</summary>
internal enum ValueKind : byte { Unknown, Error, Null, Boolean, Integer, Real, Text, List, Unsigned, Bytes, Map, Timestamp, Duration, Type }

/// <summary>Why an expression has no value although all its facts are known (CEL specification, "Runtime errors").</summary>
internal enum Fault : byte { NoOverload, DivisionByZero, Overflow, NoSuchKey, OutOfRange, BadConversion, DuplicateKey, UnknownName, CostExceeded }

/// <summary>A value of the expression language. Unknown carries the set of slots that were missing, so that a verdict can name them.
/// A struct, so that evaluating a rule on each observation allocates nothing.</summary>
internal readonly struct Value
{
    private readonly long bits;
    private readonly object? reference;

    private readonly int nanos;

    private Value(ValueKind kind, long bits, object? reference = null, int nanos = 0) => (Kind, this.bits, this.reference, this.nanos) = (kind, bits, reference, nanos);

    public ValueKind Kind { get; }

    public static Value Null { get; } = new(ValueKind.Null, 0);

    public static Value Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static Value Of(long value) => new(ValueKind.Integer, value);

    public static Value Of(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static Value Of(string value) => new(ValueKind.Text, 0, value);

    public static Value Of(ulong value) => new(ValueKind.Unsigned, unchecked((long)value));

    public static Value Of(byte[] value) => new(ValueKind.Bytes, 0, value);

    public static Value Of(Value[] items) => new(ValueKind.List, WeightOf(items), items);

    public static Value Of(MapValue map) => new(ValueKind.Map, map.Weight, map);

    /// <summary>A type, by its name in CEL.</summary>
    public static Value OfType(string name) => new(ValueKind.Type, 0, name);

    /// <summary>A moment: seconds since 1970 UTC and nanoseconds of the second.</summary>
    public static Value OfTimestamp(long seconds, int nanoseconds) => new(ValueKind.Timestamp, seconds, null, nanoseconds);

    /// <summary>A duration in nanoseconds: 64 bits of them, some 292 years either way.</summary>
    public static Value OfDuration(long nanoseconds) => new(ValueKind.Duration, nanoseconds);

    public static Value Of(Fault fault) => new(ValueKind.Error, (long)fault);

    /// <summary>Unknown, because of these slots: bit n is slot n.</summary>
    public static Value Missing(ulong slots) => new(ValueKind.Unknown, (long)slots);

    public bool AsBoolean => bits != 0;

    public long AsInteger => bits;

    public double AsReal => BitConverter.Int64BitsToDouble(bits);

    public string AsText => (string)reference!;

    public ReadOnlySpan<Value> AsList => (Value[])reference!;

    public ulong AsUnsigned => unchecked((ulong)bits);

    public byte[] AsBytes => (byte[])reference!;

    public MapValue AsMap => (MapValue)reference!;

    public string AsTypeName => (string)reference!;

    /// <summary>Seconds since 1970 UTC, of a timestamp.</summary>
    public long AsSeconds => bits;

    /// <summary>Nanoseconds of the second, of a timestamp.</summary>
    public int AsNanos => nanos;

    /// <summary>Nanoseconds, of a duration.</summary>
    public long AsDuration => bits;

    public Fault AsFault => (Fault)bits;

    public ulong MissingSlots => Kind == ValueKind.Unknown ? (ulong)bits : 0;

    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Real or ValueKind.Unsigned;

    public bool IsTrue => Kind == ValueKind.Boolean && bits != 0;

    public bool IsFalse => Kind == ValueKind.Boolean && bits == 0;

    /// <summary>True where the value is unknown or an error: strict operators pass it on.</summary>
    public bool IsBad => Kind <= ValueKind.Error;

    /// <summary>The number, whichever of the two types it has; only for numbers.</summary>
    public double ToDouble() => Kind switch { ValueKind.Integer => bits, ValueKind.Unsigned => AsUnsigned, _ => AsReal };

    /// <summary>What it costs to copy or compare this value. A list's weight holds those of its items, so that a list that shares an item a million times is as dear as it looks.</summary>
    public long Weight => Kind switch
    {
        ValueKind.Text => 1 + AsText.Length / 8,
        ValueKind.Bytes => 1 + AsBytes.Length / 8,
        ValueKind.List or ValueKind.Map => bits,
        _ => 1,
    };

    private static long WeightOf(Value[] items)
    {
        var weight = 1L;
        foreach (var item in items) weight += item.Weight;
        return weight;
    }

    /// <summary>What a strict operator gives when at least one of its operands is bad: all missing slots together, else the first error.</summary>
    public static Value Worst(Value left, Value right)
    {
        if (left.Kind == ValueKind.Unknown || right.Kind == ValueKind.Unknown) return Missing(left.MissingSlots | right.MissingSlots);
        return left.Kind == ValueKind.Error ? left : right;
    }
}
