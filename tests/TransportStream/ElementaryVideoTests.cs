using static SignalWatch.TransportStream.Tests.ElementaryFeed;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Sequence headers of H.26x and MPEG video: published vectors, and headers written field by field from the standards.</summary>
public sealed class ElementaryVideoTests
{
    private static readonly byte[] AvcSlice = Unit(0x65, 0x88, 0x84, 0x00, 0x10);
    private static readonly byte[] HevcSlice = Unit(0x26, 0x01, 0xAF, 0x06, 0xB8);

    // The first three are of the WebRTC project's tests of its SPS parser, the fourth of mux.js, the fifth of an Amcrest camera (ouro), the last of h264nal (601.264).
    [Theory]
    [InlineData("7A001FBCD9405005BA10000003 00C000002AE0F1831960", 1280, 720, "High 4:2:2", "3.1", null)]
    [InlineData("7A001EBCD940A02FF898400000030180000056 83C58B6580", 640, 360, "High 4:2:2", "3.0", null)]
    [InlineData("7A000DBCD943433E5E10000003006000 0015A0F1429960", 200, 400, "High 4:2:2", "1.3", null)]
    [InlineData("42C01ED900B435F9E100000300010000 03003C0F162E48", 720, 404, "Constrained Baseline", "3.0", 30.0)]
    [InlineData("64001FAC34C805005BFF016E020202800001F40000 3A98743 0004E2A000138A85DE5C6860009C540002715 0BBCB850", 1280, 720, "High", "3.1", null)]
    [InlineData("42C016A6110507E9B2000003000200000300641E2C5C2300", 320, 240, "Constrained Baseline", "2.2", 25.0)]
    public void Published_AVC_parameter_sets_are_read(string hex, int width, int height, string profile, string level, double? rate)
    {
        var sps = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        for (var seed = 0; seed < 20; seed++)
        {
            var format = Feed(ReaderOf(0x1B), seed, Pes([.. Unit(0x09, 0xF0), .. Unit([0x67, .. sps]), .. AvcSlice])).Format;
            format.Should().BeEquivalentTo(new { Codec = "H.264", Profile = profile, Level = level }, "with pieces of seed {0}", seed);
            format.Video.Should().BeEquivalentTo(new { Width = width, Height = height });
            if (rate is not null) format.Video!.FrameRate.Should().Be(rate);
        }
    }

    // Of go2rtc's tests (two cameras) and of h265nal's.
    [Theory]
    [InlineData("420101016000000300000300000300000300 99A000A00801687F8AAD3BA24BBFFC0004 0005B0200293 2E00337F9801", 5120, 1440)]
    [InlineData("420101214000000300900000030000030096A005020169 67A5B91285CD404080B84000000300400000051449FF78400EA60015F95F080410", 640, 360)]
    public void Published_HEVC_parameter_sets_are_read(string hex, int width, int height)
    {
        var sps = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        for (var seed = 0; seed < 20; seed++)
            Feed(ReaderOf(0x24), seed, Pes([.. Unit(sps), .. HevcSlice])).Format.Video.Should().BeEquivalentTo(new { Width = width, Height = height }, "with pieces of seed {0}", seed);
    }

    [Fact]
    public void Interlaced_AVC_with_HRD_and_cropping_is_read_to_its_end()
    {
        var format = Feed(ReaderOf(0x1B), 3, Pes([.. Nal([0x67], AvcSps(frameMbsOnly: false, rateValue: 12_000, cpbValue: 9_000)), .. AvcSlice])).Format;
        format.Should().BeEquivalentTo(new { Profile = "High 10", Level = "4.1", MaxBitrateBps = 12_000L << 6, DecoderBufferBits = 9_000L << 4 });
        format.Video.Should().BeEquivalentTo(new { Width = 1920, Height = 1080, FrameRate = 25.0, Interlaced = true, BitDepth = 10, Chroma = "4:2:0", AspectRatio = "16:9", ColourPrimaries = "BT.709", Transfer = "BT.709", Matrix = "BT.709", DynamicRange = "SDR" });
    }

    [Fact]
    public void Frames_that_may_be_fields_are_progressive_where_picture_timing_says_frame()
    {
        byte[] Timing(int structure) => Nal([0x06], [1, 3, .. new BitWriter().Bits(8, 0).Bits(8, 0).Bits(4, structure).Bits(4, 0).ToArray(), 0x80]);
        byte[] sps = Nal([0x67], AvcSps(frameMbsOnly: false, rateValue: 1, cpbValue: 1));
        var frames = Feed(ReaderOf(0x1B), 5, Pes([.. sps, .. Timing(0), .. AvcSlice]), Pes([.. Timing(0), .. AvcSlice]));
        frames.Format.Video!.Interlaced.Should().BeFalse();
        Feed(ReaderOf(0x1B), 5, Pes([.. sps, .. Timing(3), .. AvcSlice])).Format.Video!.Interlaced.Should().BeTrue();
    }

