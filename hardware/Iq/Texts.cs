using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What the sources of IQ samples say to people.</summary>
internal static class Texts
{
    private static readonly Text NothingRead = new("未读取任何样点。", "Nothing was read.");

    public static Problem MissingMeta(string path) => Make("sigmf.meta-missing",
        new($"找不到 SigMF 描述文件 {path}", $"the SigMF meta file {path} is missing"),
        new("没有它就不知道采样率、频率和数据格式。请把同名的 .sigmf-meta 文件放到数据文件旁边。", "Without it rate, frequency and format are unknown. Put the .sigmf-meta file of the same name beside the data."));

    public static Problem MissingData(string path) => Make("sigmf.data-missing",
        new($"找不到 SigMF 数据文件 {path}", $"the SigMF data file {path} is missing"),
        new("请把同名的 .sigmf-data 文件放到描述文件旁边。", "Put the .sigmf-data file of the same name beside the meta file."));

    public static Problem NoSamples(string path) => Make("sigmf.data-empty",
        new($"SigMF 数据文件 {path} 中没有一个完整的样点", $"the SigMF data file {path} holds not one whole sample"),
        new("请重新复制或重新录制。", "Copy or record it again."));

    public static Problem Unreadable(string path, string reason) => Make("sigmf.unreadable",
        new($"无法读取 {path}：{reason}", $"{path} can't be read: {reason}"),
        new("请检查文件权限和磁盘。", "Check the file's permissions and the disk."));

    public static Problem InvalidJson(string path, long line, long column) => Make("sigmf.meta-invalid",
        new($"SigMF 描述文件 {path} 第 {line} 行第 {column} 列不是有效的 JSON", $"the SigMF meta file {path} is no valid JSON at line {line}, column {column}"),
        new("请按该位置更正文件。", "Correct the file at that place."));

    public static Problem Datatype(string path, string? found) => Make("sigmf.datatype",
        new($"{path}：不支持的数据格式 core:datatype = {found ?? "（无）"}", $"{path}: the datatype core:datatype = {found ?? "(none)"} is not supported"),
        new("支持 cu8、ci8、ci16、cu16、ci32、cf32（_le 或 _be）和 cf64_le。", "Supported are cu8, ci8, ci16, cu16, ci32, cf32 (_le or _be) and cf64_le."));

    public static Problem RealDatatype(string path, string found) => Make("sigmf.datatype",
        new($"{path}：core:datatype = {found} 是实数样点，不是复数（I/Q）样点", $"{path}: core:datatype = {found} means real samples, not complex ones (I/Q)"),
        new("实数样点没有正负频率之分，不能当作基带使用。请重新录制或转换为复数格式，如 ci16_le。", "Real samples can't tell frequencies above the centre from those below. Record or convert it as complex samples, such as ci16_le."));

    public static Problem SampleRate(string path, string? found) => Make("sigmf.sample-rate",
        new($"{path}：采样率无效 core:sample_rate = {found ?? "（无）"}", $"{path}: the sample rate core:sample_rate = {found ?? "(none)"} is not valid"),
        new("应为大于 0 的每秒样点数。请按录制时的设置更正。", "It is the number of samples a second, above 0. Correct it to the rate of the recording."));

    public static Problem SampleRateMismatch(string path, double found, double expected) => Make("sigmf.sample-rate-mismatch",
        new($"{path}：采样率为 {found} 样点/秒，而任务要求 {expected}", $"{path}: its rate is {found} samples a second, where the watch asks for {expected}"),
        new("请更正任务设置，或换用采样率相符的录制文件。", "Correct the watch, or use a recording of that rate."));

    public static Problem Frequency(string path) => Make("sigmf.frequency",
        new($"{path}：captures 中没有有效的 core:frequency", $"{path}: there is no valid core:frequency in its captures"),
        new("没有中心频率就无法判断载波的频率。请补上录制时的中心频率（Hz）。", "Without the centre frequency no carrier's frequency is known. Add the centre frequency of the recording, in Hz."));

    public static Problem Field(string path, string name) => Make("sigmf.field",
        new($"{path}：字段 {name} 的值无效", $"{path}: the field {name} has no valid value"),
        new("请按 SigMF 规范更正。", "Correct it as the SigMF specification says."));

    public static Problem Channels(string path, long channels) => Make("sigmf.channels",
        new($"{path}：含 {channels} 个通道，只支持 1 个", $"{path}: it holds {channels} channels, and only one is supported"),
        new("请先把需要的通道导出为单通道文件。", "Export the channel that is wanted to a file of its own."));

    public static Problem Digest(string path) => Make("sigmf.digest",
        new($"{path} 与描述文件中的 core:sha512 不符", $"{path} does not fit the core:sha512 of its meta file"),
        new("文件已损坏或被改动，不能作为证据使用。请从原件重新复制。", "The file is damaged or was altered, and is no evidence. Copy it again from the original."));

