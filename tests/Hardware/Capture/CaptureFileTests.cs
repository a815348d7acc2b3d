using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>pcap and pcapng files.</summary>
public sealed class CaptureFileTests : IDisposable
{
    private static readonly byte[][] Three = [.. Enumerable.Range(0, 3).Select(i => Frames.Datagram(Frames.Packets(7, 7 * i)))];

    private readonly string folder = Directory.CreateTempSubdirectory("captures").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_pcap_file_is_read_in_both_byte_orders_and_resolutions(bool bigEndian, bool nanoseconds)
    {
        using var source = Frames.Open(Frames.Pcap(Three, bigEndian, nanoseconds, stepNs: 1_234_567));
        var all = Frames.All(source);
        all.Select(f => f.Bytes).Should().BeEquivalentTo(Three, o => o.WithStrictOrdering());
        all.Select(f => f.TimeNs - Frames.BeginNs).Should().Equal(nanoseconds ? [0, 1_234_567, 2_469_134] : [0, 1_234_000, 2_469_000]);
        source.Warnings.Should().BeEmpty();
        source.Statistics.Should().Be(new CaptureStatistics(3, Three.Sum(f => f.Length), null, null, 0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_has_interfaces_with_their_own_clocks_and_link_types_and_sections_begin_anew(bool bigEndian)
    {
        const ulong Seconds = 1_700_000_000;
        byte[] nanoseconds = [.. Frames.Half(9, bigEndian), .. Frames.Half(1, bigEndian), 9, 0, 0, 0, 0, 0, 0, 0];
        byte[] binary = [.. Frames.Half(9, bigEndian), .. Frames.Half(1, bigEndian), 0x80 | 10, 0, 0, 0];
        byte[] offset = [.. Frames.Half(14, bigEndian), .. Frames.Half(8, bigEndian), .. bigEndian ? new byte[] { 0, 0, 0, 0, 0, 0, 0, 100 } : [100, 0, 0, 0, 0, 0, 0, 0]];
        byte[] file =
        [
            .. Frames.Section(bigEndian),
            .. Frames.Interface(bigEndian),
            .. Frames.Interface(bigEndian, options: nanoseconds),
            .. Frames.Interface(bigEndian, link: 101, options: [.. binary, .. offset]),
            .. Frames.Block(4, bigEndian, new byte[40]), // names
            .. Frames.Enhanced(bigEndian, 0, Seconds * 1_000_000 + 5, Three[0]),
            .. Frames.Enhanced(bigEndian, 1, Seconds * 1_000_000_000 + 7, Three[1]),
            .. Frames.Enhanced(bigEndian, 2, (Seconds << 10) + 512, Three[2]),
            .. Frames.Section(!bigEndian),
            .. Frames.Interface(!bigEndian, link: 276),
            .. Frames.Enhanced(!bigEndian, 0, 1, Three[0]),
            .. Frames.Block(3, !bigEndian, Frames.Word(6, !bigEndian), [1, 2, 3, 4, 5, 6]),
        ];
        using var source = Frames.Open(file);
        var all = Frames.All(source);
        all.Select(f => f.TimeNs).Should().Equal(1_700_000_000_000_005_000, 1_700_000_000_000_000_007, 1_700_000_100_500_000_000, 1_000, 1_000);
        all.Select(f => f.Link).Should().Equal(LinkType.Ethernet, LinkType.Ethernet, LinkType.Raw, LinkType.LinuxCooked2, LinkType.LinuxCooked2);
        all.Select(f => f.Bytes).Should().BeEquivalentTo((byte[][])[.. Three, Three[0], [1, 2, 3, 4, 5, 6]], o => o.WithStrictOrdering());
        source.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Pcapng_says_what_was_dropped_and_a_record_without_its_interface_does_not_stop_the_rest()
    {
        byte[] drops = [.. Frames.Half(5, false), .. Frames.Half(8, false), 3, 0, 0, 0, 0, 0, 0, 0, .. Frames.Half(7, false), .. Frames.Half(8, false), 9, 0, 0, 0, 0, 0, 0, 0];
        byte[] file =
        [
            .. Frames.Section(false), .. Frames.Interface(false), .. Frames.Enhanced(false, 5, 1, Three[0]), .. Frames.Enhanced(false, 0, 1, Three[1]),
            .. Frames.Block(5, false, Frames.Word(0, false), new byte[8], drops), .. Frames.Section(false), .. Frames.Interface(false),
        ];
        using var source = Frames.Open(file);
        Frames.All(source).Should().HaveCount(1);
        source.Statistics.Should().Be(new CaptureStatistics(1, Three[1].Length, DroppedByKernel: 9, DroppedByInterface: 3, DroppedHere: 1, Cut: 0));
    }

    [Fact]
    public void Of_a_cut_or_corrupt_file_what_came_before_is_kept_and_the_place_is_told()
    {
        var file = Frames.Pcap(Three);
        var third = file.Length - 16 - Three[2].Length;
        Broken(file[..^1], "capture-file.truncated", third);
        Broken(file[..(third + 3)], "capture-file.truncated", third);
        file[third + 11] = 0xFF; // the captured length
        Broken(file, "capture-file.corrupt", third);

        byte[] ng = [.. Frames.Section(false), .. Frames.Interface(false), .. Frames.Enhanced(false, 0, 1, Three[0]), .. Frames.Enhanced(false, 0, 2, Three[1])];
        var bad = ng.Length;
        ng = [.. ng, .. Frames.Enhanced(false, 0, 3, Three[2])];
        Broken(ng[..^5], "capture-file.truncated", bad);
        ng[^1] ^= 1; // the length that closes the block
        Broken(ng, "capture-file.corrupt", bad);
    }

    [Fact]
    public void A_missing_and_a_foreign_file_say_so_in_both_languages()
    {
        Refusal(Path.Combine(folder, "nothing.pcap")).Code.Should().Be("capture-file.missing");
        var foreign = Path.Combine(folder, "stream.ts");
        File.WriteAllBytes(foreign, Frames.Packets(20));
        Refusal(foreign).Code.Should().Be("capture-file.not-a-capture");
        File.WriteAllBytes(foreign, []);
        Refusal(foreign).Code.Should().Be("capture-file.not-a-capture");
    }

    [PcapFact]
    public void A_filter_lets_through_what_it_says_and_a_wrong_one_is_refused_with_what_the_compiler_says()
    {
        byte[][] frames = [Frames.Datagram([1], port: 5000), Frames.Datagram([2], port: 5002), Frames.Ethernet([0, 1], type: 0x0806)];
        using var source = Frames.Open(Frames.Pcap(frames), "udp dst port 5002");
        Frames.All(source).Should().ContainSingle().Which.Bytes.Should().Equal(frames[1]);
        source.Statistics.Frames.Should().Be(1);
        Action open = () => Frames.Open(Frames.Pcap(frames), "udp port port");
        var problem = open.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("capture.bad-filter");
        problem.Detail.En.Should().Contain("syntax error");
    }

    [PcapFact]
    public void A_filter_on_raw_IP_frames_is_compiled_for_them()
    {
        using var source = Frames.Open(Frames.Pcap([Frames.IPv4(17, Frames.Udp([1], destination: 5000)), Frames.IPv4(17, Frames.Udp([2], destination: 5002))], link: 101), "udp dst port 5002");
        Frames.All(source).Should().ContainSingle().Which.Bytes[^1].Should().Be(2);
    }

    [Fact]
    public void A_long_file_is_read_through_a_window()
    {
        var frame = Frames.Datagram(Frames.Packets(7));
        using var source = Frames.Open(Frames.Pcap(Enumerable.Repeat(frame, 3_000))); // 4 MB
        var count = 0;
        while (source.Read(out var read) == CaptureStatus.Frame)
        {
            read.Bytes.SequenceEqual(frame).Should().BeTrue();
            count++;
        }
        count.Should().Be(3_000);
    }

    private static void Broken(byte[] file, string code, int offset)
    {
        using var source = Frames.Open(file);
        Frames.All(source).Select(f => f.Bytes).Should().BeEquivalentTo(Three[..2], o => o.WithStrictOrdering());
        var problem = source.Warnings.Should().ContainSingle().Which;
        problem.Code.Should().Be(code);
        problem.Detail.En.Should().Contain($"byte {offset} ").And.Contain("2 frames");
        problem.Detail.Zh.Should().Contain($" {offset} ");
    }

    private static Problem Refusal(string path)
    {
        Action open = () => CaptureFileSource.Open(path, new());
        var problem = open.Should().Throw<ProblemException>().Which.Problem;
        problem.Title.Zh.Should().NotBe(problem.Title.En).And.Contain(path);
        return problem;
    }
}
