using static SignalWatch.TransportStream.Tests.ElementaryFeed;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Frame headers of sound, written field by field from the standards.</summary>
public sealed class ElementaryAudioTests
{
    [Theory]
    [InlineData(0xFFFDA404, "MPEG-1 Layer II", 48000, 2, "2.0", 192_000, 576)]
    [InlineData(0xFFFD94C4, "MPEG-1 Layer II", 48000, 1, "mono", 160_000, 480)]
    [InlineData(0xFFFDA484, "MPEG-1 Layer II", 48000, 2, "1+1", 192_000, 576)]
    [InlineData(0xFFFB9004, "MPEG-1 Layer III", 44100, 2, "2.0", 128_000, 417)]
    [InlineData(0xFFFF8004, "MPEG-1 Layer I", 44100, 2, "2.0", 256_000, 276)]
    [InlineData(0xFFF58404, "MPEG-2 Layer II", 24000, 2, "2.0", 64_000, 384)]
    public void MPEG_audio(uint header, string codec, int rate, int channels, string layout, int bits, int length)
    {
        byte[] frame = [(byte)(header >> 24), (byte)(header >> 16), (byte)(header >> 8), (byte)header];
        MpegAudio.Read(frame, out var read).Should().BeTrue();
        read.Should().Be(new AudioFrame(length, codec, null, rate, channels, layout, bits));
        var format = Feed(ReaderOf(0x03), 3, Pes(Frames(frame, length, 5), 0xC0)).Format;
        format.Codec.Should().Be(codec);
        format.Audio.Should().BeEquivalentTo(new { SampleRate = rate, Channels = channels, Layout = layout, BitrateBps = bits });
    }

    [Fact]
    public void Frames_that_go_over_PES_packets_are_found_in_the_middle()
    {
        byte[] frame = [0xFF, 0xFD, 0xA4, 0x04];
        var stream = Frames(frame, 576, 8);
        Feed(ReaderOf(0x04), 5, Pes(stream[100..2000], 0xC0), Pes(stream[2000..4000], 0xC0)).Format.Audio!.BitrateBps.Should().Be(192_000);
    }

    [Fact]
    public void One_frame_a_PES_packet_counts_when_the_next_agrees()
    {
        var pes = Pes(Frames([0xFF, 0xFD, 0xA4, 0x04], 576, 1), 0xC0);
        Feed(ReaderOf(0x04), 0, pes, Pes([1, 2, 3], 0xC0)).Format.Audio.Should().BeNull();
        Feed(ReaderOf(0x04), 0, pes, pes, Pes([1, 2, 3], 0xC0)).Format.Audio.Should().NotBeNull();
    }

    [Theory]
    [InlineData(6, 3, 6, "5.1", 48000)]
    [InlineData(2, 4, 2, "2.0", 44100)]
    [InlineData(7, 3, 8, "7.1", 48000)]
    [InlineData(1, 3, 1, "mono", 48000)]
    public void AAC_in_ADTS(int configuration, int frequency, int channels, string layout, int rate)
    {
        var format = Feed(ReaderOf(0x0F), 3, Pes(Adts(configuration, frequency, 300, 6, []), 0xC0)).Format;
        format.Should().BeEquivalentTo(new { Codec = "AAC", Profile = "LC" });
        format.Audio.Should().BeEquivalentTo(new { SampleRate = rate, Channels = channels, Layout = layout, BitrateBps = (int?)null });
        format.DecoderBufferBits.Should().Be(8 * (channels <= 2 ? 3584 : 8976));
    }

    [Fact]
    public void Channels_of_a_program_config_element_are_counted()
    {
        // 13818-7 8.5: front one SCE and one CPE, back one CPE, one LFE.
        var element = new BitWriter().Bits(3, 5).Bits(4, 0).Bits(2, 1).Bits(4, 3).Bits(4, 2).Bits(4, 0).Bits(4, 1).Bits(2, 1).Bits(3, 0).Bits(4, 0).Bits(3, 0)
            .Bits(1, 0).Bits(4, 0).Bits(1, 1).Bits(4, 0).Bits(1, 1).Bits(4, 1).Bits(4, 0).ToArray();
        Feed(ReaderOf(0x0F), 0, Pes(Adts(0, 3, 300, 6, element), 0xC0)).Format.Audio.Should().BeEquivalentTo(new { Channels = 6, Layout = "5.1" });
    }

