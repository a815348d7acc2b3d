using SignalWatch.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SignalWatch.Rules.Packs;

/// <summary>A node of a YAML file, with its place.</summary>
internal abstract record YamlNode(Mark Start);

internal sealed record YamlScalar(Mark Start, string Text, ScalarStyle Style) : YamlNode(Start)
{
    /// <summary>A plain <c>null</c>, <c>~</c> or nothing (YAML 1.2 core schema, 10.3.2).</summary>
    public bool IsNull => Style == ScalarStyle.Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record YamlSequence(Mark Start, IReadOnlyList<YamlNode> Items) : YamlNode(Start);

internal sealed record YamlMapping(Mark Start, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries) : YamlNode(Start);

/// <summary>A file of a pack: its text, for the places in it, and its problems so far.</summary>
internal sealed class PackFile(string path, string text, List<PackProblem> problems)
{
    public string Path { get; } = path;

    public void Report(Mark at, Text what) => problems.Add(new(Path, (int)at.Line, (int)at.Column, what));

    public void Report(YamlNode node, Text what) => Report(node.Start, what);

    /// <summary>Reports a problem at a character of a scalar's value. Folding and indentation only change blanks, so the place is found again by counting the other characters.</summary>
    public void Report(YamlScalar scalar, int offset, Text what)
    {
        var index = (int)scalar.Start.Index;
        if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded)
            while (index < text.Length && text[index] != '\n') index++;
        else if (scalar.Style != ScalarStyle.Plain) index++;
        var skip = scalar.Text.AsSpan(0, Math.Min(offset, scalar.Text.Length)).ToString().Count(c => !char.IsWhiteSpace(c));
        while (index < text.Length && (char.IsWhiteSpace(text[index]) || skip > 0))
        {
            if (!char.IsWhiteSpace(text[index])) skip--;
            index++;
        }
        index = Math.Min(index, text.Length);
        var lineStart = index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;
        problems.Add(new(Path, 1 + text.AsSpan(0, lineStart).Count('\n'), index - lineStart + 1, what));
    }
}

/// <summary>Reads YAML into nodes with their places. Anchors, aliases and tags are refused: what a rule says must stand where it is read, and an alias can make a small file endless.</summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 16;

    private readonly PackFile file;
    private readonly Parser parser;
    private bool stopped;

    private YamlReader(PackFile file, string text)
    {
        this.file = file;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The documents of <paramref name="text"/>; what is wrong is reported to <paramref name="file"/> and left out.</summary>
    public static IReadOnlyList<YamlNode> Read(PackFile file, string text)
    {
        var documents = new List<YamlNode>();
        try
        {
            var reader = new YamlReader(file, text);
            reader.Move();
            while (reader.Move() && reader.parser.Current is not StreamEnd)
            {
                if (reader.parser.Current is DocumentStart or DocumentEnd) continue;
                if (reader.Node(0) is { } node) documents.Add(node);
            }
        }
        catch (YamlException broken)
        {
            file.Report(broken.Start, Texts.BadYaml(broken.InnerException?.Message ?? broken.Message));
        }
        catch (InvalidOperationException broken) // the scanner throws it for some unclosed brackets
        {
            file.Report(Mark.Empty, Texts.BadYaml(broken.Message));
        }
        return documents;
    }

    private YamlNode? Node(int depth)
    {
        var start = parser.Current!.Start;
        switch (parser.Current)
        {
            case AnchorAlias:
                file.Report(start, Texts.NoAliases);
                return null;
            case NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false }:
                file.Report(start, Texts.NoAliases);
                break;
        }
        if (depth > MaxDepth)
        {
            file.Report(start, Texts.YamlTooDeep);
            stopped = true; // the rest of such a file is not worth the time that it takes
            return null;
        }
        return parser.Current switch
        {
            Scalar scalar => new YamlScalar(start, scalar.Value, scalar.Style),
            SequenceStart => Sequence(start, depth),
            MappingStart => Mapping(start, depth),
            _ => null,
        };
    }

    private YamlSequence Sequence(Mark start, int depth)
    {
        var items = new List<YamlNode>();
        while (Move() && parser.Current is not SequenceEnd)
            if (Node(depth + 1) is { } item) items.Add(item);
        return new(start, items);
    }

    private YamlMapping Mapping(Mark start, int depth)
    {
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        while (Move() && parser.Current is not MappingEnd)
        {
            var key = Node(depth + 1);
            if (!Move()) break;
            var value = Node(depth + 1);
            if (key is not YamlScalar name) { file.Report(key?.Start ?? start, Texts.KeyIsText); continue; }
            if (entries.Any(e => e.Key.Text == name.Text)) { file.Report(name, Texts.DuplicateKey(name.Text)); continue; }
            if (value is not null) entries.Add(new(name, value));
        }
        return new(start, entries);
    }

    private bool Move() => !stopped && parser.MoveNext();
}