    public static Problem Truncated(string path, long bytes) => new("sigmf.truncated",
        new($"{path} 末尾有 {bytes} 个字节不足一个样点，文件可能不完整", $"{path} ends with {bytes} bytes that are less than a sample: the file is probably not whole"),
        new("已保留全部完整样点。如需完整数据，请从原件重新复制。", "All whole samples were kept. Where the rest is wanted, copy it again from the original."));

    public static Problem DigestNotChecked(string path) => new("sigmf.digest-not-checked",
        new($"{path} 超过 1 GiB，打开时未核对 core:sha512", $"{path} is larger than 1 GiB: its core:sha512 was not checked on opening"),
        new("样点照常使用。作为证据之前请单独核对摘要。", "Its samples are used all the same. Check the digest apart before it serves as evidence."));

    public static Problem SeveralFrequencies(string path) => new("sigmf.several-captures",
        new($"{path}：后面的 captures 改变了中心频率，只使用第一个频率的样点", $"{path}: a later capture changes the centre frequency; the samples of the first frequency alone are used"),
        new("需要其余样点时，请按频率分成多个文件。", "Where the others are wanted, split the file by frequency."));

    public static Problem FieldIgnored(string path, string name) => new("sigmf.field-ignored",
        new($"{path}：字段 {name} 的值无效，已忽略", $"{path}: the field {name} has no valid value and was ignored"),
        new("样点照常使用，但缺少这一信息。请按 SigMF 规范更正。", "The samples are used all the same, without this information. Correct it as the SigMF specification says."));

    public static Problem MissingArchive(string path) => Make("sigmf.archive",
        new($"找不到 SigMF 归档 {path}", $"the SigMF archive {path} is missing"),
        new("请检查文件名和路径。", "Check its name and path."));

    public static Problem DamagedArchive(string path) => Make("sigmf.archive",
        new($"{path} 不是有效的 SigMF 归档（tar）", $"{path} is no valid SigMF archive (tar)"),
        new("文件已损坏、被压缩或不是归档。请解压或从原件重新复制。", "The file is damaged, compressed or no archive. Unpack it, or copy it again from the original."));

    public static Problem EmptyArchive(string path) => Make("sigmf.archive",
        new($"SigMF 归档 {path} 中没有 .sigmf-meta 文件", $"the SigMF archive {path} holds no .sigmf-meta file"),
        new("归档不完整。请从原件重新复制或重新打包。", "It is not whole. Copy it again from the original, or pack it again."));

    public static Problem WhichRecording(string path, string? wanted, IReadOnlyList<string> names)
    {
        const int most = 20;
        var list = string.Join(", ", names.Take(most)) + (names.Count > most ? " …" : "");
        return Make("sigmf.which-recording",
            wanted is null ? new Text($"归档 {path} 含 {names.Count} 个录制", $"the archive {path} holds {names.Count} recordings") : new Text($"归档 {path} 中没有（唯一的）录制 {wanted}", $"the archive {path} holds no recording {wanted}, or several"),
            new($"请指定其中一个：{list}。", $"Name one of them: {list}."));
    }

    public static Problem Shrunk(string path) => Make("sigmf.unreadable",
        new($"{path} 在读取时变短了", $"{path} became shorter while it was read"),
        new("请确认没有其他程序在改写它，并检查磁盘。", "Make sure that no other program writes to it, and check the disk."));

    public static Problem MissingRecording(string path) => Make("iq.missing",
        new($"找不到录制文件 {path}", $"the recording {path} is missing"),
        new("请检查文件名和路径。", "Check its name and path."));

    public static Problem RawOptions(string path) => Make("iq.options",
        new($"{path}：采样率或中心频率无效", $"{path}: its sample rate or centre frequency is not valid"),
        new("没有描述文件的录制需要给出采样率（大于 0）和中心频率（Hz）。", "A recording without a meta file needs its rate (above 0) and its centre frequency, in Hz."));

    public static Problem NoRawSamples(string path) => Make("iq.empty",
        new($"录制文件 {path} 中没有一个完整的样点", $"the recording {path} holds not one whole sample"),
        new("请重新复制或重新录制。", "Copy or record it again."));

    public static Problem RawTruncated(string path, long bytes) => new("iq.truncated",
        new($"{path} 末尾有 {bytes} 个字节不足一个样点，文件可能不完整，或格式不对", $"{path} ends with {bytes} bytes that are less than a sample: the file is not whole, or its format is another"),
        new("已保留全部完整样点。请核对数据格式。", "All whole samples were kept. Check the datatype."));

    private static Problem Make(string code, Text title, Text detail) =>
        new(code, title, new(NothingRead.Zh + detail.Zh, NothingRead.En + " " + detail.En));
}
