using SignalWatch.Fm;
using SignalWatch.Fm.Rds;

namespace SignalWatch.Tests;

/// <summary>Single features by hand-made groups.</summary>
public sealed class RdsFeatureTests
{
    private static RdsStation Station(params RdsGroup[] groups)
    {
        var station = new RdsStation(rbds: true);
        foreach (var group in groups) station.Accept(group);
        return station;
    }

    [Fact]
    public void A_PI_that_came_corrected_needs_more_than_two_receptions()
    {
        var corrected = new RdsGroup(0xC201, null, null, null, CorrectedA: true);
        Station(corrected, corrected).Pi.Should().BeNull();
        Station(corrected, corrected, corrected).Pi.Should().Be(0xC201);
        Station(corrected, corrected with { Corrected = 0, CorrectedA = false }).Pi.Should().Be(0xC201);
        var assumed = corrected with { AssumedA = true };
        Station(assumed, assumed, assumed, assumed).Pi.Should().BeNull();
    }

    [Fact]
    public void The_clock_of_EN_50067_annex_G()
    {
        // MJD 45218 is 6 September 1982 (annex G). 12:34 UTC, one hour ahead.
        var group = new RdsGroup(0xC201, 0x4400 | 45218 >> 15, 45218 << 1 & 0xFFFF | 12 >> 4, (12 & 15) << 12 | 34 << 6 | 2);
        RdsClock.Of(group).Should().Be(new DateTimeOffset(1982, 9, 6, 13, 34, 0, TimeSpan.FromHours(1)));
        RdsClock.Of(group with { D = 60 << 6 }).Should().BeNull();
        RdsClock.Of(group with { C = null }).Should().BeNull();
        RdsClock.Of(group with { C = 0, B = 0x4400 }).Should().BeNull();
    }

    [Fact]
    public void A_clock_from_corrected_blocks_needs_a_second_one_that_fits()
    {
        var clock = new RdsClock();
        var time = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.FromHours(8));
        clock.Accept(time, corrected: true, 0);
        clock.Time.Should().BeNull();
        clock.Accept(time.AddHours(5), corrected: true, 685);
        clock.Time.Should().BeNull();
        clock.Accept(time.AddHours(5).AddMinutes(1), corrected: true, 1370);
        clock.Time.Should().Be(time.AddHours(5).AddMinutes(1));
    }

    [Fact]
    public void Alternative_frequencies_by_both_methods_and_on_medium_wave()
    {
        var list = new AlternativeFrequencies();
        list.Accept(224 + 3 << 8 | 89).Should().BeNull();
        list.Accept(10 << 8 | 20).Should().Equal(96_400_000, 88_500_000, 89_500_000);
        // EN 50067 §3.2.1.6.4: a medium wave follows code 250.
        list.Accept(224 + 2 << 8 | 89).Should().BeNull();
        list.Accept(250 << 8 | 16).Should().Equal(96_400_000, 531_000);
        list.Confirmed.Should().Equal(96_400_000);
        // A lost pair: what follows isn't counted as the list's.
        list.Accept(224 + 3 << 8 | 89);
        list.Miss();
        list.Accept(10 << 8 | 20).Should().BeNull();
        var methodB = AlternativeFrequencies.MethodB([98_000_000, 98_000_000, 99_000_000, 98_000_000, 97_000_000])!;
        (methodB.TunedHz, methodB.SameHz.Single(), methodB.RegionalHz.Single()).Should().Be((98_000_000, 99_000_000, 97_000_000));
        AlternativeFrequencies.MethodB([98_000_000, 97_000_000, 99_000_000]).Should().BeNull();
    }

    [Theory]
    [InlineData(0x1000, "KAAA")]
    [InlineData(0x54A8, "WAAA")]
    [InlineData(0x994F, "WZZZ")]
    [InlineData(0x9950, "KEX")]
    [InlineData(0x99B9, "WRC")]
    [InlineData(0x99AB, "KOB")]
    [InlineData(0xB002, "CBC English - Radio One")]
    [InlineData(0xAF28, "KJCI")] // 28 00
    [InlineData(0x0123, null)]
    [InlineData(0x9963, null)]
    public void Call_signs(ushort pi, string? sign) => CallSigns.Of(pi).Should().Be(sign);

    [Theory]
    [InlineData(0xC201, 0xF0, "CN")]
    [InlineData(0xF201, 0xF1, "HK")]
    [InlineData(0x6201, 0xF2, "MO")]
    [InlineData(0x0201, 0xF2, null)]
    [InlineData(0xC201, 0x77, null)]
    public void Countries(ushort pi, byte code, string? country) => RdsCodes.Country(pi, code).Should().Be(country);

    [Theory]
    [InlineData(0x01, "sq")]
    [InlineData(0x09, "en")]
    [InlineData(0x27, "fi")]
    [InlineData(0x56, "ru")]
    [InlineData(0x75, "zh")]
    [InlineData(0x7F, "am")]
    [InlineData(0x30, null)]
    [InlineData(0x80, null)]
    public void Languages(int code, string? language) => RdsCodes.Language(code).Should().Be(language);

    [Fact]
    public void Everything_is_forgotten_when_the_carrier_goes()
    {
        var group = new RdsGroup(0xC201, 0x0408, 0xE259, 0x4142);
        var station = Station([.. Enumerable.Range(0, 12).Select(n => group with { B = (ushort)(0x0408 | n % 4) })]);
        station.Ps.Should().Be("ABABABAB");
        station.Clear();
        station.Reading(1).Should().BeEquivalentTo(new RdsStation().Reading(1));
    }

    [Fact]
    public void A_name_that_is_not_sent_any_more_is_dropped()
    {
        var station = Station([.. Enumerable.Range(0, 12).Select(n => new RdsGroup(0xC201, (ushort)(0x0408 | n % 4), 0xE0E0, 0x4142))]);
        for (var n = 0; n < 1990; n++) station.Accept(new RdsGroup(0xC201, null, null, null));
        station.Ps.Should().Be("ABABABAB");
        for (var n = 0; n < 20; n++) station.Accept(new RdsGroup(0xC201, null, null, null));
        station.Ps.Should().BeNull();
    }

    [Fact]
    public void Any_groups_are_read_without_fault()
    {
        var random = new Random(9);
        var station = new RdsStation(rbds: true);
        for (var n = 0; n < 100_000; n++)
        {
            ushort? Block() => random.Next(8) == 0 ? null : (ushort)random.Next(65536);
            station.Accept(new RdsGroup(random.Next(3) == 0 ? Block() : 0xC201, Block(), Block(), Block()));
        }
        station.Reading(0).OtherNetworks.Count.Should().BeLessThanOrEqualTo(64);
        station.Groups.Should().BeGreaterThan(99_000);
    }
}
