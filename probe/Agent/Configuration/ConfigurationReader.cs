using System.Text.RegularExpressions;
using SignalWatch.Contracts;
using SignalWatch.Simulation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SignalWatch.Probe.Configuration;

/// <summary>Reads a probe's configuration. A key that it does not know is an error: a misspelt one would otherwise be silently without effect.</summary>
internal static partial class ConfigurationReader
{
    private const int GpsdPort = 2947; // IANA

    /// <param name="file">A path, or the name of a configuration that comes with the program.</param>
    /// <param name="definitions">Values of <c>${NAME}</c>.</param>
    /// <exception cref="ProblemException"><c>config.missing</c>, or <c>config.invalid</c> with line and column.</exception>
    public static ProbeConfiguration ReadFile(string file, IReadOnlyDictionary<string, string> definitions)
    {
        var path = File.Exists(file) || !ProfileName().IsMatch(file) ? file : Path.Combine(AppContext.BaseDirectory, "profiles", file + ".yaml");
        try
        {
            using var text = File.OpenText(path);
            return Read(text, file, definitions);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.ConfigMissing(file, failure.Message), failure);
        }
    }

    public static ProbeConfiguration Read(TextReader text, string file, IReadOnlyDictionary<string, string> definitions)
    {
        var yaml = new YamlStream();
        var parser = new Parser(text);
        try { yaml.Load(parser); }
        catch (YamlException wrong)
        {
            throw new ProblemException(Texts.ConfigInvalid(file, wrong.Start.Line, wrong.Start.Column, Texts.YamlWrong(wrong.Message)), wrong);
        }
        catch (InvalidOperationException wrong) // what the library says of some unclosed lists, without a place: it stopped behind what it read last
        {
            var place = parser.Current?.Start ?? Mark.Empty;
            throw new ProblemException(Texts.ConfigInvalid(file, place.Line, place.Column, Texts.YamlWrong(wrong.Message)), wrong);
        }
        if (yaml.Documents.Count == 0) throw new ProblemException(Texts.ConfigInvalid(file, 1, 1, Texts.MustBeMapping));
        var root = new ConfigurationNode(yaml.Documents[0].RootNode, file, definitions).Mapping("probe", "collector", "scenario", "watches", "delivery");
        var probe = root.Required("probe").Mapping("id", "name", "area", "position", "antenna", "review");
        var area = probe.Required("area");
        var delivery = DeliveryNode.Mapping(root.Optional("delivery"));
        if (!SixDigits().IsMatch(area.Words())) throw area.Wrong(Texts.MustBeArea);
        return new ProbeConfiguration(new ProbeId(probe.Required("id").Id()), probe.Required("name").Words(), area.Words(), ReadPosition(probe.Optional("position")),
            root.Optional("collector")?.Url(), ReadWatches(root.Required("watches")))
        {
            Scenario = root.Optional("scenario")?.OneOf([.. City.Scenarios]) ?? City.Usual,
            Antenna = probe.Optional("antenna")?.Words(),
            Review = DeliveryNode.ReadReview(probe.Optional("review")),
            Spool = DeliveryNode.ReadSpool(delivery),
            Delivery = DeliveryNode.Read(delivery),
            Gpsd = probe.Optional("position")?.Optional("gpsd")?.Host(GpsdPort),
        };
    }

    private static Position? ReadPosition(ConfigurationNode? node)
    {
        if (node?.Mapping("latitude", "longitude", "gpsd") is not { } position) return null;
        // With a gpsd the two are what holds while it knows nothing: both or none.
        if (position.Optional("gpsd") is not null && position.Optional("latitude") is null && position.Optional("longitude") is null) return null;
        return new Position(position.Required("latitude").Number(-90, 90), position.Required("longitude").Number(-180, 180));
    }

    private static List<WatchConfiguration> ReadWatches(ConfigurationNode list)
    {
        var watches = new List<WatchConfiguration>();
        foreach (var item in list.Items())
        {
            var node = item.Names("kind") == "tap" ? item.Mapping("id", "kind", "interface", "file", "filter", "streams", "learn_s", "charset", "profile") : item.Mapping("id", "kind", "source", "options");
            var id = new WatchId(node.Required("id").Id());
            if (watches.Exists(w => w.Id == id)) throw node.Required("id").Wrong(Texts.Twice(id.Value));
            watches.Add(ReadWatch(node, id));
        }
        return watches.Count > 0 ? watches : throw list.Wrong(Texts.NoWatches);
    }

    private static WatchConfiguration ReadWatch(ConfigurationNode node, WatchId id)
    {
        var options = node.Optional("options");
        var kind = node.Required("kind");
        switch (kind.Words())
        {
            case "fm-band":
                return FmBandNode.Read(node, options, id, Source(node, "fm-band", "sigmf", "wav", "rtl_tcp", "rtlsdr", "soapy", "city"));
            case "ts":
                return TransportStreamNode.ReadStream(options, id, Source(node, "ts", "udp", "rtp", "http", "https", "file", "city"));
            case "tap":
                return TransportStreamNode.ReadTap(node, id);
            case "ott":
                var channel = options?.Mapping("channel", "name", "poll_s");
                return new OttConfiguration(id, Source(node, "ott", "http", "https", "city"))
                {
                    Channel = channel?.Optional("channel")?.Id() ?? id.Value,
                    Name = channel?.Optional("name")?.Words() ?? id.Value,
                    PollEvery = TimeSpan.FromSeconds(channel?.Optional("poll_s")?.Number(0.5, 300) ?? 4),
                };
            default:
                throw kind.Wrong(Texts.UnknownKind(kind.Words()));
        }
    }

    private static WatchSource Source(ConfigurationNode watch, string kind, params string[] fitting)
    {
        var node = watch.Required("source");
        var text = node.Words();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 0 ? text[..colon] : "";
        if (!fitting.Contains(scheme) || colon == text.Length - 1) throw node.Wrong(Texts.SourceDoesNotFit(text, kind, string.Join(", ", fitting.Select(f => f + ":…"))));
        if (scheme is "http" or "https") node.Url();
        return new WatchSource(scheme, text[(colon + 1)..]);
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex ProfileName();

    [GeneratedRegex("^[0-9]{6}$")]
    private static partial Regex SixDigits();
}
