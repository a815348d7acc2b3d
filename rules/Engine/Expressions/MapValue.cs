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
            // Numbers that are equal across types have one hash: they are compared as doubles.
            ValueKind.Integer => ((double)value.AsInteger).GetHashCode(),
            ValueKind.Unsigned => ((double)value.AsUnsigned).GetHashCode(),
            ValueKind.Real => (value.AsReal + 0.0).GetHashCode(), // −0 as 0
            ValueKind.Text => string.GetHashCode(value.AsText, StringComparison.Ordinal),
            ValueKind.Boolean => value.AsBoolean ? 1 : 2,
            _ => (int)value.Kind,
        };
    }
}
