using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Configuration;

/// <summary>The configuration of watches of transport streams: <c>ts</c> and <c>tap</c>.</summary>
internal static class TransportStreamNode
{
    private const double LeastClipBytes = 1 << 20, MostClipBytes = 1L << 44;
    private const long UsualClipBytes = 8L << 30;
    private const double MostSeconds = 120; // they are held in memory, and a multiplex has 5 MB a second
    private static readonly string[] Charsets = [.. Enum.GetNames<DvbCharset>().Select(n => n.ToLowerInvariant())];

    /// <summary>A stream from one source.</summary>
    public static TransportStreamConfiguration ReadStream(ConfigurationNode? options, WatchId id, WatchSource source)
    {
        var stream = options?.Mapping("learn_s", "origin", "charset", "profile", "template", "record", "fec", "pair");
        var isDatagrams = source.Scheme is "udp" or "rtp";
        foreach (var key in (string[])["fec", "pair"])
            if (!isDatagrams && stream?.Optional(key) is { } misplaced) throw misplaced.Wrong(Texts.OnlyForDatagrams(key));
        return new TransportStreamConfiguration(id, source)
        {
            Origin = stream?.Optional("origin")?.OneOf("live", "replay") == "replay" ? Origin.Replay : Origin.Live,
            LearnFor = LearnFor(stream),
            Charset = Charset(stream),
            Profile = Profile(stream),
            Template = stream?.Optional("template")?.Words(),
            Record = Record(stream?.Optional("record")),
            Fec = stream?.Optional("fec")?.Flag() ?? false,
            Pair = Pair(stream?.Optional("pair")),
        };
    }

    /// <summary>A link with many streams.</summary>
    public static TapConfiguration ReadTap(ConfigurationNode node, WatchId id)
    {
        var source = (node.Optional("interface")?.Words(), node.Optional("file")?.Words()) switch
        {
            ({ } name, null) => new WatchSource("live", name),
            (null, { } file) => new WatchSource("pcap", file),
            _ => throw node.Wrong(Texts.InterfaceOrFile),
        };
        return new TapConfiguration(id, source)
        {
            Filter = node.Optional("filter")?.Words(),
            Streams = (int)(node.Optional("streams")?.Number(1, 1000) ?? 200),
            LearnFor = LearnFor(node),
            Charset = Charset(node),
            Profile = Profile(node),
        };
    }

    private static TimeSpan LearnFor(ConfigurationNode? node) => TimeSpan.FromSeconds(node?.Optional("learn_s")?.Number(1, 3600) ?? 10);

    private static DvbCharset Charset(ConfigurationNode? node) => node?.Optional("charset") is { } charset ? Enum.Parse<DvbCharset>(charset.OneOf(Charsets), ignoreCase: true) : DvbCharset.Gb18030;

    private static MeasurementProfile Profile(ConfigurationNode? node) => node?.Optional("profile")?.OneOf("1.4.1", "1.3") == "1.3" ? MeasurementProfile.V13 : MeasurementProfile.V141;

    private static string? Pair(ConfigurationNode? node)
    {
        var address = node?.Words();
        if (address is null || address.StartsWith("udp://", StringComparison.Ordinal) || address.StartsWith("rtp://", StringComparison.Ordinal)) return address;
        throw node!.Wrong(Texts.MustBeDatagramAddress);
    }

    private static RecordConfiguration? Record(ConfigurationNode? node)
    {
        if (node?.Mapping("folder", "seconds_before", "seconds_after", "checks", "max_bytes") is not { } record) return null;
        return new RecordConfiguration(record.Optional("folder")?.Words(), Seconds(record.Optional("seconds_before")), Seconds(record.Optional("seconds_after")),
            record.Optional("checks") is { } list ? [.. list.Items().SelectMany(Named).Distinct()] : null,
            (long)(record.Optional("max_bytes")?.Number(LeastClipBytes, MostClipBytes) ?? UsualClipBytes));
    }

    private static TimeSpan Seconds(ConfigurationNode? node) => TimeSpan.FromSeconds(node?.Number(0, MostSeconds) ?? 20);

    // A number with its part or without, also one of an older edition, which stands for several.
    private static IEnumerable<Check> Named(ConfigurationNode node)
    {
        var id = node.Words();
        List<Check> found = [.. Checks.Find(id)];
        if (found.Count == 0) found = [.. Checks.Legacy.Where(l => l.Id == id).SelectMany(l => l.Of).SelectMany(Checks.Find)];
        return found.Count > 0 ? found : throw node.Wrong(Texts.UnknownCheck(id));
    }
}
