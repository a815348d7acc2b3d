using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SignalWatch.Contracts;
using SignalWatch.Simulation.Fm;

namespace SignalWatch.Simulation;

/// <summary>Reads a scenario file. What is wrong is told with line and column.</summary>
internal static partial class ScenarioFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static Scenario Read(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        Scenario? scenario;
        try { scenario = JsonSerializer.Deserialize<Scenario>(json, Options); }
        catch (JsonException wrong)
        {
            throw Bad(name, (wrong.LineNumber ?? 0) + 1, (wrong.BytePositionInLine ?? 0) + 1, Texts.ScenarioJson(wrong.Path ?? "$", wrong.Message.Split(" Path: ")[0]), wrong);
        }
        if (scenario is null) throw Bad(name, 1, 1, Texts.ScenarioEmpty);
        foreach (var (path, what) in Faults(scenario))
        {
            var (line, column) = JsonPosition.Of(json, path);
            throw Bad(name, line, column, Texts.ScenarioValue(path, what));
        }
        return scenario;
    }

    private static ProblemException Bad(string name, long line, long column, Text what, Exception? cause = null) =>
        new(new Problem("scenario.invalid", Texts.ScenarioInvalid(name, line, column, what), Texts.ScenarioAdvice), cause);

    private static IEnumerable<(string Path, Text What)> Faults(Scenario s)
    {
        if (s.Speed is not (> 0 and <= 3600)) yield return ("speed", Texts.MustLie("0", "3600"));
        if (s.Fm.CenterHz is < 87_000_000 or > 108_000_000) yield return ("fm.center_hz", Texts.MustLie("87000000", "108000000"));
        if (s.Fm.NoiseDbfs is not (>= -140 and <= 0)) yield return ("fm.noise_dbfs", Texts.MustLie("-140", "0"));
        if (s.Fm.DcDbfs is not (>= -140 and <= 0)) yield return ("fm.dc_dbfs", Texts.MustLie("-140", "0"));
        if (s.Fm.ImageDb is not (null or (>= 10 and <= 120))) yield return ("fm.image_db", Texts.MustLie("10", "120"));
        if (s.Fm.ThirdOrderInterceptDbfs is not (null or (>= -20 and <= 60))) yield return ("fm.third_order_intercept_dbfs", Texts.MustLie("-20", "60"));
        if (s.Fm.DbmAtFullScale is not (null or (>= -120 and <= 30))) yield return ("fm.dbm_at_full_scale", Texts.MustLie("-120", "30"));
        if (s.Fm.Emitters.Any(e => Together(s.Fm, e) > 0.9)) yield return ("fm.emitters", Texts.TooLoud);
        for (var i = 0; i < s.Fm.Emitters.Count; i++)
            foreach (var fault in Faults(s.Fm.Emitters[i])) yield return ($"fm.emitters[{i}].{fault.Path}", fault.What);
        if (Repeated(s.Multiplexes.Select(m => m.Id)) is { } twice) yield return ($"multiplexes[{twice}].id", Texts.Twice);
        for (var i = 0; i < s.Multiplexes.Count; i++)
            foreach (var fault in Faults(s.Multiplexes[i])) yield return ($"multiplexes[{i}].{fault.Path}", fault.What);
        if (Repeated(s.Channels.Select(c => c.Id)) is { } again) yield return ($"channels[{again}].id", Texts.Twice);
        for (var i = 0; i < s.Channels.Count; i++)
            foreach (var fault in Faults(s.Channels[i])) yield return ($"channels[{i}].{fault.Path}", fault.What);
    }

    // The peak of all that the receiver hears at once, tuned such that this emitter is its lowest.
    private static double Together(FmScene band, EmitterScene lowest) =>
        band.Emitters.Where(e => e.FrequencyHz - lowest.FrequencyHz is >= 0 and < FmBandSource.SampleRateHz).Sum(e => Math.Pow(10, e.LevelDbfs / 20));

    private static IEnumerable<(string Path, Text What)> Faults(EmitterScene e)
    {
        if (e.FrequencyHz is < 87_000_000 or > 137_000_000) yield return ("frequency_hz", Texts.MustLie("87000000", "137000000"));
        if (e.OffsetHz is not (>= -50_000 and <= 50_000)) yield return ("offset_hz", Texts.MustLie("-50000", "50000"));
        if (e.LevelDbfs is not (>= -120 and <= 0)) yield return ("level_dbfs", Texts.MustLie("-120", "0"));
        if (e.Programme is { } p)
        {
            if (p.DeviationHz is not (>= 0 and <= 150_000)) yield return ("programme.deviation_hz", Texts.MustLie("0", "150000"));
            if (p.PilotHz is not (null or (>= 0 and <= 20_000))) yield return ("programme.pilot_hz", Texts.MustLie("0", "20000"));
            if (p.LoopS is not (null or (>= 1 and <= 86_400))) yield return ("programme.loop_s", Texts.MustLie("1", "86400"));
        }
        if (e.Rds is { } rds)
        {
            if (e.Programme is null) yield return ("rds", Texts.RdsNeedsProgramme);
            if (!FourHexDigits().IsMatch(rds.Pi)) yield return ("rds.pi", Texts.FourHexDigits);
            if (rds.Ps.Length > 8 || !rds.Ps.All(IsPrintableAscii)) yield return ("rds.ps", Texts.AsciiAtMost(8));
            if (rds.RadioText is { } text && (text.Length > 64 || !text.All(IsPrintableAscii))) yield return ("rds.radio_text", Texts.AsciiAtMost(64));
            if (rds.ProgrammeType is < 0 or > 31) yield return ("rds.programme_type", Texts.MustLie("0", "31"));
            if (rds.DeviationHz is not (>= 0 and <= 7_500)) yield return ("rds.deviation_hz", Texts.MustLie("0", "7500"));
        }
        if (Invalid(e.On) is { } window) yield return ($"on[{window}]", Texts.BadWindow);
    }

    private static IEnumerable<(string Path, Text What)> Faults(MultiplexScene m)
    {
        if (m.BitrateBps is < 500_000 or > 60_000_000) yield return ("bitrate_bps", Texts.MustLie("500000", "60000000"));
        if (m.TransportStreamId is < 0 or > 0xFFFF) yield return ("transport_stream_id", Texts.MustLie("0", "65535"));
        if (m.OriginalNetworkId is < 0 or > 0xFFFF) yield return ("original_network_id", Texts.MustLie("0", "65535"));
        if (m.NetworkName.Length > 80) yield return ("network_name", Texts.AtMost(80));
        if (m.Services.Sum(s => (long)s.BitrateBps) > m.BitrateBps * 0.9) yield return ("services", Texts.NoRoom);
        if (m.Services.Count is 0 or > 10) yield return ("services", Texts.HowMany(1, 10)); // ten with long names still fit one SDT section
        if (Repeated(m.Services.Select(s => s.ServiceId)) is { } twice) yield return ($"services[{twice}].service_id", Texts.Twice);
        for (var i = 0; i < m.Services.Count; i++)
        {
            var s = m.Services[i];
            if (s.ServiceId is < 1 or > 0xFFFF) yield return ($"services[{i}].service_id", Texts.MustLie("1", "65535"));
            if (s.BitrateBps is < 100_000 or > 30_000_000) yield return ($"services[{i}].bitrate_bps", Texts.MustLie("100000", "30000000"));
            if (s.Name.Length > 12) yield return ($"services[{i}].name", Texts.AtMost(12));
            if (s.Provider.Length > 12) yield return ($"services[{i}].provider", Texts.AtMost(12));
            if (Invalid(s.On) is { } on) yield return ($"services[{i}].on[{on}]", Texts.BadWindow);
            if (Invalid(s.Losing) is { } losing) yield return ($"services[{i}].losing[{losing}]", Texts.BadWindow);
        }
    }

    private static IEnumerable<(string Path, Text What)> Faults(ChannelScene c)
    {
        if (c.SegmentS is not (>= 0.5 and <= 60)) yield return ("segment_s", Texts.MustLie("0.5", "60"));
        if (c.Window is < 3 or > 100) yield return ("window", Texts.MustLie("3", "100"));
        if (Invalid(c.Stale) is { } stale) yield return ($"stale[{stale}]", Texts.BadWindow);
    }

    private static int? Invalid(IReadOnlyList<Window>? windows)
    {
        for (var i = 0; i < (windows?.Count ?? 0); i++)
            if (!windows![i].IsValid) return i;
        return null;
    }

    private static int? Repeated<T>(IEnumerable<T> keys)
    {
        var seen = new HashSet<T>();
        var index = 0;
        foreach (var key in keys)
        {
            if (!seen.Add(key)) return index;
            index++;
        }
        return null;
    }

    private static bool IsPrintableAscii(char c) => c is >= ' ' and <= '~';

    [GeneratedRegex("^[0-9A-Fa-f]{4}$")]
    private static partial Regex FourHexDigits();
}
