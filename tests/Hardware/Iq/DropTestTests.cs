using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>The counter of the RTL2832's test mode, with and without bytes missing.</summary>
public sealed class DropTestTests
{
    private static byte[] Counter(int from, int count) => [.. Enumerable.Range(from, count).Select(n => (byte)n)];

    [Fact]
    public async Task A_whole_counter_has_no_drop_whatever_came_before_it()
    {
        var test = new DropTest(100_000);
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        test.Feed(noise);
        test.Believed.Should().BeFalse();
        for (var n = 0; n < 200 && !test.Result.IsCompleted; n++) test.Feed(Counter(n * 1000, 1000));
        (await test.Result).Should().BeEquivalentTo(new DropTestResult(100_000, 0, 0, []));
    }

    [Fact]
    public async Task Missing_bytes_are_counted_with_their_places()
    {
        var test = new DropTest(10_000);
        test.Feed(Counter(0, 4000));
        test.Feed(Counter(4007, 1000));
        test.Feed(Counter(5007 + 512, 1)); // two whole rounds can't be seen
        test.Feed(Counter(5008 + 512 + 100, 6000));
        (await test.Result).Should().BeEquivalentTo(new DropTestResult(10_000, 107, 2, [new DropPlace(4000, 7), new DropPlace(5001, 100)]));
    }
}
