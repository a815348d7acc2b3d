namespace SignalWatch.TransportStream.Tests;

public sealed class SectionTests
{
    [Fact]
    public void The_CRC_of_the_published_check_string() => Crc32Mpeg.Compute("123456789"u8).Should().Be(0x0376E6E7u); // CRC-32/MPEG-2 in the catalogue of CRC algorithms

    [Fact]
    public void A_section_over_many_packets_and_one_behind_it_in_the_last_are_both_read()
    {
        var longOne = StreamBuilder.Long(0x42, 1, 0, new byte[900]);
        var shortOne = StreamBuilder.Long(0x42, 2, 0, new byte[20]);
        List<byte[]> found = [];
        var assembler = new SectionAssembler(0x11, 4096, (_, section) => found.Add(section.ToArray()), _ => Assert.Fail("nothing is broken"));
        assembler.Push([0, .. longOne.AsSpan(0, 183)], unitStart: true);
        var at = 183;
        for (; longOne.Length - at > 184; at += 184) assembler.Push(longOne.AsSpan(at, 184), unitStart: false);
        var tail = longOne[at..];
        assembler.Push([(byte)tail.Length, .. tail, .. shortOne, 0xFF], unitStart: true);
        found.Should().BeEquivalentTo([longOne, shortOne], o => o.WithStrictOrdering());
    }

    [Fact]
    public void A_header_that_is_cut_between_packets_is_put_together()
    {
        var section = StreamBuilder.Long(0x42, 1, 0, new byte[40]);
        List<byte[]> found = [];
        var assembler = new SectionAssembler(0x11, 4096, (_, s) => found.Add(s.ToArray()), _ => Assert.Fail("nothing is broken"));
        assembler.Push([0, .. section.AsSpan(0, 1)], unitStart: true);
        assembler.Push(section.AsSpan(1, 1), unitStart: false);
        assembler.Push(section.AsSpan(2), unitStart: false);
        found.Should().ContainSingle().Which.Should().Equal(section);
    }

    [Fact]
    public void A_pointer_past_the_end_and_a_length_past_the_limit_are_broken_sections()
    {
        var broken = 0;
        var assembler = new SectionAssembler(0x100, 1024, (_, _) => Assert.Fail("there is no section"), _ => broken++);
        assembler.Push([184, 0x02], unitStart: true);
        assembler.Push([0, 0x02, 0xBF, 0xFF, 0], unitStart: true);
        assembler.Push([], unitStart: true);
        broken.Should().Be(3);
    }

    [Fact]
    public void A_wrong_CRC_is_an_occurrence_and_changes_nothing()
    {
        var pat = StreamBuilder.Long(0x00, 17, 1, [0, 101, 0xE1, 0]);
        pat[^1] ^= 1;
        var analyzer = new TransportStreamAnalyzer(new());
        List<TransportStreamOccurrence> occurrences = [];
        analyzer.Occurred += occurrences.Add;
        analyzer.Push(new StreamBuilder().Section(0, pat).Video(0x1FFF, 6).ToArray(), default);
        var report = analyzer.Report(default);
        report.CrcErrors.Should().Be(1);
        report.TransportStreamId.Should().BeNull();
        occurrences.Should().ContainSingle(o => o.Check == Checks.CrcError).Which.Should().BeEquivalentTo(new { Pid = 0, TableId = 0, PacketIndex = 0L });
    }

    [Fact]
    public void A_PMT_whose_lengths_contradict_each_other_is_a_bad_section()
    {
        var pmt = StreamBuilder.Long(0x02, 101, 1, [0xE1, 0x01, 0xF0, 0x00, 0x1B, 0xE1, 0x01, 0xF0, 0x50]);
        var analyzer = new TransportStreamAnalyzer(new());
        analyzer.Push(new StreamBuilder().Pat(17, 1, (101, 0x100)).Section(0x100, pmt).Video(0x1FFF, 6).ToArray(), default);
        var report = analyzer.Report(default);
        report.BadSections.Should().Be(1);
        report.Services.Should().ContainSingle().Which.Components.Count.Should().Be(0);
    }

    [Fact]
    public void The_bit_reader_gives_zeros_past_the_end_and_remembers_it()
    {
        var reader = new BitReader([0xAB, 0xCD]);
        reader.Bits(4).Should().Be(0xA);
        reader.Bits(12).Should().Be(0xBCD);
        reader.Failed.Should().BeFalse();
        reader.Bits(1).Should().Be(0);
        reader.Bytes(1).IsEmpty.Should().BeTrue();
        reader.Failed.Should().BeTrue();
        reader.BytesLeft.Should().Be(0);
    }
}
