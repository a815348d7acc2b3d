namespace SignalWatch.Contracts;

/// <summary>A language that people read the product in.</summary>
public enum Language
{
    /// <summary>Chinese, simplified; the first language of the product.</summary>
    Chinese,

    /// <summary>English.</summary>
    English,
}

/// <summary>A text that people see, in both languages. A text in one language alone does not compile.</summary>
/// <param name="Zh">Chinese, simplified.</param>
/// <param name="En">English.</param>
public readonly record struct Text(string Zh, string En)
{
    /// <summary>The text in <paramref name="language"/>.</summary>
    public string In(Language language) => language == Language.Chinese ? Zh : En;

    /// <summary>The English text: for logs, never for people's screens.</summary>
    public override string ToString() => En;
}

/// <summary>Which language a person at a command line reads.</summary>
public static class Languages
{
    /// <summary>By <c>SIGNALWATCH_LANG</c>, then <c>LC_ALL</c>, <c>LC_MESSAGES</c>, <c>LANG</c>: Chinese where it begins with <c>zh</c>, else English.</summary>
    public static Language FromEnvironment()
    {
        string[] names = ["SIGNALWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
        var chosen = names.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        return chosen?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true ? Language.Chinese : Language.English;
    }
}
