using System.Text.Json;
using SignalWatch.Probe.Commands;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary><c>probe fm</c>, <c>rds</c> and <c>listen</c> as a person calls them, in process.</summary>
internal static class FmProgram
{
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ProbeCommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The document of <c>fm --json</c>; the command has to end well.</summary>
    public static async Task<JsonElement> DocumentAsync(params string[] args)
    {
        var (code, text, error) = await RunAsync(["fm", .. args, "--json"]);
        code.Should().Be(0, error);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A member by its path; null where it is null.</summary>
    public static double? Number(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind == JsonValueKind.Null) return null;
            element = element.GetProperty(name);
        }
        return element.ValueKind == JsonValueKind.Null ? null : element.GetDouble();
    }

    /// <summary>A member by its path; null where it is null.</summary>
    public static string? Words(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind == JsonValueKind.Null) return null;
            element = element.GetProperty(name);
        }
        return element.GetString();
    }
}
