using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>What a comparison of the files of evidence with the journal found. Bytes are not read: <c>POST /api/v1/evidence/{sha256}/verifications</c> does that, item by item, and records it.</summary>
/// <param name="Files">Files that there are.</param>
/// <param name="Bytes">Their length.</param>
/// <param name="Faults">Items whose file is gone, or has another length.</param>
/// <param name="Strays">Files of which the journal has nothing: one that is being stored now, or whose storing a fall cut short before anybody was told. They are in nobody's way; nothing deletes them.</param>
internal sealed record ObjectReport(int Files, long Bytes, IReadOnlyList<Text> Faults, IReadOnlyList<string> Strays);

/// <summary>Compares the files of evidence with the items that the journal has.</summary>
internal static class ObjectCheck
{
    /// <summary>Compares, beside a collector that may go on storing.</summary>
    /// <param name="objects">The files.</param>
    /// <param name="open">Looks into the journal: after the files were listed, so that no file is thought unknown that was stored in between.</param>
    public static ObjectReport Run(ObjectFiles objects, Func<IDocuments> open)
    {
        var files = objects.All().ToDictionary(f => f.Name, f => f.Length, StringComparer.Ordinal);
        var view = open();
        var (faults, known) = (new List<Text>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (sha256, body) in view.Documents(EvidenceBook.ItemKind))
        {
            known.Add(sha256);
            var size = JsonSerializer.Deserialize<EvidenceItem>(body.Span, WireJson.Options)!.Declared.Size;
            // One that was stored since has a file that was not listed.
            var length = files.TryGetValue(sha256, out var listed) ? listed : objects.Length(sha256);
            if (length is null) faults.Add(new($"证据 {sha256} 的文件不存在", $"the file of evidence {sha256} is gone"));
            else if (length != size) faults.Add(new($"证据 {sha256} 应有 {size} 字节，实有 {length} 字节", $"evidence {sha256} should be {size} bytes, its file has {length}"));
        }
        return new(files.Count, files.Values.Sum(), faults, [.. files.Keys.Where(f => !known.Contains(f)).Order(StringComparer.Ordinal)]);
    }
}
