using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Rules.Tests.Register;

public sealed class FmRegisterTests
{
    private const string Header = "frequency_hz,pi,ps,licensee,area,class,valid_from,valid_to\n";
    private static readonly DateTimeOffset At = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    [RecordingFact]
    public void Reads_the_register_of_the_band_recording()
    {
        var import = FmRegister.Import(File.ReadAllBytes(Recordings.File("fm", "licence", "licences.csv")), ImportMode.RefuseWhole);
        import.Problems.Should().BeEmpty();
        import.Register!.Licences.Select(l => (l.FrequencyHz, l.Pi, l.Name, l.Class)).Should().Equal(
            (97_400_000, "A203", "OE1", LicenceClass.Licensed), (98_200_000, "8201", "NPO R1", LicenceClass.Licensed), (98_800_000, "F201", "INTER", LicenceClass.Licensed));
        import.Register.Look("4401", 97_800_000, At).Licence.Should().BeNull();
    }

    [Theory]
    [InlineData("UTF-8")]
    [InlineData("UTF-8 BOM")]
    [InlineData("GB18030")]
    public void Reads_the_encodings_that_offices_write(string encoding)
    {
        const string csv = "frequency_hz;pi;ps;licensee;note\r\n91400000;;\"羊城交通台\";广东广播电视台;\"\"\"105.2\"\", 㐀\"\r\n;;;;\r\n";
        byte[] bytes = encoding switch
        {
            "UTF-8" => Encoding.UTF8.GetBytes(csv),
            "UTF-8 BOM" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(csv)],
            _ => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(csv),
        };
        if (encoding != "UTF-8") bytes.Should().NotEqual(Encoding.UTF8.GetBytes(csv));
        var import = FmRegister.Import(bytes, ImportMode.RefuseWhole);
        import.Problems.Should().BeEmpty("Excel's row of empty cells is no row");
        import.Encoding.Should().Be(encoding);
        import.Register!.Licences.Single().Should().Match<FmLicence>(l => l.Name == "羊城交通台" && l.Licensee == "广东广播电视台" && l.Note == "\"105.2\", 㐀" && l.Pi == null);
    }

    [Fact]
    public void Reports_every_bad_cell_by_line_and_column_and_keeps_the_good_rows()
    {
        const string csv = Header
            + "97400000,A203,OE1,ORF,44,licensed,2020-01-01,2030-12-31\n"
            + "9740000,A20,X,,44x,pirate,2020-13-01,\n"
            + "98200000,8201,N,NPO,,,2026-01-01,2025-01-01\n"
            + "abc,8201,N,NPO,,,,\n"
            + "98200000,8201,N\n"
            + "97400000,A204,OE2,ORF,44,,,\n"
            + "97400000,A204,OE2,ORF,44,,2031/1/1,\n"
            + "98300000.5,,N,NPO,,,,\n";
        var import = FmRegister.Import(Encoding.UTF8.GetBytes(csv), ImportMode.KeepGood);
        import.Problems.Select(p => (p.Line, p.Column, p.Name)).Should().Equal(
            (3, 1, "frequency_hz"), (3, 2, "pi"), (3, 4, "licensee"), (3, 5, "area"), (3, 6, "class"), (3, 7, "valid_from"), (4, 8, "valid_to"), (5, 1, "frequency_hz"), (6, 0, ""),
            (7, 1, "frequency_hz"), (9, 1, "frequency_hz"));
        import.Should().Match<FmImport>(i => i.Rows == 8 && i.Kept == 2);
        FmRegister.Import(Encoding.UTF8.GetBytes(csv), ImportMode.RefuseWhole).Register.Should().BeNull();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n\n", 0)]
    [InlineData("frequency_hz,pi,ps\n1,2,3\n", 1)]
    [InlineData("frequency_hz,pi,ps,licensee\n", 0)]
    [InlineData("frequency_hz,pi,ps,licensee,pi\n97400000,,x,y,z\n", 1)]
    [InlineData("frequency_hz,pi,ps,licensee\n97400000,,\"x,y\n", 2)]
    public void Refuses_what_is_no_register(string csv, int line)
    {
        var import = FmRegister.Import(Encoding.UTF8.GetBytes(csv), ImportMode.KeepGood);
        import.Register.Should().BeNull();
        import.Problems.Should().Contain(p => p.Line == line);
    }

    [Fact]
    public void An_unknown_column_is_named_because_a_misspelt_one_would_silently_not_count()
    {
        var import = FmRegister.Import(Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee,vaild_to\n97400000,,x,y,2020-01-01\n"), ImportMode.KeepGood);
        import.Problems.Should().ContainSingle(p => p.Line == 1 && p.Column == 5 && p.Name == "vaild_to");
        import.Kept.Should().Be(1);
    }

    [Fact]
    public void Bytes_of_no_encoding_are_refused() =>
        FmRegister.Import(new byte[] { 0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x80 }, ImportMode.KeepGood).Should().Match<FmImport>(i => i.Register == null && i.Problems.Count > 0);

    [Fact]
    public void Finds_by_distance_area_and_day()
    {
        var register = FmRegister.Import(Encoding.UTF8.GetBytes(Header
            + "97400000,A203,Province,P,44,licensed,,\n"
            + "97400000,A204,City,C,4401,relay,,\n"
            + "93400000,,Overspill,RTHK,4403,overspill,2026-01-01,2026-12-31\n"
            + "100000000,,Everywhere,E,,test,,\n"), ImportMode.RefuseWhole).Register!;
        FmLicence? Find(string area, long hz, DateTimeOffset? at = null) => register.Look(area, hz, at ?? At).Licence;
        Find("4402", 97_400_000)!.Name.Should().Be("Province");
        Find("440106", 97_400_000)!.Name.Should().Be("City");
        Find("4401", 97_450_000)!.Name.Should().Be("City");
        Find("4401", 97_450_001).Should().BeNull();
        Find("4403", 93_400_000)!.Class.Should().Be(LicenceClass.Overspill);
        register.Look("440306", 93_400_000, At).Elsewhere.Should().BeNull("it is for this area");
        Find("4403", 93_400_000, new(2026, 12, 31, 23, 59, 59, TimeSpan.FromHours(8))).Should().NotBeNull();
        Find("4403", 93_400_000, new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero)).Should().BeNull("it is the next year in China");
        Find("", 100_000_000)!.Name.Should().Be("Everywhere");
    }

    [Fact]
    public void A_station_of_another_area_is_overspill_here_unless_its_PI_shows_that_it_is_not_that_station()
    {
        var register = FmRegister.Import(Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee,area,class,max_level\n"
            + "94000000,C201,Shenzhen,S,4403,licensed,\n"
            + "93400000,,Hong Kong,RTHK,4403,overspill,54\n"
            + "99000000,C301,East,E,4415,licensed,\n"
            + "99000000,C302,West,W,4408,licensed,\n"
            + "99050000,,Here,H,4401,licensed,\n"), ImportMode.RefuseWhole).Register!;
        RegisterEntry Look(long hz, string? pi = null) => register.Look("4401", hz, At, pi);
        Look(94_000_000).Should().Match<RegisterEntry>(e => e.Known && e.Licence!.Name == "Shenzhen" && e.Licence.Class == LicenceClass.Overspill && e.Elsewhere == "4403 Shenzhen");
        Look(94_000_000, "c201").Licence!.Class.Should().Be(LicenceClass.Overspill);
        Look(94_000_000, "C2FF").Should().Be(new RegisterEntry(true, null, "4403 Shenzhen"), "it is not that station, and who reads so must read of it");
        Look(93_400_000).Should().Be(new RegisterEntry(true, null, "4403 Hong Kong"), "overspill is registered for the areas that it reaches");
        register.Look("4415", 99_000_000, At, "C302").Licence!.Name.Should().Be("East", "here its frequency is licensed: what differs is a matter of signatures");
        register.Look("4402", 99_000_000, At, "C302").Licence!.Name.Should().Be("West");
        Look(99_000_000).Should().Match<RegisterEntry>(e => e.Licence!.Name == "Here" && e.Licence.Class == LicenceClass.Licensed && e.Elsewhere == null);
        register.Look("44", 94_000_000, At).Should().Be(default(RegisterEntry), "whether it is here is not known");
    }

    [Fact]
    public void Does_not_say_none_where_the_area_is_not_known_well_enough()
    {
        var register = FmRegister.Import(Encoding.UTF8.GetBytes(Header + "97400000,,City,C,4401,,,\n"), ImportMode.RefuseWhole).Register!;
        register.Look("44", 97_400_000, At).Known.Should().BeFalse();
        register.Look("", 97_400_000, At).Known.Should().BeFalse();
        register.Look("4402", 97_400_000, At).Known.Should().BeTrue();
        register.Look("44", 99_000_000, At).Should().Be(new RegisterEntry(true, null, null));
        FmRegister.None.Look("4401", 97_400_000, At).Known.Should().BeFalse();
    }

    [Fact]
    public void The_digest_is_that_of_the_entries()
    {
        var one = FmRegister.Import(Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee\n97400000,a203,x,y\n98000000,,v,w\n"), ImportMode.RefuseWhole).Register!;
        var other = FmRegister.Import(Encoding.UTF8.GetBytes("licensee;ps;pi;frequency_hz\nw;v;;98000000\ny;x;A203;97400000\n"), ImportMode.RefuseWhole).Register!;
        var third = FmRegister.Import(Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee\n97400000,a203,x,y\n98000000,,v,ww\n"), ImportMode.RefuseWhole).Register!;
        one.Digest.Should().HaveLength(64).And.Be(other.Digest).And.NotBe(third.Digest);
    }
}
