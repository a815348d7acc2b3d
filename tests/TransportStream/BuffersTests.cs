using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Each fault of the system target decoder on streams that are made for it, and their neighbours just inside the limit.</summary>
public sealed class BuffersTests
{
    private const long Ms = 1_000_000;
    private const long Tick = ProgramClock.Hz / 1000;
    private static readonly DecoderBufferSettings Sound = new(3584, 0, 0, 1);
    private static readonly DecoderBufferSettings Pictures = new(229_376, 10_000, 15_000_000, 1, 3636);

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)] // 3 packets of 188 less what leaves while they come: 534
    public void Packets_that_come_faster_than_TB_empties_overflow_it(int inRow, bool overflows)
    {
        // 38 Mb/s in, 2 Mb/s out: a packet takes 39.6 µs, in which 9.9 bytes leave.
        var faults = Transport(2_000_000, Enumerable.Range(0, 50).SelectMany(burst => Enumerable.Range(1, inRow).Select(i => burst * 20 * Ms + i * 39_600L)), 39_600);
        faults.Select(f => f.Fault).Should().Equal(overflows ? Enumerable.Repeat(BufferFault.TransportOverflow, 50) : []);
        faults.All(f => f.Measured is > 533 and < 535).Should().BeTrue();
    }

    [Fact]
    public void An_overflow_that_goes_on_is_one_fault_until_TB_is_empty()
    {
        var times = Enumerable.Range(0, 200).Select(i => i * 100_000L).Concat(Enumerable.Range(0, 200).Select(i => 1000 * Ms + i * 100_000L));
        Transport(2_000_000, times, 39_600).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(0.99, false)]
    [InlineData(1.0001, true)]
    public void A_PID_as_fast_as_TB_empties_keeps_it_filled_for_more_than_a_second(double share, bool filled)
    {
        // The packets come at a share of the leak rate of 1 Mb/s, after two that came together.
        const double Gap = 188 * 8e9 / 1_000_000;
        var times = new[] { 40_000L, 80_000 }.Concat(Enumerable.Range(1, 1500).Select(i => 80_000 + (long)(i * Gap / share)));
        var faults = Transport(1_000_000, times, 40_000);
        if (filled) faults.Should().ContainSingle().Which.Should().Match<BufferFaultAt>(f => f.Fault == BufferFault.TransportNotEmptied && f.Measured > 1000);
        else faults.Should().BeEmpty();
    }

    [Fact]
    public void Where_the_duration_of_a_packet_is_unknown_the_smallest_fill_counts()
    {
        Transport(2_000_000, Enumerable.Range(0, 1000).Select(i => i * 752_000L), 0).Should().BeEmpty(); // just the leak rate
        Transport(2_000_000, Enumerable.Range(0, 1000).Select(i => i * 700_000L), 0).Should().NotBeEmpty();
    }

    [Fact]
    public void Time_that_goes_back_and_a_buffer_that_is_not_set_up_say_nothing()
    {
        Transport(2_000_000, [5000 * Ms, 10 * Ms, 4999 * Ms, 1 * Ms, 9000 * Ms], 39_600).Should().BeEmpty();
        Transport(0, Enumerable.Range(0, 100).Select(i => (long)i), 39_600).Should().BeEmpty();
    }

    [Fact]
    public void TB_takes_24_bytes_and_allocates_nothing()
    {
        System.Runtime.CompilerServices.Unsafe.SizeOf<TransportBuffer>().Should().Be(24);
        var buffer = new TransportBuffer();
        buffer.Configure(1_000_000);
        Allocated.Bytes(() =>
        {
            for (var i = 0; i < 10_000; i++) buffer.Packet(i * 40_000L, out _, out _, 39_600);
        }).Should().Be(0);
    }

    [Theory]
    [InlineData(11, false)] // 2,013 bytes: no more than Bsys and what may still lie in TBsys
    [InlineData(13, true)]
    public void Sections_in_a_burst_overflow_Bsys(int packets, bool overflows)
    {
        var faults = SystemFaults(20_000_000, Enumerable.Range(0, packets).Select(i => 1000 * Ms + i * 1_600_000L), 183);
        faults.Select(f => f.Fault).Should().Equal(overflows ? [BufferFault.SystemOverflow] : []);
    }

    [Fact]
    public void PSI_as_fast_as_TBsys_empties_keeps_it_filled()
    {
        var faults = SystemFaults(200_000_000, new[] { 40_000L, 80_000 }.Concat(Enumerable.Range(1, 1500).Select(i => 80_000L + i * 1_503_900L)), 10);
        faults.Should().ContainSingle().Which.Fault.Should().Be(BufferFault.SystemNotEmptied);
    }

    [Theory]
    [InlineData(120, 576, false)]
    [InlineData(240, 576, true)]
    public void Sound_that_comes_too_early_overflows_B(int aheadMs, int frameBytes, bool overflows)
    {
        // Frames of 24 ms: 120 ms ahead means five or six of them in the buffer, 240 ten; 3,584 bytes hold six, and TB 512 bytes more.
        var faults = Decode(Sound, 200, 24, frameBytes, aheadMs);
        faults.Select(f => f.Fault).Should().Equal(overflows ? [BufferFault.ElementaryOverflow] : []);
    }

    [Theory]
    [InlineData(37, false)]
    [InlineData(34, true)]
    public void A_picture_that_is_not_whole_when_it_is_due_underflows_EB(int aheadMs, bool underflows)
    {
        var faults = Decode(Pictures, 20, 40, 40_000, aheadMs); // its last byte comes after 36 ms
        faults.Select(f => f.Fault).Should().Equal(underflows ? [BufferFault.ElementaryUnderflow] : []);
        faults.All(f => f.Unit == "ms" && Math.Abs(f.Measured - 2) < 0.01).Should().BeTrue();
    }

    [Fact]
    public void Where_a_packet_may_carry_several_units_only_what_comes_after_the_next_is_due_is_late()
    {
        List<BufferFaultAt> faults = [];
        var buffer = new DecoderBuffer(Pictures with { UnitTicks = null });
        for (var i = 0; i < 10; i++) Picture(buffer, faults, i * 40, 40_000, 30); // last byte 6 ms after the DTS of its packet, 34 before the next
        faults.Should().BeEmpty();
        for (var i = 10; i < 20; i++) Picture(buffer, faults, i * 40, 40_000, -10);
        faults.Should().ContainSingle().Which.Fault.Should().Be(BufferFault.ElementaryUnderflow);
    }

    [Theory]
    [InlineData(10_000, false)]
    [InlineData(12_000, true)]
    public void Pictures_beyond_EB_fill_MB_and_overflow_it(int pictureBytes, bool overflows)
    {
        // 900 ms ahead are 22 or 23 pictures: EB and MB hold 239,376 bytes.
        var faults = Decode(Pictures, 60, 40, pictureBytes, 900);
        faults.Select(f => f.Fault).Should().Equal(overflows ? [BufferFault.MultiplexOverflow] : []);
    }

    [Theory]
    [InlineData(998, 1, false)]
    [InlineData(1004, 1, true)]
    [InlineData(9_990, 10, false)]
    [InlineData(10_010, 10, true)]
    public void Data_that_stay_too_long_are_delayed(int aheadMs, double limit, bool delayed)
    {
        var faults = Decode(Pictures with { ElementaryBytes = 1e9, DelayLimitSeconds = limit }, 40, 40, 1000, aheadMs);
        faults.Select(f => f.Fault).Should().Equal(delayed ? [BufferFault.DataDelay] : []);
        faults.All(f => f.Unit == "ms" && f.Measured > f.Limit).Should().BeTrue();
    }

    [Fact]
    public void Both_clocks_go_round_without_a_fault()
    {
        List<BufferFaultAt> faults = [];
        var buffer = new DecoderBuffer(Pictures);
        for (var i = -50; i < 50; i++) Picture(buffer, faults, i * 40, 20_000, 300);
        faults.Should().BeEmpty();
        buffer.Unusable.Should().Be(0);
    }

    [Fact]
    public void After_a_restart_nothing_is_said_until_a_packet_starts()
    {
        var buffer = new DecoderBuffer(Sound);
        var room = new BufferFaultAt[4];
        for (var i = 0; i < 100; i++) buffer.Payload(1000, i * Tick, room).Should().Be(0);
        buffer.AccessUnit(90 * 200, 100 * Tick, room).Should().Be(0);
        buffer.Restart();
        for (var i = 100; i < 200; i++) buffer.Payload(1000, i * Tick, room).Should().Be(0);
    }

    [Fact]
    public void Time_stamps_that_no_decoder_could_use_are_counted_and_forgotten()
    {
        List<BufferFaultAt> faults = [];
        var buffer = new DecoderBuffer(Pictures);
        foreach (var ahead in new[] { 500, 500, 3_600_000, 500, -5_000, 500, 20_000, 500 }) Picture(buffer, faults, 0, 1000, ahead);
        faults.Should().BeEmpty();
        buffer.Unusable.Should().BeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public void Hostile_times_give_finite_measures_and_bounded_memory()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var buffer = new DecoderBuffer(random.Next(2) == 0 ? Sound : Pictures);
            var room = new BufferFaultAt[4];
            var allFinite = true;
            var before = GC.GetAllocatedBytesForCurrentThread();
            long stc = 0, dts = 0;
            for (var i = 0; i < 20_000; i++)
            {
                stc = random.Next(100) == 0 ? random.NextInt64(ProgramClock.Cycle) : (stc + random.Next(0, 100_000)) % ProgramClock.Cycle;
                dts = random.Next(20) == 0 ? random.NextInt64(1L << 33) : (stc / 300 + random.Next(0, 90_000)) % (1L << 33);
                var count = random.Next(4) == 0 ? buffer.AccessUnit(dts, stc, room) : buffer.Payload(random.Next(0, 184), stc, room);
                foreach (var fault in room.AsSpan(0, count)) allFinite &= double.IsFinite(fault.Measured) && fault.Measured > 0;
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64_000, "the queue doubles from 64 to 1,024 units at most");
            allFinite.Should().BeTrue();
        }
    }

    [Fact]
    public void More_units_than_ten_seconds_hold_are_no_decoders()
    {
        var buffer = new DecoderBuffer(Sound with { DelayLimitSeconds = 10 });
        var room = new BufferFaultAt[4];
        for (var i = 0; i < 3000; i++) buffer.AccessUnit(90 * 9_000 + i, i * 10L, room);
        buffer.Unusable.Should().Be(2);
    }

    [Theory]
    [InlineData(ComponentKind.Audio, "MPEG-1 Layer II", null, 2_000_000, 3584)]
    [InlineData(ComponentKind.Audio, "AC-3", 6, 2_000_000, 5696)]
    [InlineData(ComponentKind.Audio, "E-AC-3", 6, 2_000_000, 5696)]
    [InlineData(ComponentKind.Audio, "AAC", 2, 2_000_000, 3584)]
    [InlineData(ComponentKind.Audio, "HE-AAC", 6, 5_529_600, 8976)]
    [InlineData(ComponentKind.Audio, "AAC", 10, 8_294_400, 12_804)]
    [InlineData(ComponentKind.Audio, "AAC", 24, 33_177_600, 51_216)]
    [InlineData(ComponentKind.Audio, "DRA", 2, 0, null)]
    [InlineData(ComponentKind.Teletext, null, null, 6_750_000, null)]
    [InlineData(ComponentKind.Subtitle, null, null, 400_000, null)]
    [InlineData(ComponentKind.SpliceCue, null, null, 1_000_000, null)]
    [InlineData(ComponentKind.Data, null, null, 0, null)]
    public void Sizes_and_rates_are_those_of_the_standards(ComponentKind kind, string? codec, int? channels, double leak, int? bytes)
    {
        var audio = channels is { } c ? new AudioFormat { SampleRate = 48_000, Channels = c } : null;
        var buffers = BufferModel.Of(new ComponentFormat { Kind = kind, Codec = codec, Audio = audio });
        buffers.TransportBps.Should().Be(leak);
        buffers.Decoder?.ElementaryBytes.Should().Be(bytes);
        (buffers.Decoder is null).Should().Be(bytes is null);
    }

    [Fact]
    public void Pictures_have_the_buffers_of_their_level()
    {
        // ISO/IEC 13818-2 tables 8-12 and 8-13, Main level; ISO/IEC 13818-1 2.4.2.4: BSmux 60,000 bits, BSoh 20,000.
        var format = new ComponentFormat { Kind = ComponentKind.Video, Codec = "MPEG-2 Video", MaxBitrateBps = 15_000_000, DecoderBufferBits = 1_835_008, Video = new VideoFormat { Width = 720, Height = 576, FrameRate = 25, Interlaced = false } };
        var buffers = BufferModel.Of(format);
        buffers.TransportBps.Should().Be(18_000_000);
        buffers.Decoder.Should().Be(new DecoderBufferSettings(229_376, 10_000, 15_000_000, 1, 3636));
        BufferModel.Of(format with { DecoderBufferBits = 1_000_000 }).Decoder!.MultiplexBytes.Should().Be(10_000 + 835_008 / 8.0);
        BufferModel.Of(format, stillPictures: true).Decoder!.DelayLimitSeconds.Should().Be(60);
        BufferModel.Of(format with { Codec = "HEVC" }).Decoder!.DelayLimitSeconds.Should().Be(10);
        BufferModel.Of(new ComponentFormat { Kind = ComponentKind.Video, Codec = "AVS2" }).TransportBps.Should().BeGreaterThan(100_000_000);
        BufferModel.Of(new ComponentFormat { Kind = ComponentKind.Video }).Decoder.Should().BeNull();
    }

    private static List<BufferFaultAt> Transport(double leak, IEnumerable<long> times, double packetNs)
    {
        var buffer = new TransportBuffer();
        buffer.Configure(leak);
        List<BufferFaultAt> faults = [];
        foreach (var time in times)
            if (buffer.Packet(time, out var fault, out var fill, packetNs)) faults.Add(new BufferFaultAt(fault, fill, fault == BufferFault.TransportOverflow ? 512 : 1000));
        return faults;
    }

    private static List<BufferFaultAt> SystemFaults(double rate, IEnumerable<long> times, int sectionBytes)
    {
        var buffer = new SystemBuffer();
        buffer.Configure(rate);
        List<BufferFaultAt> faults = [];
        foreach (var time in times)
            if (buffer.Packet(time, sectionBytes, out var fault, out var fill, 40_000)) faults.Add(new BufferFaultAt(fault, fill, 0));
        return faults;
    }

    private static List<BufferFaultAt> Decode(DecoderBufferSettings settings, int units, int stepMs, int bytes, int aheadMs)
    {
        var buffer = new DecoderBuffer(settings);
        List<BufferFaultAt> faults = [];
        for (var i = 0; i < units; i++) Picture(buffer, faults, i * stepMs, bytes, aheadMs, stepMs);
        return faults;
    }

    // A unit that starts at a time and comes evenly over nine tenths of its step.
    private static void Picture(DecoderBuffer buffer, List<BufferFaultAt> faults, long startMs, int bytes, int aheadMs, int stepMs = 40)
    {
        Span<BufferFaultAt> room = stackalloc BufferFaultAt[4];
        var stc = ClocksPcrTrain.Mod(startMs * Tick);
        var count = buffer.AccessUnit(((startMs + aheadMs) * 90 % (1L << 33) + (1L << 33)) % (1L << 33), stc, room);
        faults.AddRange(room[..count]);
        for (var part = 1; part <= 9; part++)
        {
            count = buffer.Payload(bytes / 9, ClocksPcrTrain.Mod(startMs * Tick + part * stepMs * Tick / 10), room);
            faults.AddRange(room[..count]);
        }
    }
}
