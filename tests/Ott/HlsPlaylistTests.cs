using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Tests;

namespace SignalWatch.Ott.Tests;

/// <summary>The playlists of videojs' parser (Apache-2.0) with the facts of its expectations.</summary>
public sealed class HlsPlaylistTests
{
    public static TheoryData<string> Published => Recordings.WhySkip is null && Directory.Exists(Recordings.File("content", "hls"))
        ? [.. Directory.EnumerateFiles(Recordings.File("content", "hls"), "*.m3u8").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)]
        : ["no recordings"];

    [RecordingTheory]
    [MemberData(nameof(Published))]
    public void Facts_are_those_of_the_published_expectation(string name)
    {
        var playlist = HlsPlaylist.Parse(File.ReadAllText(Recordings.File("content", "hls", name + ".m3u8")));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("content", "hls", name + ".expected.json")));
        var expected = document.RootElement;

        playlist.HasEndList.Should().Be(expected.TryGetProperty("endList", out var end) && end.GetBoolean());
        playlist.TargetDurationSeconds.Should().Be(Number(expected, "targetDuration"));
        playlist.DiscontinuitySequence.Should().Be((long)(Number(expected, "discontinuitySequence") ?? 0));
        playlist.Version.Should().Be((int?)Number(expected, "version"));
        // A number is a decimal-integer without sign (RFC 8216 4.2): the reference takes −11 all the same.
        playlist.MediaSequence.Should().Be(Math.Max(0, (long)(Number(expected, "mediaSequence") ?? 0)));
        (playlist.Type?.ToString().ToUpperInvariant()).Should().Be(expected.TryGetProperty("playlistType", out var type) ? type.GetString() : null);
        playlist.IsMaster.Should().Be(expected.TryGetProperty("playlists", out var variants));
        if (playlist.IsMaster) Variants(playlist, variants);

        var segments = expected.GetProperty("segments").EnumerateArray().ToList();
        playlist.Segments.Select(s => s.Uri).Should().Equal(segments.Select(s => s.GetProperty("uri").GetString()));
        for (var i = 0; i < segments.Count; i++) Segment(playlist.Segments[i], segments[i]);
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:ten\n#EXTINF:10,\na.ts", 2)]
    [InlineData("#EXTM3U\r\n#EXT-X-TARGETDURATION:10\r\n#EXT-X-MEDIA-SEQUENCE:-11\r\n#EXTINF:10,\r\na.ts", 3)]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n\n#EXTINF:1e400,\na.ts", 4)]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\na.ts", 3)]
    [InlineData("#EXTM3U\n#EXT-X-STREAM-INF:CODECS=\"a,b\"\na.m3u8", 3)]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-BYTERANGE:5\n#EXTINF:1,\na.ts", 5)]
    public void What_is_wrong_is_listed_with_its_line(string text, int line)
    {
        var problems = HlsPlaylist.Parse(text).Problems;
        problems.Should().Contain(p => p.Line == line);
        problems.Should().OnlyContain(p => p.What.Zh.Length > 0 && p.What.En.Length > 0);
    }

    [Fact]
    public void Commas_in_quotes_do_not_end_an_attribute()
    {
        var variant = HlsPlaylist.Parse("#EXTM3U\n#EXT-X-STREAM-INF:CODECS=\"avc1,mp4a\",BANDWIDTH=1280000,RESOLUTION=1280x720,AUDIO=\"a=b\"\nhigh.m3u8").Variants.Single();
        variant.Should().Be(new HlsVariant("high.m3u8", 1_280_000, "1280x720", "avc1,mp4a", "a=b"));
    }

    [Fact]
    public void Any_text_is_read_without_failure()
    {
        string[] pieces = ["#EXTM3U", "#EXTINF:", "#EXT-X-BYTERANGE:", "#EXT-X-STREAM-INF:", "#EXT-X-MEDIA-SEQUENCE:", "=\"", ",", "@", "9223372036854775808", "-1", "a.ts", "\n", "\r", "\u0085", "\uFEFF", ":"];
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<string>(), (picks, noise) =>
        {
            var text = string.Concat(picks.Select(p => pieces[(int)((uint)p % pieces.Length)])) + noise;
            return HlsPlaylist.Parse(text).Segments.Count <= text.Length;
        }).QuickCheckThrowOnFailure();
    }

    private static void Segment(HlsSegment segment, JsonElement expected)
    {
        if (segment.DurationSeconds is { } duration) duration.Should().Be(Number(expected, "duration")); // where EXTINF is missing the reference makes one up
        segment.Discontinuity.Should().Be(expected.TryGetProperty("discontinuity", out var discontinuity) && discontinuity.GetBoolean());
        segment.RangeLength.Should().Be(expected.TryGetProperty("byterange", out var range) ? range.GetProperty("length").GetInt64() : null);
        if (segment.RangeOffset is { } offset) offset.Should().Be(range.GetProperty("offset").GetInt64());
        segment.KeyMethod.Should().Be(expected.TryGetProperty("key", out var key) ? key.GetProperty("method").GetString() : null);
        if (segment.KeyUri is not null) segment.KeyUri.Should().Be(key.GetProperty("uri").GetString());
        segment.MapUri.Should().Be(expected.TryGetProperty("map", out var map) ? map.GetProperty("uri").GetString() : null);
        if (expected.TryGetProperty("dateTimeObject", out var time) && segment.ProgramDateTime is { } own) own.Should().Be(time.GetDateTimeOffset());
    }

    private static void Variants(HlsPlaylist playlist, JsonElement expected)
    {
        playlist.Variants.Select(v => v.Uri).Should().Equal(expected.EnumerateArray().Select(v => v.GetProperty("uri").GetString()));
        playlist.Variants.Select(v => v.BandwidthBps).Should().Equal(expected.EnumerateArray().Select(v => v.TryGetProperty("attributes", out var a) ? (long?)Number(a, "BANDWIDTH") : null));
    }

    private static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
