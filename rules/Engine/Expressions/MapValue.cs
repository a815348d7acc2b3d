using System.Diagnostics.CodeAnalysis;

namespace SignalWatch.Rules.Expressions;

/// <summary>A map. Keys are truth values, integers, unsigned integers and texts; numbers that are equal are the same key whatever their type (CEL specification, "Equality").</summary>
internal sealed class MapValue
{
    private readonly Dictionary<Value, Value> entries = new(KeyComparer.Instance);

    /// <summary>In the order in which they were added, so that macros give the same lists each time.</summary>
    public List<Value> Keys { get; } = [];

    public int Count => entries.Count;

    public long Weight { get; private set; } = 1;

    public Value this[Value key] => entries[key];

    /// <summary>Adds an entry.</summary>
    /// <returns>Why it can't be added, or null.</returns>
    public Fault? Add(Value key, Value value)
    {
        if (key.Kind is not (ValueKind.Boolean or ValueKind.Integer or ValueKind.Unsigned or ValueKind.Text)) return Fault.NoOverload;
        if (!entries.TryAdd(key, value)) return Fault.DuplicateKey;
        Keys.Add(key);
        Weight += key.Weight + value.Weight;
        return null;
    }

    public bool TryGet(Value key, [MaybeNullWhen(false)] out Value value) => entries.TryGetValue(key, out value);

    private sealed class KeyComparer : IEqualityComparer<Value>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(Value x, Value y) => Operations.AreEqual(x, y);

        public int GetHashCode(Value value) => value.Kind switch
        {
            ValueKind.Integer => value.AsInteger.GetHashCode(),
            ValueKind.Unsigned => unchecked((long)value.AsUnsigned).GetHashCode(),
            ValueKind.Real when value.AsReal is >= -9223372036854775808.0 and < 9223372036854775808.0 => ((long)value.AsReal).GetHashCode(),
            ValueKind.Real when value.AsReal is >= 0 and < 18446744073709551616.0 => unchecked((long)(ulong)value.AsReal).GetHashCode(),
            ValueKind.Text => string.GetHashCode(value.AsText, StringComparison.Ordinal),
            ValueKind.Boolean => value.AsBoolean ? 1 : 2,
            _ => (int)value.Kind,
        };
    }
}
