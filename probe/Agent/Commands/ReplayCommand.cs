using System.CommandLine;
using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Commands;

/// <summary><c>replay</c>: sends recorded streams as if they were on air.</summary>
internal static class ReplayCommand
{
    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        var pairs = new Argument<string[]>("FILE=URL") { Description = Texts.PairsDescription.In(language), Arity = ArgumentArity.OneOrMore };
        var command = new Command("replay", Texts.ReplayDescription.In(language)) { pairs };
        command.SetAction((parsed, cancel) => ProbeCommandLine.GuardAsync(language, error, () => RunAsync(parsed.GetRequiredValue(pairs), language, output, cancel)));
        return command;
    }

    private static async Task RunAsync(string[] pairs, Language language, TextWriter output, CancellationToken cancel)
    {
        var replays = new List<TransportStreamReplay>();
        try
        {
            foreach (var pair in pairs)
            {
                var equals = pair.LastIndexOf("=udp://", StringComparison.Ordinal); // a file's name may have an equals sign
                if (equals <= 0) throw new ProblemException(Texts.BadPair(pair));
                var (file, url) = (pair[..equals], pair[(equals + 1)..]);
                var replay = TransportStreamReplay.Open(file, url, new ReplayOptions(), TimeProvider.System);
                replays.Add(replay);
                await output.WriteLineAsync(Texts.Plays(file, url, replay.BitrateBps).In(language)).ConfigureAwait(false);
                foreach (var warning in replay.Warnings) await output.WriteLineAsync($"  {warning.OneLine().In(language)}").ConfigureAwait(false);
            }
            await PlayAsync(replays, cancel).ConfigureAwait(false);
        }
        finally
        {
            foreach (var replay in replays) replay.Dispose();
        }
    }

    // The first that fails ends them all: a replay of half of the streams would look like a fault of the others.
    private static async Task PlayAsync(List<TransportStreamReplay> replays, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var playing = replays.ConvertAll(r => r.RunAsync(stop.Token));
        try
        {
            var first = await Task.WhenAny(playing).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(playing).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }
}
