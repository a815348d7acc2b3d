using SignalWatch.Fm;
using SignalWatch.Fm.Rds;

namespace SignalWatch.Tests;

/// <summary>Damaged blocks never make wrong text: logs of real stations, with blocks destroyed at random, and with blocks that came wrong.</summary>
public sealed class RdsDamageTests
{
    [RecordingTheory]
    [InlineData("Poland_3ABC")]
    [InlineData("Sweden_E203")]
    [InlineData("Netherlands_8201")]
    [InlineData("USA_4569")]
    [InlineData("Russia_7071")]
    [InlineData("CzechRepublic_232E")]
    public void What_is_confirmed_of_a_damaged_log_is_in_the_log(string name)
    {
        var groups = RdsLogs.Read(RdsLogs.Path(name)).Groups.Select(g => g.Group).ToList();
        var clean = new RdsStation();
        var (names, texts) = (new HashSet<string?>(), new HashSet<string?>());
        foreach (var group in groups)
        {
            var said = clean.Accept(group);
            names.Add(said.Ps);
            texts.Add(said.RadioText);
        }
        foreach (var loss in new[] { 0.05, 0.1, 0.2, 0.4, 0.6 })
        {
            var random = new Random(name.Length + (int)(100 * loss));
            var station = new RdsStation();
            var confirmed = 0;
            foreach (var group in groups)
            {
                station.Accept(Damage(group, loss, 1e-3, random));
                if (station.Ps is { } ps && station.Groups % 50 == 0) confirmed++;
                names.Should().Contain(station.Ps, "{0} at {1}", name, loss);
                texts.Should().Contain(station.Text, "{0} at {1}", name, loss);
                if (station.Pi is { } pi) pi.Should().Be(clean.Pi);
            }
            // The test is of what is confirmed: there has to be something.
            if (loss <= 0.1 && name != "Russia_7071") confirmed.Should().BeGreaterThan(0, "{0} at {1}", name, loss);
        }
    }

    private static RdsGroup Damage(RdsGroup group, double loss, double wrong, Random random)
    {
        var corrected = 0;
        ushort? Block(ushort? block, int place)
        {
            if (random.NextDouble() < loss) return null;
            if (block is null || random.NextDouble() >= wrong) return block;
            corrected |= 1 << place;
            return (ushort)random.Next(65536);
        }
        var damaged = new RdsGroup(Block(group.A, 0), Block(group.B, 1), Block(group.C, 2), Block(group.D, 3));
        return damaged with { Corrected = corrected, CorrectedA = (corrected & 1) != 0 };
    }

    [Fact]
    public void A_mixture_of_two_names_is_not_confirmed()
    {
        // Of the first name the last piece is always lost, of the second the others.
        var name = new ProgrammeServiceName();
        long time = 0;
        for (var pass = 0; pass < 3; pass++)
            for (var segment = 0; segment < 3; segment++) name.Accept(segment, 0x4141, time += 3);
        for (var pass = 0; pass < 3; pass++) name.Accept(3, 0x4242, time += 9);
        name.Whole.Should().Be("AAAAAABB");
        name.Confirmed.Should().BeNull();
    }

    [Fact]
    public void A_name_is_confirmed_with_the_second_pass()
    {
        var name = new ProgrammeServiceName();
        for (var n = 0; n < 8; n++)
        {
            name.Confirmed.Should().BeNull();
            name.Accept(n % 4, (ushort)(0x4142 + n % 4), 3 * n);
        }
        name.Confirmed.Should().Be("ABACADAE");
    }
}
