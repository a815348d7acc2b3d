using System.Text;
using SignalWatch.Collector.Registers;
using SignalWatch.Rules;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests.Registers;

/// <summary>Files as offices write them.</summary>
public sealed class RegisterFileTests
{
    private static readonly RegisterSchema Fm = RegisterSchemas.Find("fm")!;

    // 频率(MHz);台名;许可单位;地区代码;备注 and one row, byte by byte as Excel on a Chinese Windows writes it (GB18030, semicolons); the remark has a line break and a four-byte character.
    private static readonly byte[] Gb18030 = Convert.FromHexString(
        "C6B5C2CA284D487A293BCCA8C3FB3BD0EDBFC9B5A5CEBB3BB5D8C7F8B4FAC2EB3BB1B8D7A20D0A"
        + "39312E343BD1F2B3C7BDBBCDA8CCA83BB9E3B6ABB9E3B2A5B5E7CAD3CCA83B3434303130303B22B5DA310A8139EF3022" + "0D0A3B3B3B3B0D0A");

    [Fact]
    public void A_file_of_a_Chinese_Excel_is_read_with_its_units_line_breaks_and_rare_characters()
    {
        var file = Read(Gb18030);
        file.Problems.Should().BeEmpty();
        file.Encoding.Should().Be("GB18030");
        var row = file.Rows.Should().ContainSingle("a row of empty cells is no row").Which;
        (row.Line, row.Key).Should().Be((2, "91400000|4401"));
        Cell(row, "ps").Should().Be("羊城交通台");
        Cell(row, "licensee").Should().Be("广东广播电视台");
        Cell(row, "note").Should().Be("第1\n㐁");
        Cell(row, "class").Should().Be("licensed", "that is meant where nothing is said");
    }

