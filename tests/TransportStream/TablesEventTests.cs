using System.Globalization;
using System.Text.RegularExpressions;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>EIT sections of two recordings against what TSDuck said of them as text: 178 sections of an Italian satellite multiplex, and a French programme guide.</summary>
public sealed partial class TablesEventTests
{
    [RecordingFact]
    public void Every_field_of_178_sections_is_what_the_reference_says()
    {
        var ours = TablesWalker.Of(Recordings.File("ts", "real", "eit_tei_cc.ts"), 0x12, 0x112).Sections
            .Where(section => section.Bytes[0] == 0x4E).Select(section => Facts(section.Bytes)).ToList();
        var theirs = Reference(File.ReadLines(Recordings.File("ts", "ref", "test-030.tables.txt"))).ToList();
        theirs.Should().HaveCount(178);
        ours.Should().HaveCount(179); // the last one ends in the last packet of the recording, which the reference did not take
        ours.Take(178).Should().Equal(theirs.Select(facts => facts
            .Normalize() // theirs has the ohm sign, ours the Greek letter that Unicode makes of it
            .Replace("1970-01-01 00:00:00", "undefined", StringComparison.Ordinal))); // all ones: an event without a time of its own (EN 300 468 5.2.4), not one of 1970
    }

    [RecordingFact]
    public void The_programme_guide_of_a_French_multiplex_equals_the_reference()
    {
        var archive = TablesWalker.Of(Recordings.File("ts", "real", "epg_fr.ts"), 0, 0x10, 0x11, 0x12, 0x14).Archive;
        var tables = archive.Tables.Concat(archive.Incomplete).Select(table => table.Read(DvbCharset.Iso6937)).ToList();
        var names = tables.Where(table => table.Name == "SDT").SelectMany(table => table.Named("service").Select(service =>
            (Key: (table["transport_stream_id"], service["service_id"]), Name: service.Named("service_descriptor").Single()["service_name"]))).DistinctBy(service => service.Key).ToDictionary();
        var ours = tables.Where(table => table.Name == "EIT").SelectMany(table => table.Named("event").Select(entry => names[(table["transport_stream_id"], table["service_id"])] + " " + Programme(entry))).ToHashSet();
        var theirs = Guide(File.ReadLines(Recordings.File("ts", "ref", "test-184.3.txt"))).ToHashSet();
        theirs.Should().HaveCount(346);
        ours.Except(theirs).Should().BeEmpty();
        theirs.Except(ours).Should().BeEmpty();
    }

