using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Fm;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A group as one line of JSON, by the names that redsea has made usual (https://github.com/windytan/redsea, its JSON schema).</summary>
internal static class RdsGroupJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(RdsGroupReading said, DateTime? at, bool rbds)
    {
        var json = new JsonObject { ["pi"] = said.Pi is { } pi ? Hex(pi) : null, ["blocks"] = RdsGroupText.Write(said.Group) };
        if (at is { } time) json["rx_time"] = time.ToString("yyyy-MM-ddTHH:mm:ss.ff", CultureInfo.InvariantCulture);
        if (said.Group.Corrected != 0) json["corrected_blocks"] = string.Concat("ABCD".Where((_, block) => (said.Group.Corrected >> block & 1) != 0));
        if (said.Group.AssumedA) json["assumed_pi"] = true;
        Add(json, "group", said.Type);
        Add(json, "tp", said.TrafficProgramme);
        if (said.ProgrammeType is { } type) json["prog_type"] = RdsCodes.ProgrammeType(type, rbds).En;
        Add(json, "ta", said.TrafficAnnouncement);
        Add(json, "is_music", said.Music);
        AddDecoder(json, said.Decoder);
        AddTexts(json, said);
        AddFrequencies(json, said);
        if (said.ClockTime is { } clock) json["clock_time"] = clock.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        if (said.ProgrammeItem is { } item) json["prog_item_started"] = new JsonObject { ["day"] = item.Day, ["time"] = string.Create(CultureInfo.InvariantCulture, $"{item.Hour:00}:{item.Minute:00}") };
        if (said.ExtendedCountryCode is { } ecc && said.Pi is { } known && RdsCodes.Country(known, ecc) is { } country) json["country"] = country;
        Add(json, "language", said.Language);
        if (said.Application is { } application) json["open_data_app"] = new JsonObject { ["oda_group"] = application.GroupType, ["app_name"] = application.Name, ["app_id"] = Hex(application.Id) };
        AddOther(json, said.OtherNetwork, rbds);
        return json.ToJsonString(Options);
    }

    private static void AddDecoder(JsonObject json, RdsDecoderIdentification decoder)
    {
        var bits = new JsonObject();
        Add(bits, "stereo", decoder.Stereo);
        Add(bits, "artificial_head", decoder.ArtificialHead);
        Add(bits, "compressed", decoder.Compressed);
        Add(bits, "dynamic_pty", decoder.DynamicProgrammeType);
        if (bits.Count > 0) json["di"] = bits;
    }

    private static void AddTexts(JsonObject json, RdsGroupReading said)
    {
        if (said.Ps is not null) json["ps"] = said.Ps;
        else Add(json, "partial_ps", said.PartialPs);
        if (said.RadioText is not null) json["radiotext"] = said.RadioText;
        else Add(json, "partial_radiotext", said.PartialRadioText);
        Add(json, "pty_name", said.ProgrammeTypeName);
        if (said.RadioTextPlus is { } plus)
            json["radiotext_plus"] = new JsonObject
            {
                ["item_running"] = plus.ItemRunning,
                ["item_toggle"] = plus.ItemToggle,
                ["tags"] = new JsonArray([.. plus.Tags.Select(t => new JsonObject { ["content-type"] = t.ContentType, ["data"] = t.Text })]),
            };
    }

    private static void AddFrequencies(JsonObject json, RdsGroupReading said)
    {
        if (said.AlternativeFrequenciesHz is { Count: > 0 } list) json["alt_frequencies_a"] = Kilohertz(list);
        if (said.Alternatives is not { } b) return;
        var one = new JsonObject { ["tuned_frequency"] = b.TunedHz / 1000 };
        if (b.SameHz.Count > 0) one["same_programme"] = Kilohertz(b.SameHz);
        if (b.RegionalHz.Count > 0) one["regional_variants"] = Kilohertz(b.RegionalHz);
        json["alt_frequencies_b"] = one;
    }

    private static void AddOther(JsonObject json, RdsOtherNetwork? other, bool rbds)
    {
        if (other is null) return;
        var network = new JsonObject { ["pi"] = Hex(other.Pi) };
        Add(network, "ps", other.Ps);
        Add(network, "tp", other.TrafficProgramme);
        Add(network, "ta", other.TrafficAnnouncement);
        if (other.ProgrammeType is { } type) network["prog_type"] = RdsCodes.ProgrammeType(type, rbds).En;
        if (other.FrequenciesHz.Count > 0) network["kilohertz"] = other.FrequenciesHz.Count == 1 ? other.FrequenciesHz[0] / 1000 : Kilohertz(other.FrequenciesHz);
        json["other_network"] = network;
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }

    private static void Add(JsonObject json, string name, bool? value)
    {
        if (value is { } flag) json[name] = flag;
    }

    private static JsonArray Kilohertz(IReadOnlyList<long> hz) => new([.. hz.Select(f => JsonValue.Create(f / 1000))]);

    private static string Hex(ushort value) => "0x" + value.ToString("X4", CultureInfo.InvariantCulture);
}
