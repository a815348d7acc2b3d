using FsCheck;
using FsCheck.Fluent;
using static SignalWatch.TransportStream.Tests.ElementaryFeed;

namespace SignalWatch.TransportStream.Tests;

/// <summary>PES headers, time stamps against each other, and what a PMT declares.</summary>
public sealed class ElementaryPesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(8_589_934_591, 8_589_930_991)]
    [InlineData(1_599_367_368, 1_599_363_768)]
    public void Both_time_stamps_are_read(long pts, long dts)
    {
        PesHeader.TryRead(Pes([1, 2, 3], pts: pts, dts: dts), out var header).Should().Be(PesParse.Ok);
        header.Should().BeEquivalentTo(new { StreamId = 0xE0, Pts90k = pts, Dts90k = dts, HeaderBytes = 19, DataAlignment = true, PacketLength = (int?)null, ScramblingControl = 0 });
    }

    [Fact]
    public void A_header_given_byte_by_byte_is_read()
    {
        // Of a public stream of the Rai multiplex, PID 650: stream_id C0, length 0x16FA, PTS alone.
        PesHeader.TryRead(Convert.FromHexString("000001C016FA8B80072B44018413FFFFB961"), out var header).Should().Be(PesParse.Ok);
        header.Should().BeEquivalentTo(new { StreamId = 0xC0, PacketLength = 0x16FA, HeaderBytes = 16, Pts90k = 5_653_938_697L, Dts90k = (long?)null });
    }

    [Fact]
    public void What_is_no_PES_header_is_told_apart()
    {
        var good = Pes([1, 2, 3]);
        PesHeader.TryRead([0, 0, 2, .. good[3..]], out _).Should().Be(PesParse.NoStartCode);
        PesHeader.TryRead([.. good[..6], 0x04, .. good[7..]], out _).Should().Be(PesParse.BadMarker);
        PesHeader.TryRead([.. good[..7], 0x40, .. good[8..]], out _).Should().Be(PesParse.BadMarker);
        PesHeader.TryRead([.. good[..9], 0x20, .. good[10..]], out _).Should().Be(PesParse.BadMarker);
        PesHeader.TryRead(good.AsSpan(0, 12), out var cut).Should().Be(PesParse.Short);
        cut.Pts90k.Should().BeNull();
        PesHeader.TryRead([0, 0, 1, 0xBE, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF], out var padding).Should().Be(PesParse.Ok);
        padding.HeaderBytes.Should().Be(6);
    }

    [Fact]
    public void Any_bytes_are_answered_and_the_header_lies_within_them() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        byte[] payload = [0, 0, 1, .. bytes];
        PesHeader.TryRead(bytes, out _);
        PesHeader.TryRead(payload, out var header);
        return header.HeaderBytes <= payload.Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_interval_of_PTS_is_measured_in_arrival_time()
    {
        var clock = new ElementaryClock();
        clock.Add(1000, null, 0, null).Should().Be(new PtsReading(null, true));
        clock.Add(null, null, 100_000_000, null).Should().Be(new PtsReading(null, true));
        clock.Add(4600, null, 750_000_000, null).Should().Be(new PtsReading(750, true));
        clock.Add(8200, 9000, 760_000_000, null).Should().Be(new PtsReading(10, false), "DTS is after PTS");
        (clock.PtsCount, clock.DtsCount).Should().Be((3, 1));
    }

    [Fact]
    public void The_lead_of_a_PTS_over_the_clock_is_told_over_the_wrap()
    {
        var clock = new ElementaryClock();
        clock.Add(900, null, 0, (1L << 33) - 8_100).Plausible.Should().BeTrue();
        clock.LeadMs.Should().Be(100);
        clock.Add(900, null, 1, 20 * 90_000).Plausible.Should().BeFalse("it is 20 s late");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-260)]
    [InlineData(140)]
    public void The_lead_of_the_sound_is_that_of_the_stamps_whatever_the_pictures_order(int leadMs)
    {
        var (video, audio) = (new ElementaryClock(), new ElementaryClock());
        const long start = (1L << 33) - 90_000; // the stamps wrap within the run
        int[] reordering = [2, 0, 1];           // in pictures of 40 ms: mean 1
        for (var picture = 0; picture < 120; picture++)
        {
            var timeNs = 1_700_000_000_000_000_000 + picture * 40_000_000L;
            video.Add((start + (picture + reordering[picture % 3]) * 3600) & 0x1_FFFF_FFFF, null, timeNs, null);
            audio.Add((start + (picture + 1) * 3600 + leadMs * 90) & 0x1_FFFF_FFFF, null, timeNs, null);
        }
        ElementaryClock.AudioLead(video, audio).Should().BeApproximately(leadMs, 15);
    }

    [Fact]
    public void No_lead_is_told_of_a_stream_that_stopped()
    {
        var (video, audio) = (new ElementaryClock(), new ElementaryClock());
        ElementaryClock.AudioLead(video, audio).Should().BeNull();
        video.Add(0, null, 0, null);
        audio.Add(0, null, 6_000_000_000, null);
        ElementaryClock.AudioLead(video, audio).Should().BeNull();
    }

    [Theory]
    [InlineData(0x42, "", ComponentKind.Video, "AVS")]
    [InlineData(0xD2, "", ComponentKind.Video, "AVS2")]
    [InlineData(0xD4, "", ComponentKind.Video, "AVS3")]
    [InlineData(0xD5, "", ComponentKind.Audio, "Audio Vivid")]
    [InlineData(0x06, "6A0100", ComponentKind.Audio, "AC-3")]
    [InlineData(0x06, "7A0100", ComponentKind.Audio, "E-AC-3")]
    [InlineData(0x06, "7B00", ComponentKind.Audio, "DTS")]
    [InlineData(0x06, "7C0158", ComponentKind.Audio, "HE-AAC")]
    [InlineData(0x06, "7F0115", ComponentKind.Audio, "AC-4")]
    [InlineData(0x06, "7F020E00", ComponentKind.Audio, "DTS-HD")]
    [InlineData(0x06, "560566726110 88", ComponentKind.Teletext, null)]
    [InlineData(0x06, "460566726110 88", ComponentKind.Teletext, null)]
    [InlineData(0x06, "5908636869100001 0001", ComponentKind.Subtitle, null)]
    [InlineData(0x06, "7F0211 00", ComponentKind.T2Mi, null)]
    [InlineData(0x06, "050448455643", ComponentKind.Video, "HEVC")]
    [InlineData(0x06, "050444524131", ComponentKind.Audio, "DRA")]
    [InlineData(0x06, "05044F707573", ComponentKind.Audio, "Opus")]
    [InlineData(0x06, "0504564 14E43", ComponentKind.Data, null)]
    [InlineData(0x06, "", ComponentKind.Unknown, null)]
    [InlineData(0x05, "6F0400100101", ComponentKind.Application, null)]
    [InlineData(0x0B, "6602000A", ComponentKind.Data, null)]
    [InlineData(0x81, "", ComponentKind.Audio, "AC-3")]
    [InlineData(0x82, "0504 48444D56", ComponentKind.Audio, "DTS")]
    [InlineData(0x86, "", ComponentKind.SpliceCue, null)]
    [InlineData(0x86, "050448444D56", ComponentKind.Audio, "DTS-HD")]
    [InlineData(0xA0, "050444524131", ComponentKind.Audio, "DRA")]
    [InlineData(0xEA, "050456432D31", ComponentKind.Video, "VC-1")]
    public void Kind_and_codec_are_declared(int streamType, string descriptors, ComponentKind kind, string? codec)
    {
        var loop = Convert.FromHexString(descriptors.Replace(" ", "", StringComparison.Ordinal));
        var declared = ComponentClassifier.Classify(streamType, loop, []);
        (declared.Format.Kind, declared.Format.Codec).Should().Be((kind, codec));
        ComponentClassifier.CarriesSections(streamType, loop, []).Should().Be(kind is ComponentKind.Application or ComponentKind.SpliceCue || streamType == 0x0B);
        ComponentClassifier.CarriesPes(streamType, loop, []).Should().Be(kind is not (ComponentKind.Application or ComponentKind.SpliceCue or ComponentKind.T2Mi) && streamType != 0x0B);
    }

    [Fact]
    public void Language_audio_type_and_CA_are_declared()
    {
        byte[] loop = [0x0A, 4, .. "chi"u8, 3, 0x09, 4, 0x26, 0x02, 0xE0, 0x10];
        ComponentClassifier.Classify(0x04, loop, []).Should().BeEquivalentTo(new { Language = "chi", AudioType = 3, IsScrambled = true });
        ComponentClassifier.Classify(0x04, [], [0x09, 4, 0x26, 0x02, 0xE0, 0x10]).IsScrambled.Should().BeTrue();
        ComponentClassifier.Classify(0x04, [0x0A, 200, 1], []).Should().BeEquivalentTo(new { Language = (string?)null, IsScrambled = false });
    }
}