    [Fact]
    public void HE_AAC_that_the_descriptor_tells_has_twice_the_rate_of_its_core()
    {
        var format = Feed(ReaderOf(0x0F, 0x7C, 2, 0x58, 0x00), 0, Pes(Adts(2, 6, 300, 6, []), 0xC0)).Format;
        format.Codec.Should().Be("HE-AAC");
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = 2 });
        Feed(ReaderOf(0x0F, 0x7C, 2, 0x60, 0x00), 0, Pes(Adts(1, 6, 300, 6, []), 0xC0)).Format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = 2, Layout = "2.0" });
    }

    [Theory]
    [InlineData(2, 0, "AAC", 48000, 2)]
    [InlineData(5, 0, "HE-AAC", 48000, 2)]
    [InlineData(29, 1, "HE-AAC v2", 48000, 2)]
    public void AAC_in_LOAS(int objectType, int channelOverride, string codec, int rate, int channels)
    {
        // 14496-3 1.7.3: StreamMuxConfig version 0 in the first frame, useSameStreamMux in the next.
        var config = new BitWriter().Flag(false).Flag(false).Flag(true).Bits(6, 0).Bits(4, 0).Bits(3, 0).Bits(5, objectType).Bits(4, objectType == 2 ? 3 : 6).Bits(4, channelOverride == 0 ? 2 : channelOverride);
        if (objectType != 2) config.Bits(4, 3).Bits(5, 2);
        config.Bits(3, 0).Bits(3, 0).Bits(8, 0xFF).Flag(false).Flag(false);
        var first = Loas(config.ToArray(), 200);
        var second = Loas([0x80, 1, 2, 3], 180);
        var format = Feed(ReaderOf(0x11), 3, Pes([.. first, .. second, .. first, .. second], 0xC0)).Format;
        format.Codec.Should().Be(codec);
        format.Audio.Should().BeEquivalentTo(new { SampleRate = rate, Channels = channels });
    }

    [Theory]
    [InlineData(2, false, 20, 2, "2.0", 192_000, 768)]
    [InlineData(7, true, 30, 6, "5.1", 448_000, 1792)]
    [InlineData(0, false, 20, 2, "1+1", 192_000, 768)]
    [InlineData(1, false, 14, 1, "mono", 112_000, 448)]
    public void AC_3(int mode, bool lfe, int size, int channels, string layout, int bits, int length)
    {
        var head = new BitWriter().Bits(16, 0x0B77).Bits(16, 0x1234).Bits(2, 0).Bits(6, size).Bits(5, 8).Bits(3, 0).Bits(3, mode);
        if ((mode & 1) != 0 && mode != 1) head.Bits(2, 1);
        if ((mode & 4) != 0) head.Bits(2, 1);
        if (mode == 2) head.Bits(2, 0);
        var frame = head.Flag(lfe).ToArray();
        var format = Feed(ReaderOf(0x81), 3, Pes(Frames(frame, length, 4), 0xBD)).Format;
        format.Codec.Should().Be("AC-3");
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = channels, Layout = layout, BitrateBps = bits });
    }

    [Fact]
    public void A_dependent_substream_of_E_AC_3_adds_its_channels()
    {
        byte[] main = EnhancedAc3(type: 0, bytes: 1024, mode: 7, lfe: true, map: null);
        byte[] rear = EnhancedAc3(type: 1, bytes: 512, mode: 6, lfe: false, map: 0x1800 | 0x0200); // Ls, Rs and the pair of rear surrounds
        byte[] unit = [.. Frames(main, 1024, 1), .. Frames(rear, 512, 1)];
        var format = Feed(ReaderOf(0x06, 0x7A, 1, 0), 3, Pes([.. unit, .. unit, .. unit], 0xBD)).Format;
        format.Codec.Should().Be("E-AC-3");
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = 8, Layout = "7.1", BitrateBps = 1536 * 8 * 48000 / 1536 });
    }

    [Fact]
    public void DTS()
    {
        var head = new BitWriter().Bits(32, 0x7FFE8001).Bits(1, 1).Bits(5, 31).Bits(1, 0).Bits(7, 15).Bits(14, 1005).Bits(6, 9).Bits(4, 13).Bits(5, 15).Bits(10, 0).Bits(2, 2).ToArray();
        var format = Feed(ReaderOf(0x06, 0x7B, 0), 3, Pes(Frames(head, 1006, 4), 0xBD)).Format;
        format.Codec.Should().Be("DTS");
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = 6, Layout = "5.1", BitrateBps = 768_000 });
    }

    [Theory]
    [InlineData(false, 1, 0, 2, "2.0")]
    [InlineData(false, 4, 1, 6, "5.1")]
    [InlineData(true, 4, 1, 6, "5.1")]
    public void DRA(bool extended, int normalCode, int low, int channels, string layout)
    {
        const int words = 128;
        var head = new BitWriter().Bits(16, 0x7FFF).Flag(extended).Bits(extended ? 13 : 10, words).Bits(2, 3).Bits(4, 8).Bits(extended ? 6 : 3, normalCode).Bits(extended ? 2 : 1, low).ToArray();
        var format = Feed(ReaderOf(0x06, 0x05, 4, (byte)'D', (byte)'R', (byte)'A', (byte)'1'), 3, Pes(Frames(head, words * 4, 5), 0xBD)).Format;
        format.Codec.Should().Be("DRA");
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = channels, Layout = layout });
    }

    [Theory]
    [InlineData(2, 6, "5.1")]
    [InlineData(10, 12, "7.1.4")]
    public void Audio_Vivid(int index, int channels, string layout)
    {
        var head = new BitWriter().Bits(12, 0xFFF).Bits(4, 2).Bits(1, 0).Bits(3, 0).Bits(3, 0).Bits(4, 2).Bits(8, 0x5A).Bits(7, index).Bits(2, 1).Bits(4, 2).ToArray();
        var pes = Pes(Frames(head, 700, 1), 0xBD);
        var format = Feed(ReaderOf(0xD5), 0, pes, pes, pes).Format;
        format.Codec.Should().Be("Audio Vivid");
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = channels, Layout = layout });
    }

    [Fact]
    public void Sound_that_no_descriptor_explains_is_found_and_other_data_are_not_called_scrambled()
    {
        var head = new BitWriter().Bits(16, 0x7FFF).Flag(false).Bits(10, 128).Bits(2, 3).Bits(4, 8).Bits(3, 1).Bits(1, 0).ToArray();
        var format = Feed(ReaderOf(0x06), 3, Pes(Frames(head, 512, 5), 0xBD)).Format;
        format.Should().BeEquivalentTo(new { Kind = ComponentKind.Audio, Codec = "DRA" });
        format.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = 2 });

        var random = new Random(5);
        var data = ReaderOf(0x06);
        for (var i = 0; i < 200; i++)
        {
            var noise = new byte[3000];
            random.NextBytes(noise);
            Feed(data, i, Pes(noise, 0xBD));
        }
        data.Format.Kind.Should().Be(ComponentKind.Unknown);
        data.LooksScrambled.Should().BeFalse();
    }

    [Fact]
    public void Sound_that_is_not_what_the_PMT_calls_it_is_what_its_frames_say()
    {
        Feed(ReaderOf(0x0F), 3, Pes(Frames([0xFF, 0xFD, 0xA4, 0x04], 576, 5), 0xC0)).Format.Codec.Should().Be("MPEG-1 Layer II");
        Feed(ReaderOf(0x03), 3, Pes(Adts(2, 3, 300, 6, []), 0xC0)).Format.Codec.Should().Be("AAC");
    }

    [Fact]
    public void Sound_of_unknown_frames_is_not_called_scrambled()
    {
        var random = new Random(5);
        var coded = new byte[3000];
        for (var i = 0; i < coded.Length; i++) coded[i] = (byte)(random.Next(256) & random.Next(256)); // as unequal as coded sound can be
        var reader = ReaderOf(0x0F);
        for (var i = 0; i < 10; i++) Feed(reader, i, Pes(coded, 0xC0));
        reader.LooksScrambled.Should().BeNull();
    }

    [Fact]
    public void Private_data_without_PES_headers_are_not_called_scrambled()
    {
        var reader = ReaderOf(0x06);
        for (var i = 0; i < 5; i++) reader.NoHeader(PesParse.NoStartCode);
        reader.LooksScrambled.Should().BeNull();
        var video = ReaderOf(0x1B);
        for (var i = 0; i < 3; i++) video.NoHeader(PesParse.NoStartCode);
        video.LooksScrambled.Should().BeTrue();
    }

    [Fact]
    public void Noise_has_no_format()
    {
        var random = new Random(3);
        foreach (var type in new[] { 0x03, 0x0F, 0x11, 0x81, 0xD5 })
        {
            var reader = ReaderOf(type);
            for (var i = 0; i < 400; i++)
            {
                var noise = new byte[3000];
                random.NextBytes(noise);
                Feed(reader, i, Pes(noise, 0xC0));
            }
            reader.Format.Audio.Should().BeNull("stream type {0:X2}", type);
            reader.LooksScrambled.Should().BeTrue();
        }
    }

    private static byte[] Frames(byte[] header, int length, int count)
    {
        var filler = Enumerable.Range(0, Math.Max(0, length - header.Length)).Select(i => (byte)(i * 7 + 1 & 0x7E));
        byte[] frame = [.. header, .. filler];
        return [.. Enumerable.Repeat(frame[..length], count).SelectMany(f => f)];
    }

    private static byte[] Adts(int configuration, int frequency, int length, int count, byte[] payload) =>
        Frames([.. new BitWriter().Bits(12, 0xFFF).Bits(1, 0).Bits(2, 0).Bits(1, 1).Bits(2, 1).Bits(4, frequency).Bits(1, 0).Bits(3, configuration).Bits(4, 0).Bits(13, length).Bits(11, 0x7FF).Bits(2, 0).ToArray(), .. payload], length, count);

    private static byte[] Loas(byte[] element, int length) => Frames([.. new BitWriter().Bits(11, 0x2B7).Bits(13, length - 3).ToArray(), .. element], length, 1);

    private static byte[] EnhancedAc3(int type, int bytes, int mode, bool lfe, int? map)
    {
        var head = new BitWriter().Bits(16, 0x0B77).Bits(2, type).Bits(3, 0).Bits(11, bytes / 2 - 1).Bits(2, 0).Bits(2, 3).Bits(3, mode).Flag(lfe).Bits(5, 16).Bits(5, 27).Flag(false);
        if (type == 1) head.Flag(map is not null);
        if (map is { } channels) head.Bits(16, channels);
        return head.ToArray();
    }
}
