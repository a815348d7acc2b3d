using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Rules.Packs;

namespace SignalWatch.Rules;

/// <summary>What reading a pack gave: the pack, or everything that is wrong with it.</summary>
/// <param name="Pack">The pack; null where there is a problem.</param>
/// <param name="Problems">All problems, by file and place.</param>
public sealed record PackReading(RulePack? Pack, IReadOnlyList<PackProblem> Problems);

/// <summary>A rule pack: a folder of text with <c>pack.yaml</c>, <c>rules/</c>, <c>parameters/</c> and <c>tests/</c>, all <c>*.yaml</c>. Immutable.</summary>
public sealed class RulePack
{
    private const int MaxFileBytes = 1 << 20;

    internal RulePack(IReadOnlyList<PackTest> tests) => Tests = tests;

    /// <summary>Its id: <c>demonstration</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its version: <c>1.0.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Its title.</summary>
    public required Text Title { get; init; }

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>First moment at which it is in force; observations from before are not judged by it.</summary>
    public required DateTimeOffset Effective { get; init; }

    /// <summary>SHA-256 over the files that decide (all but the tests), lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>The rules, by id.</summary>
    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>The parameters, by name.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    /// <summary><c>demonstration@1.0.0</c>.</summary>
    public string Name => $"{Id}@{Version}";

    internal IReadOnlyList<PackTest> Tests { get; }

    /// <summary>The rule of that id, or null.</summary>
    public Rule? Rule(RuleId id) => Rules.FirstOrDefault(r => r.Id == id);

    /// <summary>Reads a pack that must be right.</summary>
    /// <param name="folder">The pack's folder.</param>
    /// <exception cref="ProblemException"><c>rules.pack-invalid</c>, with every problem by file, line and column.</exception>
    public static RulePack Load(string folder)
    {
        var reading = Read(folder);
        return reading.Pack ?? throw new ProblemException(Texts.PackInvalid(folder, reading.Problems));
    }

    /// <summary>Reads a pack, and finds all that is wrong with it rather than the first thing.</summary>
    /// <param name="folder">The pack's folder.</param>
    public static PackReading Read(string folder)
    {
        var problems = new List<PackProblem>();
        return Read(ReadFiles(folder, problems), problems);
    }

    internal static PackReading Read(SortedDictionary<string, byte[]>? files, List<PackProblem> problems)
    {
        var pack = files is null ? null : new PackReader(problems).Read(files, DigestOf(files));
        return new(problems.Count == 0 ? pack : null, [.. problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)]);
    }

    // A file in the wrong place or with another ending would silently not count, so it is a problem.
    internal static SortedDictionary<string, byte[]>? ReadFiles(string folder, List<PackProblem> problems)
    {
        if (!File.Exists(Path.Combine(folder, "pack.yaml")))
        {
            problems.Add(new("pack.yaml", 0, 0, Texts.NoPackFile));
            return null;
        }
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
                if (name == "README.md") continue;
                if (!IsPackFile(name)) problems.Add(new(name, 0, 0, Texts.NotAPackFile));
                else if (new FileInfo(path).Length > MaxFileBytes) problems.Add(new(name, 0, 0, Texts.FileTooLarge));
                else files[name] = File.ReadAllBytes(path);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(".", 0, 0, Texts.NotReadable(unreadable.Message)));
        }
        return files;
    }

    private static bool IsPackFile(string name) =>
        name is "pack.yaml" or PackSeal.LockFile or PackSeal.SignatureFile || (name.Split('/') is ["rules" or "parameters" or "tests", var file] && file.EndsWith(".yaml", StringComparison.Ordinal));

    private static string DigestOf(SortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (var (name, content) in files)
        {
            if (name.StartsWith("tests/", StringComparison.Ordinal) || name is PackSeal.LockFile or PackSeal.SignatureFile) continue;
            foreach (var part in new[] { Encoding.UTF8.GetBytes(name), content })
            {
                BinaryPrimitives.WriteInt64LittleEndian(length, part.Length); // without lengths, moving a byte from one file to the next would not show
                hash.AppendData(length);
                hash.AppendData(part);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