    [Fact]
    public void A_mark_of_UTF8_tabs_and_headers_in_any_order_and_language_are_read()
    {
        byte[] csv = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("Licensee\t台名\tFrequency (Hz)\t失效日期\t地区代码\t节目标识码\nA\t甲\t97400000\t2026年12月31日\t440106000000\ta203\n")];
        var file = Read(csv);
        file.Problems.Should().BeEmpty();
        file.Encoding.Should().Be("UTF-8 BOM");
        var row = file.Rows.Single();
        (row.Key, row.Segment.To, Cell(row, "pi")).Should().Be(("97400000|440106", new DateOnly(2026, 12, 31), "A203"));
    }

    [Theory]
    [InlineData("frequency_hz", "97.4", "97400000")]
    [InlineData("frequency_hz", "９７４０００００", "97400000")]
    [InlineData("frequency_hz", "97400000 Hz", "97400000")]
    [InlineData("frequency_hz", "97400000.4", "97400000")]
    [InlineData("class", "licenced", "licensed")]
    [InlineData("class", "转播台", "relay")]
    [InlineData("area", "广州", "4401")]
    [InlineData("area", "440199", "4401")]
    [InlineData("area", "99", null)]
    [InlineData("pi", "203", "0203")]
    [InlineData("valid_to", "46022", "2025-12-31")]
    [InlineData("valid_to", "2026-02-30", null)]
    [InlineData("licensee", "", null)]
    public void A_bad_cell_is_refused_with_what_was_read_and_what_may_have_been_meant(string column, string cell, string? suggestion)
    {
        string[] columns = ["frequency_hz", "licensee", "class", "area", "pi", "valid_to"];
        string[] cells = ["97400000", "A", "licensed", "4401", "A203", "2026-12-31"];
        cells[Array.IndexOf(columns, column)] = cell;
        var file = Read(Encoding.UTF8.GetBytes($"{string.Join(',', columns)}\n{string.Join(',', cells)}\n"));
        var problem = file.Problems.Should().ContainSingle().Which;
        (problem.Line, problem.Column, problem.Name, problem.Read, problem.Suggestion).Should().Be((2, Array.IndexOf(columns, column) + 1, column, cell, suggestion));
        file.Rows.Should().BeEmpty();
        file.Refused.Should().Be(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("frequency_hz,licensee\n")]
    [InlineData("licensee\nA\n")]
    [InlineData("frequency_hz,licensee,frequency_hz\n97400000,A,98000000\n")]
    [InlineData("frequency_hz,licensee,vaild_to\n97400000,A,2026-01-01\n")]
    [InlineData("code,name\n44,广东省\n")]
    public void What_is_no_table_of_this_register_is_refused_whole_with_a_reason(string csv)
    {
        var file = Read(Encoding.UTF8.GetBytes(csv));
        file.Problems.Should().NotBeEmpty();
        ImportPlan.Of(file, RegisterState.Empty.Tables["fm"], new(ImportKind.Replace, DateOnly.MinValue, SkipsBad: true)).Changes.Should().BeEmpty();
    }

    [Fact]
    public void Rows_with_one_key_may_follow_each_other_and_not_overlap()
    {
        var file = Read("frequency_hz,licensee,valid_from,valid_to\n97400000,A,,2025-12-31\n97400000,B,2026-01-01,\n97400000,C,2026-06-01,2026-07-01\n97400000,D,2026-02-01,2026-01-01\n"u8.ToArray());
        file.Rows.Select(r => Cell(r, "licensee")).Should().Equal("A", "B");
        file.Problems.Select(p => (p.Line, p.Name)).Should().Equal((4, ""), (5, "valid_to"));
        file.Problems[0].What.En.Should().Contain("line 3");
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_the_file_silently()
    {
        var file = Read(Encoding.UTF8.GetBytes("frequency_hz,licensee\n97400000,\"A\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{90_000_000 + i * 100},B,\n"))));
        file.Problems.Should().NotBeEmpty();
        file.Rows.Should().BeEmpty();
    }

    [Fact]
    public void More_rows_than_there_may_be_are_refused_and_not_cut_off()
    {
        var csv = new StringBuilder("lexicon,term\n");
        for (var i = 0; i <= RegisterFile.MaxRows; i++) csv.Append("词库,词").Append(i).Append('\n');
        var file = RegisterFile.Read(RegisterSchemas.Find("lexicons")!, Encoding.UTF8.GetBytes(csv.ToString()), Areas.BuiltIn);
        file.IsTable.Should().BeFalse();
        ImportPlan.Of(file, RegisterState.Empty.Tables["lexicons"], new(ImportKind.Add, DateOnly.MinValue, SkipsBad: true)).Refusal!.Code.Should().Be("register.file-unreadable");
    }

    [RecordingFact]
    public void The_register_of_the_band_recording_is_the_same_as_a_probe_reads_it_alone()
    {
        var csv = File.ReadAllBytes(Recordings.File("fm", "licence", "licences.csv"));
        var file = Read(csv);
        file.Problems.Should().BeEmpty();
        var plan = ImportPlan.Of(file, RegisterState.Empty.Tables["fm"], new(ImportKind.Replace, DateOnly.MinValue, SkipsBad: false));
        var state = RegisterState.Empty.With(new("fm", 1, RegisterVerb.Import, "", default, plan.Changes.Count), plan.Changes);
        state.Fm.Digest.Should().Be(FmRegister.Import(csv, ImportMode.RefuseWhole).Register!.Digest);
    }

    [Fact]
    public void Every_register_takes_back_what_it_exports()
    {
        foreach (var schema in RegisterSchemas.All)
        {
            var cells = schema.Columns.Select(Example).ToArray();
            var csv = RegisterExport.Csv(schema, [new(DateOnly.MinValue, new(2026, 12, 31), cells)], SignalWatch.Contracts.Language.Chinese);
            var file = RegisterFile.Read(schema, csv, Areas.BuiltIn);
            file.Problems.Should().BeEmpty(schema.Type);
            file.Rows.Should().ContainSingle(schema.Type).Which.Segment.Cells.Should().Equal(cells, schema.Type);
        }
    }

    [Fact]
    public void Ten_thousand_spoilt_files_are_answered_and_never_throw()
    {
        var random = new Random(20260314);
        byte[][] seeds = [Gb18030, [.. Encoding.UTF8.Preamble, .. "frequency_hz,licensee,area,valid_to\n97400000,\"A \"\"x\"\"\n二\",4401,2026-01-01\n98000000,B,,\n"u8], "频率(MHz)\t许可单位\n97.4\tA\n"u8.ToArray()];
        var (good, bad) = (0, 0);
        for (var round = 0; round < 10_000; round++)
        {
            var spoilt = Spoilt(seeds[round % seeds.Length], random);
            var file = RegisterFile.Read(Fm, spoilt, Areas.BuiltIn);
            var plan = ImportPlan.Of(file, RegisterState.Empty.Tables["fm"], new(ImportKind.Replace, DateOnly.MinValue, SkipsBad: true));
            (file.ProblemCount == 0).Should().Be(file.IsTable && file.Refused == 0, "what is left out is said: {0}", Convert.ToHexString(spoilt));
            (file.Rows.Count + file.Refused).Should().Be(file.RowCount, Convert.ToHexString(spoilt));
            if (plan.Refusal is null) FmLicences.Of(RegisterState.Empty.With(new("fm", 1, RegisterVerb.Import, "", default, plan.Changes.Count), plan.Changes).Tables["fm"].Values);
            if (file.ProblemCount == 0) good++; else bad++;
        }
        good.Should().BeGreaterThan(100, "else only the first check is tried");
        bad.Should().BeGreaterThan(1_000);
    }

    private static byte[] Spoilt(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, ",;\t\"\r\n'=0-\0"u8[random.Next(11)]); break;
                case 3: bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at)); break;
                case 4: bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(60)).ToArray()); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. bytes];
    }

    private static string Example(RegisterColumn column) => column.Type switch
    {
        ColumnType.Whole or ColumnType.Number => (column.Least ?? 1) is var least && least < -1 ? "-1.5" : least.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ColumnType.Choice => column.Choices[^1].Value,
        ColumnType.Area => "440106",
        ColumnType.Day => "2026-03-14",
        ColumnType.Pi => "0E01",
        ColumnType.List => "凤凰卫视;-TV;HBO",
        _ => "=1+1, \"引\"",
    };

    private static RegisterFile Read(byte[] csv) => RegisterFile.Read(Fm, csv, Areas.BuiltIn);

    private static string Cell(in FileRow row, string column) => row.Segment.Cells[Fm.IndexOf(column)];
}
