using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>A synthetic Chinese cable multiplex, <c>cn_si.ts</c>: every string in six encodings, and what goes with them, against its truth.</summary>
public sealed class TablesChineseTests
{
    private static readonly int[] ServiceInformationPids = [0, 1, 0x10, 0x11, 0x12, 0x14];

    private readonly TableElement[] tables;
    private readonly JsonElement truth;

    public TablesChineseTests()
    {
        tables = [];
        if (Recordings.WhySkip is not null) return;
        tables = [.. TablesWalker.Of(Recordings.File("ts", "synth", "cn_si.ts"), ServiceInformationPids).Archive.Tables.Select(table => table.Read(DvbCharset.Gb18030))];
        truth = JsonDocument.Parse(File.ReadAllText(Recordings.File("ts", "synth", "cn_si.truth.json"))).RootElement;
    }

    [RecordingFact]
    public void Names_of_the_network_in_both_forms()
    {
        var network = tables.First(table => table is { Name: "NIT" } && table["actual"] == "true");
        var expected = truth.GetProperty("network");
        network["network_id"].Should().Be(Id(expected.GetProperty("network_id")));
        Only(network, "network_name_descriptor")["network_name"].Should().Be(expected.GetProperty("name").GetString());
        Only(network, "multilingual_network_name_descriptor").Named("language").ToDictionary(name => name["code"]!, name => name["network_name"])
            .Should().BeEquivalentTo(expected.GetProperty("multilingual").EnumerateObject().ToDictionary(name => name.Name, name => name.Value.GetString()));
    }

    [RecordingFact]
    public void Delivery_of_each_transport_stream()
    {
        var streams = tables.First(table => table is { Name: "NIT" } && table["actual"] == "true").Named("transport_stream").ToDictionary(stream => stream["transport_stream_id"]!);
        foreach (var expected in truth.GetProperty("delivery").EnumerateArray())
        {
            var cable = Only(streams[Id(expected.GetProperty("ts_id"))], "cable_delivery_system_descriptor");
            Number(cable, "frequency").Should().Be(expected.GetProperty("frequency_hz").GetInt64());
            Number(cable, "symbol_rate").Should().Be(expected.GetProperty("symbol_rate").GetInt64());
            cable["modulation"].Should().Be(expected.GetProperty("modulation").GetString());
        }
    }

    [RecordingFact]
    public void Names_of_the_bouquets()
    {
        var bouquets = tables.Where(table => table.Name == "BAT").ToDictionary(bouquet => bouquet["bouquet_id"]!);
        bouquets.Should().HaveCount(truth.GetProperty("bouquets").GetArrayLength());
        foreach (var expected in truth.GetProperty("bouquets").EnumerateArray())
            Only(bouquets[Id(expected.GetProperty("id"))], "bouquet_name_descriptor")["bouquet_name"].Should().Be(expected.GetProperty("name").GetString());
    }

    [RecordingFact]
    public void Names_types_and_states_of_the_services()
    {
        string[] states = ["undefined", "not-running", "starting", "pausing", "running"];
        var services = tables.First(table => table is { Name: "SDT" } && table["actual"] == "true").Named("service").ToDictionary(service => service["service_id"]!);
        services.Should().HaveCount(truth.GetProperty("services").GetArrayLength());
        foreach (var expected in truth.GetProperty("services").EnumerateArray())
        {
            var service = services[Id(expected.GetProperty("service_id"))];
            var description = Only(service, "service_descriptor");
            description["service_name"].Should().Be(expected.GetProperty("name").GetString());
            description["service_provider_name"].Should().Be(expected.GetProperty("provider").GetString());
            description["service_type"].Should().Be($"0x{expected.GetProperty("service_type").GetInt32():X2}");
            service["running_status"].Should().Be(states[expected.GetProperty("running_status").GetInt32()]);
            service["CA_mode"].Should().Be(expected.GetProperty("free_CA_mode").GetInt32() == 0 ? "false" : "true");
        }
    }

    [RecordingFact]
    public void Names_texts_and_times_of_the_events()
    {
        var events = tables.Where(table => table.Name == "EIT").SelectMany(table => table.Named("event").Select(entry => (Service: table["service_id"], Type: table["type"], Event: entry))).ToList();
        foreach (var expected in truth.GetProperty("events").EnumerateArray())
        {
            var found = events.Where(entry => entry.Service == Id(expected.GetProperty("service_id")) && entry.Event["event_id"] == Id(expected.GetProperty("event_id"))).ToList();
            found.Should().ContainSingle();
            var (_, type, entry) = found[0];
            (type == "pf").Should().Be(expected.GetProperty("table").GetString() == "EIT p/f");
            entry["start_time"].Should().Be(expected.GetProperty("start_utc").GetString());
            entry["duration"].Should().Be(expected.GetProperty("duration").GetString());
            var words = Only(entry, "short_event_descriptor");
            words["language_code"].Should().Be(expected.GetProperty("language").GetString());
            words.Named("event_name").Single().Text.Should().Be(expected.GetProperty("name").GetString());
            words.Named("text").Single().Text.Should().Be(expected.GetProperty("text").GetString());
            var extended = entry.Named("extended_event_descriptor").OrderBy(part => Number(part, "descriptor_number")).SelectMany(part => part.Named("text")).Select(part => part.Text).ToList();
            (extended.Count == 0 ? null : string.Concat(extended)).Should().Be(expected.GetProperty("extended").GetString());
        }
        events.Should().HaveCount(truth.GetProperty("events").GetArrayLength());
    }

    [RecordingFact]
    public void The_local_time_of_China()
    {
        var region = Only(tables.First(table => table.Name == "TOT"), "local_time_offset_descriptor").Named("region").Single();
        region["country_code"].Should().Be(truth.GetProperty("tot").GetProperty("country").GetString());
        region["local_time_offset"].Should().Be("480");
    }

    [RecordingFact]
    public void No_descriptor_is_left_unread_and_no_text_undecoded() =>
        tables.SelectMany(Descendants).SelectMany(element => element.Attributes.Select(attribute => attribute.Value.ToString()).Append(element.Text).Append(element.Name))
            .Should().NotContain(value => value != null && (value.Contains('\uFFFD') || value.StartsWith("generic", StringComparison.Ordinal)));

    private static IEnumerable<TableElement> Descendants(TableElement element) => element.Children.SelectMany(Descendants).Prepend(element);

    private static TableElement Only(TableElement parent, string name) => parent.Named(name).Should().ContainSingle(name).Subject;

    private static string Id(JsonElement id) => $"0x{id.GetInt32():X4}";

    private static long Number(TableElement element, string name) => element.Attributes.Single(attribute => attribute.Name == name).Value.Number;
}
