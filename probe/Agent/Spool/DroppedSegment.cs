using System.Globalization;

namespace SignalWatch.Probe.Spool;

/// <summary>What is left of a segment that had to go until its gap is on disk: its header under a name that has the numbers, <c>FROM-TO.gap</c>. To rename and to shorten takes no room, so that even on a full disk an end at any moment leaves no gap that nobody knows of.</summary>
internal static class DroppedSegment
{
    private const string Ending = ".gap";

    /// <summary>Makes one of a segment. A damaged one keeps its bytes: it is evidence of what happened.</summary>
    public static void Make(Segment segment, long from)
    {
        try
        {
            var left = Path.Combine(Path.GetDirectoryName(segment.File)!, string.Create(CultureInfo.InvariantCulture, $"{from:D19}-{segment.Last:D19}{Ending}"));
            File.Move(segment.File, left, overwrite: true);
            if (segment.Damaged) return;
            using var stream = new FileStream(left, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.SetLength(SegmentFile.HeaderBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Found again at the next start, and sent again or told again.
        }
    }

    /// <summary>What is left in a folder, in the order of the numbers.</summary>
    public static IReadOnlyList<(string File, long From, long To)> In(string folder)
    {
        List<(string, long, long)> found = [];
        foreach (var file in Directory.GetFiles(folder, "*" + Ending).Order(StringComparer.Ordinal))
        {
            var numbers = Path.GetFileNameWithoutExtension(file).Split('-');
            if (numbers.Length == 2 && Number(numbers[0]) is { } from && Number(numbers[1]) is { } to && from > 0 && from <= to) found.Add((file, from, to));
        }
        return found;
    }

    /// <summary>Removes what is left in a folder: its gaps are on disk.</summary>
    public static void Forget(string folder)
    {
        try
        {
            foreach (var (file, from, _) in In(folder))
            {
                if (new FileInfo(file).Length <= SegmentFile.HeaderBytes) File.Delete(file);
                else File.Move(file, Path.Combine(folder, Path.ChangeExtension(SegmentFile.Name(from), ".damaged")), overwrite: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Told once more at the next start.
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
