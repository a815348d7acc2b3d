using SignalWatch.Contracts;

namespace SignalWatch.TransportStream.Tests;

public sealed class TablesNameTests
{
    [Theory]
    [InlineData(0x4A02, "永新视博（同方）", "Novel-SuperTV (Tongfang)")]
    [InlineData(0x0604, "爱迪德", "Irdeto")]
    [InlineData(0x4B0A, "数码视讯", "Beijing Sumavision")]
    [InlineData(0x1811, "纳格拉", "Nagravision")]
    [InlineData(0x7777, "未知条件接收系统 0x7777", "Unknown CA system 0x7777")]
    public void A_CA_system_is_named_by_who_has_it(int id, string chinese, string english) => CaSystems.Name(id).Should().Be(new Text(chinese, english));

    [Fact]
    public void Every_number_of_its_range_has_a_name_in_both_languages()
    {
        var names = Enumerable.Range(0, 256).SelectMany(number => new[] { ServiceTypes.Name(number), StreamTypes.Name(number) })
            .Concat(Enumerable.Range(0, 16).Select(ContentGenres.Name)).Concat(Enumerable.Range(0, 8).Select(RunningStatuses.Name)).Concat(Enumerable.Range(0, 65536).Select(CaSystems.Name));
        names.Should().OnlyContain(name => name.Zh.Length > 0 && name.En.Length > 0);
    }

    [Fact]
    public void What_Chinese_multiplexes_carry_is_named()
    {
        StreamTypes.Name(0x42).Zh.Should().Be("AVS/AVS+ 视频");
        StreamTypes.Name(0xD4).En.Should().Be("AVS3 video");
        ServiceTypes.Name(0x20).Zh.Should().Be("HEVC 超高清电视");
        RunningStatuses.Name(4).Zh.Should().Be("运行");
        ContentGenres.Name(2).Zh.Should().Be("新闻、时事");
    }
}
