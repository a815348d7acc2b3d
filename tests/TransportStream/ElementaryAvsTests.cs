using static SignalWatch.TransportStream.Tests.ElementaryFeed;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Sequence headers of AVS, AVS+, AVS2 and AVS3, written field by field from the published syntax (no recording of them is public).</summary>
public sealed class ElementaryAvsTests
{
    private const int Marker = 1;
    private static readonly byte[] PictureAndSlice = [.. Unit(0xB3, 0x00, 0x10, 0x20), .. Unit(0x00, 0x55)];

    [Fact]
    public void AVS_plus_of_a_Chinese_HD_channel_is_read()
    {
        var format = Feed(ReaderOf(0x42), 3, Pes([.. Unit([0xB0, .. Avs(0x48, 0x40, 1920, 1080, progressive: false)]), .. PictureAndSlice])).Format;
        format.Should().BeEquivalentTo(new { Kind = ComponentKind.Video, Codec = "AVS+", Profile = "Guangbo", Level = "6.0.0.08.60", MaxBitrateBps = 12_000_000L, DecoderBufferBits = 244L * 16 * 1024 });
        format.Video.Should().BeEquivalentTo(new { Width = 1920, Height = 1080, FrameRate = 25.0, Interlaced = true, BitDepth = 8, Chroma = "4:2:0", AspectRatio = "16:9", ColourPrimaries = (string?)null, DynamicRange = (string?)null });
    }

    [Fact]
    public void A_sequence_header_given_byte_by_byte_is_read()
    {
        // Jizhun at 4.0.0.08.30, 720x576, 4:2:0, 8 bits, 4:3, 25 Hz, 3 Mb/s (7,500), BBV 112: bits of GB/T 20090.2 7.1.2.1 put together by hand.
        // 00100000 00100000 0 00001011010000 00001001000000 01 001 0010 0011 000001110101001100 1 000000000000 0 1 000000000001110000 000
        byte[] header = [0x20, 0x20, 0x05, 0xA0, 0x12, 0x02, 0x48, 0xC1, 0xD4, 0xC8, 0x00, 0x20, 0x03, 0x80];
        var format = Feed(ReaderOf(0x42), 0, Pes([.. Unit([0xB0, .. header]), .. PictureAndSlice])).Format;
        format.Should().BeEquivalentTo(new { Codec = "AVS", Profile = "Jizhun", Level = "4.0.0.08.30", MaxBitrateBps = 3_000_000L, DecoderBufferBits = 112L * 16 * 1024 });
        format.Video.Should().BeEquivalentTo(new { Width = 720, Height = 576, FrameRate = 25.0, AspectRatio = "4:3", Interlaced = true });
    }

    [Theory]
    [InlineData(12, "PQ", "PQ")]
    [InlineData(14, "HLG", "HLG")]
    [InlineData(1, "BT.709", "SDR")]
    public void AVS2_of_a_UHD_channel_is_read(int transfer, string name, string range)
    {
        var format = Feed(ReaderOf(0xD2), 9, Pes([.. Unit([0xB0, .. Avs2(0x22, 0x56)]), .. Unit([0xB5, .. Display(transfer)]), .. PictureAndSlice])).Format;
        format.Should().BeEquivalentTo(new { Codec = "AVS2", Profile = "Main-10bit", Level = "8.2.60", MaxBitrateBps = 36_000_000L, DecoderBufferBits = 2_000L * 16 * 1024 });
        format.Video.Should().BeEquivalentTo(new { Width = 3840, Height = 2160, FrameRate = 50.0, Interlaced = false, BitDepth = 10, Chroma = "4:2:0", AspectRatio = "16:9", ColourPrimaries = "BT.2020", Transfer = name, Matrix = "BT.2020 NCL", DynamicRange = range });
    }

