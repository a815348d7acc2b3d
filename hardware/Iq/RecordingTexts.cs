using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What the recorder of IQ samples says to people.</summary>
internal static class RecordingTexts
{
    public static Problem Failed(string path, string why) => new("sigmf.write-failed",
        new($"无法写入 IQ 录制文件 {path}：{why}", $"the IQ recording {path} can't be written: {why}"),
        new("没有留下看似完整的录制。请检查目录、权限和磁盘空间。", "No recording was left that looks whole. Check folder, permissions and disk space."));

    public static Problem Exists(string path) => new("sigmf.exists",
        new($"IQ 录制文件已存在：{path}", $"the IQ recording {path} is there already"),
        new("没有写任何内容。请换一个文件名。", "Nothing was written. Choose another name."), 409);

    public static Problem NothingToRecover(string path) => new("sigmf.unrecoverable",
        new($"未完成的 IQ 录制 {path} 无法收尾", $"the unfinished IQ recording {path} can't be finished"),
        new("数据保持原样，未作改动。", "What is there was left as it is."));
}
