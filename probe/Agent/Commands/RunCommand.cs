using System.CommandLine;
using System.Net;
using SignalWatch.Contracts;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Commands;

/// <summary><c>run</c>: the probe at work.</summary>
internal static class RunCommand
{
    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        var config = new Option<string>("--config") { Description = Texts.ConfigDescription.In(language), Required = true };
        var data = new Option<string>("--data") { Description = Texts.DataDescription.In(language), Required = true };
        var collector = new Option<string?>("--collector") { Description = Texts.CollectorDescription.In(language) };
        var define = new Option<string[]>("--define") { Description = Texts.DefineDescription.In(language), DefaultValueFactory = _ => [] };
        var command = new Command("run", Texts.RunDescription.In(language)) { config, data, collector, define };
        command.SetAction((parsed, cancel) => ProbeCommandLine.GuardAsync(language, error, () =>
            RunAsync(parsed.GetRequiredValue(config), Path.GetFullPath(parsed.GetRequiredValue(data)), parsed.GetValue(collector), Definitions(parsed.GetRequiredValue(define)), language, output, cancel)));
        return command;
    }

    private static async Task RunAsync(string config, string data, string? collector, Dictionary<string, string> definitions, Language language, TextWriter output, CancellationToken cancel)
    {
        var configuration = ConfigurationReader.ReadFile(config, definitions);
        var address = WithSlash(collector is null ? configuration.Collector : Url(collector)) ?? throw new ProblemException(Texts.NoCollector);
        var log = new ProbeLog(output, language, TimeProvider.System);
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false };
        using var probe = new ProbeRun(configuration, address, data, language, handler, TimeProvider.System, log.Say);
        log.Say(Texts.Starting(configuration.Id.Value, configuration.Name, address, data, configuration.Watches.Count));
        await probe.RunAsync(cancel).ConfigureAwait(false);
        log.Say(Texts.Stopped);
    }

    private static Dictionary<string, string> Definitions(string[] pairs)
    {
        var definitions = new Dictionary<string, string>();
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new ProblemException(Texts.BadDefine(pair));
            definitions[pair[..equals]] = pair[(equals + 1)..];
        }
        return definitions;
    }

    private static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : throw new ProblemException(Texts.BadCollector(text));

    // Without it the last part of a collector behind a path would be replaced, not extended.
    private static Uri? WithSlash(Uri? url) => url is null || url.AbsoluteUri.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
}
