using System.Xml.Linq;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Two documents of tables, element by element: each difference with its path. The order of attributes means nothing, the order of elements does.</summary>
internal static class TablesComparison
{
    public static IReadOnlyList<string> Differences(XElement ours, XElement theirs)
    {
        var found = new List<string>();
        Compare(ours, theirs, "/" + theirs.Name.LocalName, found);
        return found;
    }

    private static void Compare(XElement ours, XElement theirs, string path, List<string> found)
    {
        foreach (var name in ours.Attributes().Concat(theirs.Attributes()).Select(attribute => attribute.Name).Distinct())
        {
            var (our, their) = (ours.Attribute(name)?.Value, theirs.Attribute(name)?.Value);
            if (our != their) found.Add($"{path}/@{name}: ours {our ?? "nothing"}, theirs {their ?? "nothing"}");
        }
        var (ourText, theirText) = (Text(ours), Text(theirs));
        if (ourText != theirText) found.Add($"{path}: ours '{ourText}', theirs '{theirText}'");
        XElement[] ourChildren = [.. ours.Elements()], theirChildren = [.. theirs.Elements()];
        for (var i = 0; i < Math.Max(ourChildren.Length, theirChildren.Length); i++)
        {
            var (our, their) = (ourChildren.ElementAtOrDefault(i), theirChildren.ElementAtOrDefault(i));
            var name = $"{path}/{(their ?? our)!.Name.LocalName}[{i}]";
            if (our is null || their is null) found.Add($"{name}: ours {our?.Name.LocalName ?? "nothing"}, theirs {their?.Name.LocalName ?? "nothing"}");
            else if (our.Name != their.Name) found.Add($"{name}: ours {our.Name.LocalName}");
            else Compare(our, their, name, found);
        }
    }

    private static string Text(XElement element) =>
        string.Join(' ', string.Concat(element.Nodes().OfType<XText>().Select(text => text.Value)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