    [Fact]
    public void The_levels_limits_stand_where_the_stream_has_no_HRD()
    {
        var sps = Convert.FromHexString("42C01ED900B435F9E10000030001000003003C0F162E48"); // level 3: 10,000 by 1,200
        Feed(ReaderOf(0x1B), 0, Pes([.. Unit([0x67, .. sps]), .. AvcSlice])).Format.Should().BeEquivalentTo(new { MaxBitrateBps = 12_000_000L, DecoderBufferBits = 12_000_000L });
    }

    [Theory]
    [InlineData(16, "PQ", "PQ")]
    [InlineData(18, "HLG", "HLG")]
    [InlineData(14, "BT.2020 10 bit", "SDR")]
    public void HEVC_with_colour_timing_and_HRD_is_read_to_its_end(int transfer, string name, string range)
    {
        var format = Feed(ReaderOf(0x24), 7, Pes([.. Nal([0x42, 0x01], HevcSps(transfer, fieldSequence: false)), .. HevcSlice])).Format;
        format.Should().BeEquivalentTo(new { Profile = "Main 10", Level = "5.1 High", MaxBitrateBps = 625_000L << 6, DecoderBufferBits = 2_500_000L << 4 });
        format.Video.Should().BeEquivalentTo(new { Width = 3840, Height = 2160, FrameRate = 50.0, Interlaced = false, BitDepth = 10, AspectRatio = "16:9", ColourPrimaries = "BT.2020", Transfer = name, Matrix = "BT.2020 NCL", DynamicRange = range });
    }

    [Fact]
    public void Fields_as_pictures_make_a_frame_of_twice_the_lines_at_half_the_rate()
    {
        var video = Feed(ReaderOf(0x24), 0, Pes([.. Nal([0x42, 0x01], HevcSps(1, fieldSequence: true)), .. HevcSlice])).Format.Video;
        video.Should().BeEquivalentTo(new { Height = 4320, FrameRate = 25.0, Interlaced = true });
    }

    [Fact]
    public void HLG_for_old_receivers_and_HDR_Vivid_are_told_by_SEI()
    {
        byte[] sps = Nal([0x42, 0x01], HevcSps(14, fieldSequence: false));
        byte[] alternative = Nal([0x4E, 0x01], [147, 1, 18, 0x80]);
        byte[] vivid = Nal([0x4E, 0x01], [4, 8, 0x26, 0, 4, 0, 5, 1, 2, 3, 0x80]);
        Feed(ReaderOf(0x24), 2, Pes([.. sps, .. alternative, .. HevcSlice])).Format.Video.Should().BeEquivalentTo(new { Transfer = "BT.2020 10 bit", DynamicRange = "HLG" });
        Feed(ReaderOf(0x24), 2, Pes([.. sps, .. alternative, .. vivid, .. HevcSlice])).Format.Video!.DynamicRange.Should().Be("HDR Vivid");
    }

    [Fact]
    public void MPEG_2_with_extensions_is_read()
    {
        var format = Feed(ReaderOf(0x02), 4, Pes([.. Mpeg2(1920, 1088 - 8, 0x44), .. Unit(0x00, 0x12, 0x34, 0x56)])).Format;
        format.Should().BeEquivalentTo(new { Codec = "MPEG-2 Video", Profile = "Main", Level = "High", MaxBitrateBps = 80_000_000L, DecoderBufferBits = 488L * 16 * 1024 });
        format.Video.Should().BeEquivalentTo(new { Width = 1920, Height = 1080, FrameRate = 25.0, Interlaced = true, Chroma = "4:2:0", AspectRatio = "16:9", ColourPrimaries = "BT.709" });
    }

    [Fact]
    public void A_sequence_header_without_extension_is_MPEG_1()
    {
        var header = new BitWriter().Bits(12, 352).Bits(12, 288).Bits(4, 1).Bits(4, 3).Bits(18, 1_150_000 / 400).Bits(1, 1).Bits(10, 20).Bits(3, 4).ToArray();
        var format = Feed(ReaderOf(0x01), 0, Pes([.. Unit([0xB3, .. header]), .. Unit(0x00, 0x12, 0x34)])).Format;
        format.Should().BeEquivalentTo(new { Codec = "MPEG-1 Video", MaxBitrateBps = 1_150_000L, DecoderBufferBits = 20L * 16 * 1024 });
        format.Video.Should().BeEquivalentTo(new { Width = 352, Height = 288, FrameRate = 25.0, Interlaced = false });
    }

