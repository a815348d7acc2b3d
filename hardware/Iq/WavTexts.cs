using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What people read of WAV recordings.</summary>
internal static class WavTexts
{
    public static Problem Missing(string path) => new("wav.missing",
        new($"找不到录制文件 {path}", $"the recording {path} is missing"),
        new("未读取任何样点。请检查文件名和路径。", "Nothing was read. Check its name and path."), 404);

    public static Problem Unreadable(string path, string reason) => new("wav.unreadable",
        new($"无法读取 {path}：{reason}", $"{path} can't be read: {reason}"),
        new("请检查文件权限和磁盘。", "Check the file's permissions and the disk."));

    public static Problem NotWav(string path) => new("wav.not-wav",
        new($"{path} 不是 WAV 文件", $"{path} is no WAV file"),
        new("未读取任何样点。支持 RIFF、RF64 和 BW64；没有文件头的样点请按裸 I/Q 文件打开。", "Nothing was read. RIFF, RF64 and BW64 are; samples without a header are opened as a bare IQ file."));

    public static Problem Format(string path, string found) => new("wav.format",
        new($"{path}：不支持的 WAV 格式（{found}）", $"{path}: the format of this WAV file is not supported ({found})"),
        new("未读取任何样点。支持 8、16、24、32 位 PCM 和 32、64 位浮点；压缩格式会破坏基带，请重新录制为 PCM。", "Nothing was read. PCM of 8, 16, 24 and 32 bits and floats of 32 and 64 are; compression destroys a baseband: record it as PCM."));

    public static Problem Empty(string path) => new("wav.empty",
        new($"{path} 中没有一个完整的样点", $"{path} holds not one whole sample"),
        new("未读取任何样点。请重新复制或重新录制。", "Nothing was read. Copy or record it again."));

    public static Problem Channels(string path, int channels) => new("wav.channels",
        new($"{path}：有 {channels} 个声道，I/Q 录制应为 2 个", $"{path}: it has {channels} channels, where a recording of I and Q has 2"),
        new("未读取任何样点。单声道的 MPX 复合信号请作为 MPX 打开。", "Nothing was read. An MPX composite of one channel is opened as MPX."));

    public static Problem Frequency(string path) => new("wav.frequency",
        new($"{path}：不知道中心频率", $"{path}: its centre frequency is not known"),
        new("未读取任何样点。文件中没有 auxi 块，文件名中也没有 _98000000Hz_ 这样的频率。请给出中心频率。", "Nothing was read. There is no chunk auxi in it and no frequency such as _98000000Hz_ in its name. Give the centre frequency."));

    public static Problem FrequencyDiffers(string path, double written, double named) => new("wav.frequency-differs",
        new($"{path}：文件内的中心频率 {written:F0} Hz 与文件名中的 {named:F0} Hz 不同", $"{path}: its centre frequency is {written:F0} Hz inside and {named:F0} Hz in its name"),
        new("使用文件内的频率。如不正确，请给出中心频率。", "The one inside is used. Where it is wrong, give the centre frequency."));

    public static Problem WrongLength(string path, long said, long there) => new("wav.length",
        new($"{path}：文件头称有 {said} 字节数据，实际有 {there} 字节", $"{path}: its header says {said} bytes of data, where there are {there}"),
        new("按实际内容读取到文件末尾。录制可能中断，或超过 4 GiB。", "It is read to the end of the file. The recording was torn off, or is larger than 4 GiB."));

    public static Problem Torn(string path, long bytes) => new("wav.torn",
        new($"{path} 末尾有 {bytes} 个字节不足一个样点", $"{path} ends with {bytes} bytes that are less than a sample"),
        new("已保留全部完整样点。", "All whole samples were kept."));

    public static Problem MpxRate(string path, double found, double least) => new("wav.mpx-rate",
        new($"{path}：采样率 {found:F0} Hz 太低，MPX 至少需要 {least:F0} Hz", $"{path}: its rate of {found:F0} Hz is too low, MPX needs {least:F0} Hz at least"),
        new("未读取任何样点。RDS 位于 57 kHz；请以 192 kHz 录制。", "Nothing was read. RDS is at 57 kHz: record at 192 kHz."));

    public static Problem FirstChannel(string path, int channels) => new("wav.first-channel",
        new($"{path}：有 {channels} 个声道，只使用第一个", $"{path}: it has {channels} channels; the first alone is used"),
        new("如果这是 I/Q 录制，请作为 I/Q 打开。", "Where it is a recording of I and Q, open it as that."));
}
