using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests;

/// <summary>The measure of kept bytes itself: it must see what a receiver could hide memory in, and nothing else.</summary>
public sealed class RetainedTests
{
    [Fact]
    public void Arrays_behind_fields_lists_and_values_are_counted_once()
    {
        var block = new byte[100_000];
        Retained.Bytes(new Holder { Block = block, Same = block, Blocks = [block, new byte[50_000]], Value = (7, new long[1000]) }).Should().BeInRange(158_000, 159_000);
    }

    [Fact]
    public void What_others_allocate_meanwhile_is_not_in_the_figure()
    {
        var holder = new Holder { Block = new byte[1000] };
        var before = Retained.Bytes(holder);
        var others = new byte[10_000_000];
        Retained.Bytes(holder).Should().Be(before);
        GC.KeepAlive(others);
    }

    private sealed class Holder
    {
        public required byte[] Block { get; init; }

        public byte[]? Same { get; init; }

        public List<byte[]> Blocks { get; init; } = [];

        public (int Number, long[]? Values) Value { get; init; }
    }
}
