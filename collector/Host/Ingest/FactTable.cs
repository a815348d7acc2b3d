using System.Collections;
using System.Diagnostics.CodeAnalysis;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Ingest;

/// <summary>The names of an observation's facts, in order: thousands of observations share one list, so that each has only its values.</summary>
internal sealed class FactNames
{
    private readonly string[] names;
    private readonly Dictionary<string, int> indexOf;

    /// <summary>A list of names, none twice.</summary>
    public FactNames(string[] names)
    {
        this.names = names;
        indexOf = new(names.Length, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++) indexOf.Add(names[i], i);
    }

    public int Count => names.Length;

    public ReadOnlySpan<string> All => names;

    /// <summary>Where a name is; -1 where it is not.</summary>
    public int IndexOf(string name) => indexOf.GetValueOrDefault(name, -1);
}

/// <summary>An observation's facts: a shared list of names and its own values.</summary>
/// <param name="names">The names.</param>
/// <param name="values">A value for each.</param>
internal sealed class FactTable(FactNames names, Fact[] values) : IReadOnlyDictionary<string, Fact>
{
    public FactNames Names => names;

    /// <summary>The values, in the order of the names.</summary>
    public ReadOnlySpan<Fact> Span => values;

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => names.All.ToArray();

    /// <inheritdoc/>
    public IEnumerable<Fact> Values => values;

    /// <inheritdoc/>
    public Fact this[string key] => TryGetValue(key, out var fact) ? fact : throw new KeyNotFoundException($"there is no fact {key}");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => names.IndexOf(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Fact value)
    {
        var index = names.IndexOf(key);
        value = index >= 0 ? values[index] : default;
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Fact>> GetEnumerator()
    {
        for (var i = 0; i < values.Length; i++) yield return new(names.All[i], values[i]);
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
