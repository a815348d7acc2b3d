using SignalWatch.Fm;
using SignalWatch.Fm.Rds;

namespace SignalWatch.Tests;

public sealed class RdsBlockSyncTests
{
    private const double Noise = 0.1;

    private static readonly RdsGroup[] Groups =
        [.. Enumerable.Range(0, 40).Select(n => new RdsGroup(0xC123, (ushort)(0x0400 | n % 4), (ushort)(0xE0E0 ^ 77 * n), (ushort)(0x4142 + 257 * n)))];

    private static List<RdsGroup> Receive(IEnumerable<float> symbols, double noise = Noise)
    {
        var received = new List<RdsGroup>();
        var sync = new RdsBlockSync(received.Add);
        foreach (var symbol in symbols) sync.Accept(symbol, 1, noise);
        return received;
    }

    private static List<float> Symbols() => [.. RdsBits.Symbols(Groups.SelectMany(RdsBits.Of))];

    [Fact]
    public void The_groups_before_sync_was_found_are_decoded_too() => Receive(Symbols()).Should().Equal(Groups);

    [Fact]
    public void A_first_group_that_is_cut_gives_its_other_blocks()
    {
        var received = Receive(Symbols().Skip(40));
        received[0].Should().Be(new RdsGroup(null, null, Groups[0].C, Groups[0].D));
        received.Skip(1).Should().Equal(Groups[1..]);
    }

    [Fact]
    public void Wrong_symbols_where_reception_was_weak_are_corrected_and_said_so()
    {
        var symbols = Symbols();
        // Three in block C of the 21st group, far more than a burst of two bits.
        foreach (var at in new[] { 3, 11, 19 }) symbols[20 * 104 + 52 + at] *= -0.04f;
        var received = Receive(symbols);
        received[20].Should().Be(Groups[20] with { Corrected = 4 });
        received[21].Should().Be(Groups[21]);
    }

    [Fact]
    public void Wrong_symbols_that_were_strong_lose_the_block_rather_than_invent_one()
    {
        var symbols = Symbols();
        // What no noise of this strength does: the model doesn't hold.
        for (var at = 0; at < 12; at++) symbols[20 * 104 + 53 + 2 * at] *= -1;
        var received = Receive(symbols);
        received[20].Should().Be(Groups[20] with { C = null });
    }

    [Fact]
    public void A_lost_symbol_is_found_and_nothing_false_comes_meanwhile()
    {
        var symbols = Symbols();
        symbols.RemoveAt(15 * 104 + 60);
        var received = Receive(symbols);
        foreach (var group in received)
            Groups.Should().Contain(sent => (group.A ?? sent.A) == sent.A && (group.B ?? sent.B) == sent.B && (group.C ?? sent.C) == sent.C && (group.D ?? sent.D) == sent.D);
        // The old beginning is held on to for some 13 bad blocks, in case it is a fade: four groups, the torn one among them.
        received.Count(g => g.Received == 4).Should().BeGreaterThanOrEqualTo(Groups.Length - 4);
    }

    [Fact]
    public void A_block_A_that_can_be_told_only_by_the_known_PI_is_said_to_be_assumed()
    {
        var symbols = Symbols();
        // Half of block A of the 21st group is not there at all.
        for (var at = 1; at < 14; at++) symbols[20 * 104 + at] = 0;
        var received = Receive(symbols);
        received[20].A.Should().Be(0xC123);
        received[20].AssumedA.Should().BeTrue();
        received.Count(g => g.AssumedA).Should().Be(1);
        (received[20].B, received[20].C, received[20].D).Should().Be((Groups[20].B, Groups[20].C, Groups[20].D));
    }

    [Fact]
    public void Noise_has_no_blocks()
    {
        // A minute and a half of symbols by chance, strong and weak, as reliable as a bad signal is.
        var random = new Random(3);
        Receive(Enumerable.Range(0, 100_000).Select(_ => (float)(random.NextDouble() < 0.5 ? 1 : -1) * (float)random.NextDouble() * 2), noise: 0.5).Sum(g => g.Received).Should().Be(0);
    }

    [Fact]
    public void Sync_is_given_up_when_the_signal_goes_and_its_last_groups_are_empty()
    {
        var random = new Random(5);
        var received = new List<RdsGroup>();
        var sync = new RdsBlockSync(received.Add);
        foreach (var symbol in Symbols()) sync.Accept(symbol, 1, Noise);
        sync.Synchronised.Should().BeTrue();
        for (var n = 0; n < 3000; n++) sync.Accept((float)(random.NextDouble() - 0.5), 0.1, 0.3);
        sync.Synchronised.Should().BeFalse();
        received.Take(Groups.Length).Should().Equal(Groups);
        received.Skip(Groups.Length).Should().NotBeEmpty().And.OnlyContain(g => g.Received == 0);
    }
}
