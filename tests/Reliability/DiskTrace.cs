using System.Text.RegularExpressions;

namespace SignalWatch.Reliability;

/// <summary>What a program asked of a disk, as strace wrote it down, and what of that would be there if the power went now: bytes are on disk after an fsync of their file, names after one of their folder, and nothing else is.</summary>
internal sealed partial class DiskTrace(string top)
{
    private readonly Dictionary<string, string> unfinished = [];
    private readonly Dictionary<string, bool> bytes = new(StringComparer.Ordinal), names = new(StringComparer.Ordinal);

    /// <summary>What strace has to write down.</summary>
    public static string[] Calls { get; } = ["openat", "mkdir", "rename", "write", "pwrite64", "ftruncate", "fsync", "fdatasync"];

    public static DiskTrace Of(string file, string top)
    {
        var trace = new DiskTrace(top);
        // Each line is whole when its call has returned.
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line) trace.Take(line);
        return trace;
    }

    /// <summary>Everything that keeps a path from being there after a power cut; none where it would be.</summary>
    public IEnumerable<string> Lacks(string path)
    {
        if (!names.ContainsKey(path)) yield return $"{path} was never made";
        if (bytes.TryGetValue(path, out var clean) && !clean) yield return $"bytes of {path}";
        for (var at = path; at.Length > top.Length; at = Path.GetDirectoryName(at)!)
            if (names.TryGetValue(at, out var known) && !known) yield return $"name of {at}";
    }

    private void Take(string line)
    {
        if (Line().Match(line) is not { Success: true } match) return;
        var (thread, rest) = (match.Groups[1].Value, match.Groups[2].Value);
        const string Broken = "<unfinished ...>";
        if (rest.EndsWith(Broken, StringComparison.Ordinal)) unfinished[thread] = rest[..^Broken.Length];
        else if (Resumed().Match(rest) is { Success: true } resumed) Done((unfinished.Remove(thread, out var begun) ? begun : "") + resumed.Groups[1].Value);
        else Done(rest);
    }

    private void Done(string call)
    {
        if (Call().Match(call) is not { Success: true } match || match.Groups[3].Value.StartsWith('-')) return;
        var (name, arguments) = (match.Groups[1].Value, match.Groups[2].Value);
        var path = Opened().Match(arguments) is { Success: true } open ? open.Groups[1].Value : "";
        var quoted = Quoted().Matches(arguments);
        switch (name)
        {
            case "mkdir": Named(quoted[0].Groups[1].Value); break;
            case "openat" when arguments.Contains("O_CREAT", StringComparison.Ordinal):
                if (!names.ContainsKey(quoted[0].Groups[1].Value)) Named(quoted[0].Groups[1].Value);
                break;
            case "rename": Moved(quoted[0].Groups[1].Value, quoted[1].Groups[1].Value); break;
            case "write" or "pwrite64" or "ftruncate": bytes[path] = false; break;
            case "fsync" or "fdatasync": Synced(path); break;
        }
    }

    private void Named(string path) => names[path] = false;

    private void Moved(string from, string to)
    {
        names.Remove(from);
        Named(to);
        if (bytes.Remove(from, out var clean)) bytes[to] = clean;
    }

    private void Synced(string path)
    {
        if (bytes.ContainsKey(path)) bytes[path] = true;
        foreach (var name in names.Keys.Where(n => Path.GetDirectoryName(n) == path).ToList()) names[name] = true;
    }

    [GeneratedRegex(@"^(\d+) +(.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>(.*)$")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(\w+)\((.*)\) += (\S+)")]
    private static partial Regex Call();

    [GeneratedRegex(@"^\d+<([^>]*)>")]
    private static partial Regex Opened();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Quoted();
}

/// <summary>Debian's strace: what needs it is loudly skipped where it is absent, and fails there in CI.</summary>
internal static class Strace
{
    public const string Program = "/usr/bin/strace";

    public static string? Skip { get; } = File.Exists(Program) || Environment.GetEnvironmentVariable("CI") == "true" ? null : "SKIPPED: strace is absent; install Debian's strace";
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute() => Skip = Strace.Skip;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceTheoryAttribute : TheoryAttribute
{
    public StraceTheoryAttribute() => Skip = Strace.Skip;
}
