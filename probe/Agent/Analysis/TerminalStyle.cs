namespace SignalWatch.Probe.Analysis;

/// <summary>Colours, where a person looks at a terminal and has not asked for none (https://no-color.org).</summary>
/// <param name="IsOn">They are written.</param>
internal readonly record struct TerminalStyle(bool IsOn)
{
    public static TerminalStyle ForOutput() =>
        new(!Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb");

    public string Heading(string text) => Of("1", text);

    public string Bad(string text) => Of("31", text);

    public string Warn(string text) => Of("33", text);

    public string Good(string text) => Of("32", text);

    public string Faint(string text) => Of("2", text);

    private string Of(string code, string text) => IsOn ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
