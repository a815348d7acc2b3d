using System.Text.Json;
using SignalWatch.Probe.Commands;

namespace SignalWatch.Probe.Tests;

/// <summary><c>probe ts</c> as a person calls it, in process.</summary>
internal static class TsProgram
{
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ProbeCommandLine.RunAsync(["ts", .. args], output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The document of <c>--json</c>; the command has to end well.</summary>
    public static async Task<JsonElement> DocumentAsync(params string[] args)
    {
        var (code, text, error) = await RunAsync([.. args, "--json"]);
        code.Should().Be(0, error);
        return JsonDocument.Parse(text).RootElement;
    }
}