    [Fact]
    public void A_change_of_format_is_seen_at_the_next_look()
    {
        var reader = ReaderOf(0x02);
        Feed(reader, 1, Pes([.. Mpeg2(720, 576, 0x48), .. Unit(0x00, 0x12, 0x34)]));
        var first = reader.Format;
        Feed(reader, 1, Pes([.. Unit(0x00, 1, 2)]), Pes([.. Mpeg2(1920, 1080, 0x44), .. Unit(0x00, 0x12, 0x34)]), Pes([.. Mpeg2(1920, 1080, 0x44), .. Unit(0x00, 0x12, 0x34)]));
        first.Video!.Width.Should().Be(720);
        reader.Format.Video!.Width.Should().Be(1920);
    }

    [Fact]
    public void A_spare_parameter_set_is_no_change_of_format()
    {
        byte[] used = Unit(0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xB4, 0x35, 0xF9, 0xE1, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3C, 0x0F, 0x16, 0x2E, 0x48); // id 0, 720x404
        byte[] spare = Nal([0x67], AvcSps(frameMbsOnly: false, rateValue: 1, cpbValue: 1, id: 1));
        var reader = Feed(ReaderOf(0x1B), 3, Pes([.. used, .. AvcSlice]));
        var format = reader.Format;
        Feed(reader, 3, Pes([.. used, .. spare, .. AvcSlice]), Pes([.. spare, .. used, .. AvcSlice]), Pes([.. AvcSlice, .. AvcSlice]));
        reader.Format.Should().BeSameAs(format);
        Feed(reader, 3, [.. Enumerable.Repeat(Pes([.. spare, .. AvcSlice]), 5)]).Format.Video!.Width.Should().Be(1920, "it is sent alone now");
    }

    [Fact]
    public void It_looks_on_after_a_second_until_a_sequence_header_comes()
    {
        var reader = ReaderOf(0x02);
        const long picture = 40_000_000;
        void Show(byte[] elementary, long time)
        {
            PesHeader.TryRead(Pes(elementary), out var header);
            reader.Start(header, elementary, time);
        }
        byte[] inner = [.. Unit(0x00, 0x12, 0x34), .. Unit(0x01, 0x22, 0x33)];
        for (var i = 0; i < 100; i++) Show(i % 40 == 0 ? [.. Mpeg2(i < 50 ? 720 : 1920, 576, 0x48), .. inner] : inner, i * picture);
        reader.Format.Video!.Width.Should().Be(1920, "the header that changed is of picture 80, 3.2 s after the first");
        Show(inner, 100 * picture);
        reader.Wants.Should().BeFalse();
    }

    [Fact]
    public void VVC_picture_size_profile_and_level_are_read()
    {
        // ISO/IEC 23090-3 7.3.2.4 and 7.3.3.1: Main 10 at 5.1, 3840x2176 less 16 lines, 10 bits.
        var sps = new BitWriter().Bits(4, 0).Bits(4, 0).Bits(3, 1).Bits(2, 1).Bits(2, 2).Flag(true)
            .Bits(7, 1).Flag(false).Bits(8, 83).Flag(true).Flag(false).Flag(false).Bits(5, 0)
            .Flag(true).Bits(7, 0).Bits(8, 80).Bits(8, 0)
            .Flag(false).Flag(false).Ue(3840).Ue(2176).Flag(true).Ue(0).Ue(0).Ue(0).Ue(8).Flag(false).Ue(2).ToArray(stopBit: true);
        var format = Feed(ReaderOf(0x33), 3, Pes([.. Nal([0x00, 0x79], sps), .. Unit(0x00, 0x39, 0x12, 0x34)])).Format;
        format.Should().BeEquivalentTo(new { Codec = "VVC", Profile = "Main 10", Level = "5.1" });
        format.Video.Should().BeEquivalentTo(new { Width = 3840, Height = 2160, BitDepth = 10, Chroma = "4:2:0" });
    }

    [Fact]
    public void A_header_whose_packet_is_lost_is_not_read()
    {
        var reader = ReaderOf(0x02);
        var pes = Pes(Mpeg2(720, 576, 0x48));
        PesHeader.TryRead(pes, out var header).Should().Be(PesParse.Ok);
        reader.Start(header, pes.AsSpan(header.HeaderBytes, 8), 0);
        reader.Loss();
        reader.Wants.Should().BeFalse();
        reader.Continue(pes.AsSpan(header.HeaderBytes + 8));
        reader.Format.Video.Should().BeNull();
    }

