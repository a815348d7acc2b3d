using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>Between a receiver's thread and the reader: blocks, losses, tunings.</summary>
public sealed class SampleIntakeTests
{
    private const double Rate = 100_000; // blocks of 10 ms are 1000 samples
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.Zero);

    private readonly SampleIntake intake = new(SampleEncoding.U8, Rate, TimeSpan.FromMilliseconds(40));
    private readonly float[] buffer = new float[2000];
    private long given;

    // Samples whose I is one value and whose Q is another: where they change places, bytes were lost.
    private void Give(int samples, byte i = 255, byte q = 0, int odd = 0)
    {
        var bytes = Enumerable.Range(0, 2 * samples).Select(n => n % 2 == 0 ? i : q).ToArray();
        given += samples;
        var at = Start + TimeSpan.FromSeconds(given / Rate);
        // In two pieces that may part a sample.
        intake.Accept(bytes.AsSpan(0, bytes.Length / 2 + odd), at - TimeSpan.FromSeconds(samples / 2 / Rate));
        intake.Accept(bytes.AsSpan(bytes.Length / 2 + odd), at);
    }

    private async Task<IqRead> Read() => await intake.ReadAsync(buffer, default).AsTask().WaitAsync(Hang.Limit);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Samples_come_out_as_they_went_in_with_times_that_follow_the_count(int odd)
    {
        for (var n = 0; n < 3; n++)
        {
            Give(1000, odd: odd);
            var read = await Read();
            (read.Samples, read.Discontinuity).Should().Be((1000, n == 0));
            read.At.Should().BeCloseTo(Start.AddMilliseconds(10 * n), TimeSpan.FromMilliseconds(0.1));
            buffer.Where((_, k) => k % 2 == 0).Should().OnlyContain(v => v == 1);
            buffer.Where((_, k) => k % 2 == 1).Should().OnlyContain(v => v == -1);
        }
    }

    [Fact]
    public async Task A_small_reader_gets_parts_of_a_block_with_their_own_times()
    {
        Give(1000);
        for (var n = 0; n < 4; n++)
        {
            var read = await intake.ReadAsync(buffer.AsMemory(0, 500), default);
            (read.Samples, read.Discontinuity).Should().Be((250, n == 0));
            (read.At - Start).TotalMilliseconds.Should().BeApproximately(2.5 * n, 0.1);
        }
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_counted_and_marked_and_never_swaps_i_and_q()
    {
        Give(10_000, odd: 1); // room for 4000
        for (var n = 0; n < 4; n++) (await Read()).Discontinuity.Should().Be(n == 0);
        intake.Lost.Should().Be(6000);
        intake.Received.Should().Be(10_000);
        Give(1000, odd: 1);
        var read = await Read();
        read.Discontinuity.Should().BeTrue();
        read.At.Should().BeCloseTo(Start.AddMilliseconds(100), TimeSpan.FromMilliseconds(0.1));
        buffer.Where((_, k) => k % 2 == 0).Should().OnlyContain(v => v == 1);
        intake.Discontinuities.Should().Be(1);
    }

    [Fact]
    public async Task After_a_tuning_there_is_nothing_of_before_it_and_nothing_unsettled()
    {
        Give(4000, i: 0); // nobody reads them: the queue is full
        intake.Hold();
        Give(2000, i: 0);
        var tunedAt = Start + TimeSpan.FromSeconds(given / Rate);
        var settled = intake.Settle(tunedAt.AddMilliseconds(40));
        Give(4000, i: 100); // settling
        settled.IsCompleted.Should().BeFalse();
        Give(2000, i: 200);
        await settled.WaitAsync(Hang.Limit);
        var read = await Read();
        read.Discontinuity.Should().BeTrue();
        read.At.Should().BeOnOrAfter(tunedAt.AddMilliseconds(40));
        buffer[0].Should().BeApproximately((200 - 127.5f) / 127.5f, 1e-6f);
        (intake.Lost, intake.Discontinuities).Should().Be((0, 0), "a tuning is no loss");
    }

    [Fact]
    public async Task A_block_that_is_half_read_when_the_frequency_changes_is_left()
    {
        Give(1000, i: 0);
        await intake.ReadAsync(buffer.AsMemory(0, 500), default);
        intake.Hold();
        _ = intake.Settle(Start);
        Give(1000, i: 200);
        await Read();
        buffer[0].Should().BePositive();
    }

    [Fact]
    public async Task A_gap_that_the_driver_tells_moves_the_times_and_is_marked()
    {
        Give(1000);
        await Read();
        intake.Lose(500);
        given += 500;
        Give(1000);
        var read = await Read();
        read.Discontinuity.Should().BeTrue();
        read.At.Should().BeCloseTo(Start.AddMilliseconds(15), TimeSpan.FromMilliseconds(0.2));
        (intake.Lost, intake.Discontinuities).Should().Be((500, 1));
    }

    [Fact]
    public async Task A_failure_reaches_whoever_reads_and_whoever_tunes()
    {
        var problem = new Problem("x", new("甲", "a"), new("乙", "b"));
        var reading = intake.ReadAsync(buffer, default).AsTask();
        intake.Hold();
        var settled = intake.Settle(Start);
        intake.Fail(new ProblemException(problem));
        (await FluentActions.Awaiting(() => reading).Should().ThrowAsync<ProblemException>()).Which.Problem.Should().Be(problem);
        await FluentActions.Awaiting(() => settled).Should().ThrowAsync<ProblemException>();
        intake.Hold();
        await FluentActions.Awaiting(() => intake.Settle(Start)).Should().ThrowAsync<ProblemException>("whoever tunes afterwards does not wait for ever");
    }

    [Fact]
    public void Giving_allocates_nothing_once_its_blocks_are_made()
    {
        var bytes = new byte[5000];
        for (var n = 0; n < 100; n++) intake.Accept(bytes, Start);
        Allocated.Bytes(() => { for (var n = 0; n < 1000; n++) intake.Accept(bytes, Start); }).Should().BeLessThan(1000);
    }
}