    private static string Programme(TableElement entry)
    {
        var duration = TimeSpan.ParseExact(entry["duration"]!, "c", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{entry["start_time"]![..16].Replace('-', '/')}, {(int)duration.TotalMinutes} mn, {entry.Named("short_event_descriptor").First().Named("event_name").Single().Text!.TrimEnd()}");
    }

    // Long lines of the reference are broken between words, and go on four spaces in.
    private static List<string> Guide(IEnumerable<string> lines)
    {
        string service = "", day = "";
        var guide = new List<string>();
        foreach (var line in lines)
        {
            if (ServiceLine().Match(line) is { Success: true } match) service = match.Groups[1].Value;
            else if (line.StartsWith("20", StringComparison.Ordinal)) day = line;
            else if (line.StartsWith("    ", StringComparison.Ordinal)) guide[^1] += " " + line.Trim();
            else if (line.StartsWith("  ", StringComparison.Ordinal)) guide.Add($"{service} {day} {line.Trim()}");
        }
        return guide;
    }

    [GeneratedRegex(@"^\d+\. (.+)$")]
    private static partial Regex ServiceLine();

    private static string Facts(byte[] section)
    {
        var table = new TableVersion(0x12, section[0], section[3] << 8 | section[4], section[5] >> 1 & 0x1F, true, 0, 0, [section]).Read(DvbCharset.Iso6937);
        var facts = new List<string> { $"{section[6]}/{section[7]} v{table["version"]} {section.Length} {table["service_id"]} {table["transport_stream_id"]} {table["original_network_id"]}" };
        foreach (var entry in table.Named("event"))
        {
            facts.Add($"event {entry["event_id"]} {entry["start_time"]} {entry["duration"]} {entry["running_status"]} {entry["CA_mode"]}");
            facts.AddRange(entry.Children.Select(Fact).OfType<string>());
        }
        return string.Join('\n', facts);
    }

    private static string? Fact(TableElement descriptor) => descriptor.Name switch
    {
        "short_event_descriptor" => $"short {descriptor["language_code"]} \"{descriptor.Named("event_name").Single().Text}\" \"{descriptor.Named("text").Single().Text}\"",
        "extended_event_descriptor" => $"extended {descriptor["descriptor_number"]}/{descriptor["last_descriptor_number"]} {descriptor["language_code"]} \"{descriptor.Named("text").Single().Text}\"",
        "parental_rating_descriptor" => string.Join('\n', descriptor.Named("country").Select(country => $"rating {country["country_code"]} {country["rating"]}")),
        "generic_descriptor" => $"unknown {descriptor["tag"]} {(descriptor.Text?.Length + 1) / 3 ?? 0}",
        "component_descriptor" => $"component {descriptor["stream_content_ext"]![3..]}{descriptor["stream_content"]![3..]}{descriptor["component_type"]![2..]} {descriptor["component_tag"]} {descriptor["language_code"]!.Trim()}",
        "content_descriptor" => string.Join('\n', descriptor.Named("content").Select(content =>
            string.Create(CultureInfo.InvariantCulture, $"content {Number(content, "content_nibble_level_1"):X}{Number(content, "content_nibble_level_2"):X} {content["user_byte"]}"))),
        _ => null,
    };

    private static long Number(TableElement element, string name) => element.Attributes.Single(attribute => attribute.Name == name).Value.Number;

    // The reference's lines → the same facts, one text for each EIT section.
    private static IEnumerable<string> Reference(IEnumerable<string> lines)
    {
        List<string>? facts = null;
        foreach (var line in lines.Append("* end"))
        {
            if (line.StartsWith("* ", StringComparison.Ordinal))
            {
                if (facts is not null) yield return string.Join('\n', facts);
                facts = line.StartsWith("* EIT", StringComparison.Ordinal) ? [] : null;
            }
            else if (facts is not null) Take(facts, line.Trim());
        }
    }

    private static void Take(List<string> facts, string line)
    {
        string Value(Regex pattern, int group = 1) => pattern.Match(line).Groups[group].Value;
        void Extend(string more) => facts[^1] += more;
        if (SectionLine().IsMatch(line)) facts.Add($"{Value(SectionLine())}/{Value(SectionLine(), 2)} v{Value(SectionLine(), 3)} {Value(SectionLine(), 4)}");
        else if (IdLine().IsMatch(line)) Extend(" " + Value(IdLine()));
        else if (EventLine().IsMatch(line)) facts.Add("event " + Value(EventLine()));
        else if (line.StartsWith("Start UTC: ", StringComparison.Ordinal)) Extend(" " + line[11..].Replace('/', '-'));
        else if (line.StartsWith("Duration: ", StringComparison.Ordinal)) Extend(" " + line[10..]);
        else if (line.StartsWith("Running status: ", StringComparison.Ordinal)) Extend(" " + line[16..].Replace(' ', '-'));
        else if (line.StartsWith("CA mode: ", StringComparison.Ordinal)) Extend(line[9..] == "controlled" ? " true" : " false");
        else if (DescriptorLine().IsMatch(line)) Begin(facts, Value(DescriptorLine()), Value(DescriptorLine(), 2), Value(DescriptorLine(), 3));
        else if (line.StartsWith("Language:", StringComparison.Ordinal)) Extend(" " + line[9..].Trim());
        else if (line.StartsWith("Event name: ", StringComparison.Ordinal)) Extend(" " + line[12..]);
        else if (line.StartsWith("Description: ", StringComparison.Ordinal)) Extend(" " + line[13..]);
        else if (NumbersLine().IsMatch(line)) Extend($" {Value(NumbersLine())}/{Value(NumbersLine(), 2)}");
        else if (line.StartsWith("Text: ", StringComparison.Ordinal)) Extend(" " + line[6..]);
        else if (RatingLine().IsMatch(line)) facts.Add($"rating {Value(RatingLine())} {Value(RatingLine(), 2)}");
        else if (ContentLine().IsMatch(line)) facts.Add($"content {Value(ContentLine())} {Value(ContentLine(), 2)}");
        else if (line.StartsWith("Content/type: 0x", StringComparison.Ordinal)) Extend(" " + line[16..20]);
        else if (line.StartsWith("Component tag: ", StringComparison.Ordinal)) Extend(" " + line[15..19]);
    }

    private static void Begin(List<string> facts, string name, string tag, string bytes)
    {
        switch (name)
        {
            case "Short Event": facts.Add("short"); break;
            case "Extended Event": facts.Add("extended"); break;
            case "Component": facts.Add("component"); break;
            case "unknown" or "Event Repeat (MediaHighway)": facts.Add($"unknown {tag} {bytes}"); break;
            default: break;
        }
    }

    [GeneratedRegex(@"^Section: (\d+) \(last: (\d+)\), version: (\d+), size: (\d+) bytes")]
    private static partial Regex SectionLine();

    [GeneratedRegex(@"^(?:Service Id|TS Id|Original Network Id): (0x\w+)")]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^- Event Id: (0x\w+)")]
    private static partial Regex EventLine();

    [GeneratedRegex(@"^- Descriptor \d+: (.+) \((0x\w+), \d+\), (\d+) bytes")]
    private static partial Regex DescriptorLine();

    [GeneratedRegex(@"^Descriptor number: (\d+), last: (\d+)")]
    private static partial Regex NumbersLine();

    [GeneratedRegex(@"^Country code: (\w+), rating: (0x\w+)")]
    private static partial Regex RatingLine();

    [GeneratedRegex(@"^Content: 0x(\w+) .*/ User: (0x\w+)")]
    private static partial Regex ContentLine();
}
