using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>running_status in words (EN 300 468 table 6).</summary>
public static class RunningStatuses
{
    /// <summary>What a service or an event is doing.</summary>
    /// <param name="runningStatus">running_status of SDT, EIT, RST or SIT, 0 to 7.</param>
    public static Text Name(int runningStatus) => runningStatus switch
    {
        0 => new("未定义", "Undefined"),
        1 => new("未运行", "Not running"),
        2 => new("即将开始", "Starts in a few seconds"),
        3 => new("暂停", "Pausing"),
        4 => new("运行", "Running"),
        5 => new("停播", "Off air"),
        _ => new($"保留 {runningStatus}", $"Reserved {runningStatus}"),
    };
}

/// <summary>content_nibble_level_1 in words (EN 300 468 table 29).</summary>
public static class ContentGenres
{
    /// <summary>The group that a programme belongs to.</summary>
    /// <param name="level1">content_nibble_level_1 of a content_descriptor, 0 to 15.</param>
    public static Text Name(int level1) => level1 switch
    {
        0x0 => new("未定义", "Undefined"),
        0x1 => new("电影、电视剧", "Movie, drama"),
        0x2 => new("新闻、时事", "News, current affairs"),
        0x3 => new("综艺、竞猜", "Show, game show"),
        0x4 => new("体育", "Sports"),
        0x5 => new("少儿", "Children's, youth"),
        0x6 => new("音乐、舞蹈", "Music, ballet, dance"),
        0x7 => new("文化艺术", "Arts, culture"),
        0x8 => new("社会、政治、经济", "Social, political, economics"),
        0x9 => new("教育、科学、纪实", "Education, science, factual"),
        0xA => new("休闲", "Leisure, hobbies"),
        0xB => new("特殊属性", "Special characteristics"),
        0xC => new("成人", "Adult"),
        0xF => new("自定义", "User defined"),
        _ => new($"保留 0x{level1:X}", $"Reserved 0x{level1:X}"),
    };
}