    [Fact]
    public void HDR_Vivid_of_AVS_stands_behind_the_picture_header()
    {
        var format = Feed(ReaderOf(0xD2), 9, Pes([.. Unit([0xB0, .. Avs2(0x22, 0x56)]), .. Unit([0xB5, .. Display(12)]), .. Unit(0xB3, 0, 0x10), .. Unit(0xB5, 0x55, 0x26, 0x00), .. Unit(0x00, 0x11)])).Format;
        format.Video!.DynamicRange.Should().Be("HDR Vivid");
        format.Video.Transfer.Should().Be("PQ");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AVS3_is_read_with_and_without_library_pictures(bool library)
    {
        var bits = new BitWriter().Bits(8, 0x32).Bits(8, 0x64).Flag(true).Flag(false)
            .Flag(false).Flag(library);
        if (library) bits.Flag(true);
        var header = bits.Bits(1, Marker).Bits(14, 7680).Bits(1, Marker).Bits(14, 4320).Bits(2, 1).Bits(3, 2).Bits(3, 2)
            .Bits(1, Marker).Bits(4, 3).Bits(4, 6).Bits(1, Marker).Bits(18, 120_000_000 / 400 & 0x3FFFF).Bits(1, Marker).Bits(12, 120_000_000 / 400 >> 18)
            .Flag(false).Flag(true).Bits(1, Marker).Bits(18, 5_000).Bits(1, Marker).Ue(3).ToArray();
        var format = Feed(ReaderOf(0xD4), 2, Pes([.. Unit([0xB0, .. header]), .. Unit([0xB5, .. Display(14)]), .. PictureAndSlice])).Format;
        format.Should().BeEquivalentTo(new { Codec = "AVS3", Profile = "High 10", Level = "10.0.60", MaxBitrateBps = 120_000_000L, DecoderBufferBits = 5_000L * 16 * 1024 });
        format.Video.Should().BeEquivalentTo(new { Width = 7680, Height = 4320, FrameRate = 50.0, BitDepth = 10, DynamicRange = "HLG" });
    }

    [Fact]
    public void What_a_standard_reserves_is_not_named()
    {
        var format = Feed(ReaderOf(0xD2), 0, Pes([.. Unit([0xB0, .. Avs2(0x99, 0x57)]), .. PictureAndSlice])).Format;
        format.Codec.Should().Be("AVS2");
        (format.Profile, format.Level).Should().Be((null, null));
    }

    // GB/T 20090.2 and GY/T 257.1: sequence_header.
    private static byte[] Avs(int profile, int level, int width, int height, bool progressive) => new BitWriter()
        .Bits(8, profile).Bits(8, level).Flag(progressive).Bits(14, width).Bits(14, height).Bits(2, 1).Bits(3, 1).Bits(4, 3).Bits(4, 3)
        .Bits(18, 30_000).Bits(1, Marker).Bits(12, 0).Flag(false).Bits(1, Marker).Bits(18, 244).Bits(3, 0).ToArray();

    // GB/T 33475.2: sequence_header; encoding_precision is there for 10 bits alone.
    private static byte[] Avs2(int profile, int level)
    {
        var bits = new BitWriter().Bits(8, profile).Bits(8, level).Flag(true).Flag(false).Bits(14, 3840).Bits(14, 2160).Bits(2, 1).Bits(3, 2);
        if (profile == 0x22) bits.Bits(3, 2);
        return bits.Bits(4, 3).Bits(4, 6).Bits(18, 90_000).Bits(1, Marker).Bits(12, 0).Flag(false).Bits(1, Marker).Flag(true).Bits(18, 2_000).Bits(3, 6).Bits(20, 0xFFFFF).ToArray();
    }

    private static byte[] Display(int transfer) => new BitWriter()
        .Bits(4, 2).Bits(3, 0).Flag(false).Flag(true).Bits(8, 9).Bits(8, transfer).Bits(8, 8).Bits(14, 3840).Bits(1, Marker).Bits(14, 2160).Flag(false).ToArray();
}
