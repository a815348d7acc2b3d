using FsCheck;
using FsCheck.Fluent;

namespace SignalWatch.TransportStream.Tests;

public sealed class ClocksProgramClockTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 2_576_980_377_599, -1)]
    [InlineData(2_576_980_377_599, 0, 1)]
    [InlineData(2_576_980_377_000, 100, 700)]
    [InlineData(10, 1_288_490_188_809, 1_288_490_188_799)]
    [InlineData(10, 1_288_490_188_810, -1_288_490_188_800)]
    public void The_shorter_way_round_is_taken(long from, long to, long expected) => ProgramClock.Delta(from, to).Should().Be(expected);

    [Fact]
    public void A_clock_is_base_times_300_and_extension()
    {
        ProgramClock.ReadPcr([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x2B]).Should().Be(ProgramClock.Cycle - 1); // extension 299
        ProgramClock.ReadPcr([0x00, 0x00, 0x00, 0x00, 0xFE, 0x01]).Should().Be(300 + 1);
        ProgramClock.ReadPcr([1, 2, 3]).Should().Be(0);
    }

    [Theory]
    [InlineData(new byte[] { 0x21, 0x00, 0x01, 0x00, 0x01 }, 0L, true)]
    [InlineData(new byte[] { 0x2F, 0xFF, 0xFF, 0xFF, 0xFF }, 8_589_934_591L, true)]
    [InlineData(new byte[] { 0x31, 0x00, 0x07, 0xD8, 0x61 }, 126_000L, true)] // 1.4 s, as FFmpeg begins
    [InlineData(new byte[] { 0x20, 0x00, 0x01, 0x00, 0x01 }, 0L, false)]
    [InlineData(new byte[] { 0x21, 0x00, 0x00, 0x00, 0x01 }, 0L, false)]
    [InlineData(new byte[] { 0x21, 0x00, 0x01, 0x00, 0x00 }, 0L, false)]
    [InlineData(new byte[] { 0x21, 0x00, 0x01, 0x00 }, 0L, false)]
    public void A_time_stamp_has_its_three_marker_bits(byte[] field, long expected, bool valid)
    {
        ProgramClock.TryReadTimestamp(field, out var stamp).Should().Be(valid);
        if (valid) stamp.Should().Be(expected);
    }

    [Fact]
    public void Any_six_bytes_are_a_clock_within_its_cycle() => Prop.ForAll<byte[]>(bytes =>
    {
        var pcr = ProgramClock.ReadPcr(bytes);
        _ = ProgramClock.TryReadTimestamp(bytes, out _);
        return pcr is >= 0 and < ProgramClock.Cycle && Math.Abs(ProgramClock.Delta(pcr, 0)) <= ProgramClock.Cycle / 2;
    }).QuickCheckThrowOnFailure();
}