    private static byte[] Mpeg2(int width, int height, int profileAndLevel) =>
    [
        .. Unit([0xB3, .. new BitWriter().Bits(12, width & 0xFFF).Bits(12, height & 0xFFF).Bits(4, 3).Bits(4, 3).Bits(18, 37_500).Bits(1, 1).Bits(10, 488).Bits(3, 0).ToArray()]),
        .. Unit([0xB5, .. new BitWriter().Bits(4, 1).Bits(8, profileAndLevel).Bits(1, 0).Bits(2, 1).Bits(4, 0).Bits(12, 0).Bits(1, 1).Bits(8, 0).Bits(1, 0).Bits(7, 0).ToArray()]),
        .. Unit([0xB5, .. new BitWriter().Bits(4, 2).Bits(3, 1).Bits(1, 1).Bits(8, 1).Bits(8, 1).Bits(8, 1).Bits(14, width).Bits(1, 1).Bits(14, height).ToArray()]),
    ];

    // ISO/IEC 14496-10 7.3.2.1.1 and E.1: High 10 at 4.1, 1920x1088 less 8 lines, 50 fields a second, NAL HRD.
    private static byte[] AvcSps(bool frameMbsOnly, int rateValue, int cpbValue, int id = 0) => new BitWriter()
        .Bits(8, 110).Bits(8, 0).Bits(8, 41).Ue(id)
        .Ue(1).Ue(2).Ue(2).Flag(false).Flag(false)
        .Ue(4).Ue(0).Ue(4).Ue(2).Flag(false)
        .Ue(119).Ue(frameMbsOnly ? 67 : 33).Flag(frameMbsOnly).Bits(frameMbsOnly ? 0 : 1, 1).Flag(true)
        .Flag(true).Ue(0).Ue(0).Ue(0).Ue(frameMbsOnly ? 4 : 2)
        .Flag(true)
        .Flag(true).Bits(8, 1)
        .Flag(false)
        .Flag(true).Bits(3, 5).Flag(false).Flag(true).Bits(8, 1).Bits(8, 1).Bits(8, 1)
        .Flag(false)
        .Flag(true).Bits(32, 1).Bits(32, 50).Flag(true)
        .Flag(true).Ue(0).Bits(4, 0).Bits(4, 0).Ue(rateValue - 1).Ue(cpbValue - 1).Flag(false).Bits(5, 23).Bits(5, 7).Bits(5, 7).Bits(5, 0)
        .Flag(false).Flag(false).Flag(true)
        .Flag(false).ToArray(stopBit: true);

    // ISO/IEC 23008-2 7.3.2.2 and E.2: Main 10 at 5.1 high tier, two sub-layers, two short-term sets of which the second is predicted, VUI and HRD.
    private static byte[] HevcSps(int transfer, bool fieldSequence) => new BitWriter()
        .Bits(4, 0).Bits(3, 1).Flag(true)
        .Bits(2, 0).Flag(true).Bits(5, 2).Bits(32, 0x20000000).Flag(!fieldSequence).Flag(fieldSequence).Flag(false).Flag(!fieldSequence).Bits(32, 0).Bits(12, 0).Bits(8, 153)
        .Flag(false).Flag(true).Bits(14, 0).Bits(8, 150)
        .Ue(0).Ue(1).Ue(3840).Ue(2176).Flag(true).Ue(0).Ue(0).Ue(0).Ue(8)
        .Ue(2).Ue(2).Ue(4).Flag(true).Ue(4).Ue(2).Ue(0).Ue(4).Ue(2).Ue(0)
        .Ue(0).Ue(3).Ue(0).Ue(3).Ue(1).Ue(1)
        .Flag(false).Flag(true).Flag(true).Flag(false)
        .Ue(2)
        .Ue(1).Ue(1).Ue(0).Flag(true).Ue(0).Flag(true)
        .Flag(true).Flag(false).Ue(0).Flag(true).Flag(false).Flag(true).Flag(true)
        .Flag(false).Flag(true).Flag(true)
        .Flag(true)
        .Flag(true).Bits(8, 1).Flag(false)
        .Flag(true).Bits(3, 5).Flag(false).Flag(true).Bits(8, 9).Bits(8, transfer).Bits(8, 9)
        .Flag(false)
        .Flag(false).Flag(fieldSequence).Flag(true)
        .Flag(true).Ue(0).Ue(8).Ue(0).Ue(8)
        .Flag(true).Bits(32, 1).Bits(32, 50).Flag(true).Ue(0)
        .Flag(true).Flag(true).Flag(false).Flag(false).Bits(4, 0).Bits(4, 0).Bits(5, 23).Bits(5, 15).Bits(5, 5)
        .Flag(true).Ue(0).Ue(0).Ue(624_999).Ue(2_499_999).Flag(false)
        .Flag(false).Flag(true).Ue(0).Ue(0).Ue(624_999).Ue(2_499_999).Flag(false)
        .Flag(false)
        .Flag(false).ToArray(stopBit: true);
}
