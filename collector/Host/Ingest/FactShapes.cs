using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Ingest;

/// <summary>The lists of names that facts came with, as a tree for each kind: a probe says the same names in the same order again and again, so that the next name is nearly always the one that
/// followed last time, and is recognised by its bytes. Bounded: a tree that grows too large begins anew.</summary>
internal sealed class FactShapes
{
    private const int MostNodes = 4_096;
    private const int MostBranches = 64; // they are looked through one by one

    private readonly Dictionary<string, Node> roots = new(StringComparer.Ordinal);
    private int nodes;

    /// <summary>Names that are remembered, each behind those before it.</summary>
    public int Count => nodes;

    /// <summary>Before the first name of an observation of that kind.</summary>
    public Node Begin(string kind)
    {
        if (nodes > MostNodes)
        {
            roots.Clear();
            nodes = 0;
        }
        if (roots.TryGetValue(kind, out var root)) return root;
        nodes++;
        return roots[kind] = new(null, "", [], null);
    }

    /// <summary>The next name.</summary>
    /// <param name="at">After this one.</param>
    /// <param name="name">Its bytes, valid UTF-8 without escapes.</param>
    /// <param name="kind">The vocabulary's entry; null where it has none.</param>
    public Node Next(Node at, ReadOnlySpan<byte> name, ObservationKind? kind)
    {
        if (at.Find(name) is { } known) return known;
        nodes++;
        var text = Encoding.UTF8.GetString(name);
        var definition = kind?.Fact(text);
        return at.Add(definition?.Name ?? text, name.ToArray(), definition?.Type);
    }

    /// <summary>A name, behind those before it.</summary>
    internal sealed class Node(Node? before, string name, byte[] bytes, FactType? type)
    {
        private readonly List<Node> next = [];
        private Node? last;
        private FactNames? names;

        /// <summary>The type that the vocabulary gives it; null where it gives none.</summary>
        public FactType? Type => type;

        public int Length { get; } = before is null ? 0 : before.Length + 1;

        /// <summary>The names up to this one; null where one of them is there twice.</summary>
        public FactNames? Names => names ??= Gather();

        public Node? Find(ReadOnlySpan<byte> wanted)
        {
            if (last is not null && last.Is(wanted)) return last;
            foreach (var node in next)
                if (node.Is(wanted)) return last = node;
            return null;
        }

        public Node Add(string text, byte[] utf8, FactType? kind)
        {
            if (next.Count == MostBranches) next.Clear();
            next.Add(last = new(this, text, utf8, kind));
            return last;
        }

        private bool Is(ReadOnlySpan<byte> wanted) => bytes.AsSpan().SequenceEqual(wanted);

        private FactNames? Gather()
        {
            var all = new string[Length];
            for (var (node, i) = (this, Length - 1); i >= 0; (node, i) = (node.Before!, i - 1)) all[i] = node.Name;
            return all.Distinct(StringComparer.Ordinal).Count() == all.Length ? new(all) : null;
        }

        private Node? Before => before;

        private string Name => name;
    }
}
