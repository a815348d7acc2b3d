using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Simulation;

namespace SignalWatch.Probe.Commands;

/// <summary><c>city</c>: what is so in the simulated city.</summary>
internal static class CityCommand
{
    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        var at = new Option<DateTimeOffset?>("--at") { Description = Texts.AtDescription.In(language) };
        var json = new Option<bool>("--json") { Description = Texts.JsonDescription.In(language) };
        var command = new Command("city", Texts.CityDescription.In(language)) { at, json };
        command.SetAction((parsed, _) => ProbeCommandLine.GuardAsync(language, error, () => PrintAsync(parsed.GetValue(at), parsed.GetValue(json), language, output)));
        return command;
    }

    private static async Task PrintAsync(DateTimeOffset? at, bool json, Language language, TextWriter output)
    {
        var city = City.BuiltIn(TimeProvider.System);
        var truth = city.TruthAt(at ?? city.VirtualNow);
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(truth, WireJson.Options)).ConfigureAwait(false);
            return;
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{city.Title.In(language)}  {truth.At:yyyy-MM-dd HH:mm:ss zzz}")).ConfigureAwait(false);
        foreach (var line in truth.Emitters.OrderBy(e => e.FrequencyHz).Select(e => EmitterLine(e, language))
            .Concat(truth.Services.Select(s => ServiceLine(s, language))).Concat(truth.Channels.Select(c => ChannelLine(c, language))))
            await output.WriteLineAsync(line).ConfigureAwait(false);
    }

    private static string EmitterLine(EmitterTruth e, Language language) => string.Create(CultureInfo.InvariantCulture,
        $"  {State(e.OnAir, Texts.OnAir, Texts.OffAir).In(language),-8} {e.FrequencyHz / 1e6,6:F1} MHz {e.LevelDbfs,6:F1} dBFS  {e.Pi ?? "----"} {e.Ps ?? "        "}  {e.Name.In(language)}");

    private static string ServiceLine(ServiceTruth s, Language language) => string.Create(CultureInfo.InvariantCulture,
        $"  {State(s.Present, s.Losing ? Texts.Losing : Texts.OnAir, Texts.OffAir).In(language),-8} {s.Multiplex}/{s.ServiceId}  {s.Name}");

    private static string ChannelLine(ChannelTruth c, Language language) => $"  {State(!c.Stale, Texts.OnAir, Texts.Stale).In(language),-8} {c.Id}  {c.Name.In(language)}";

    private static Text State(bool good, Text yes, Text no) => good ? yes : no;
}
