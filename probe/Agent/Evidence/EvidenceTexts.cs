using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Evidence;

/// <summary>What dossiers say to people.</summary>
internal static class EvidenceTexts
{
    public static readonly Text Uncalibrated = new("接收机未校准：电平只是相对值，仅可作线索。", "The receiver is not calibrated: its levels are relative, a lead only.");
    public static readonly Text Replayed = new("信号来自录制文件的回放，不是实时接收：不能作证据。", "The signal was replayed from a recording, not received live: no evidence.");
    public static readonly Text Simulated = new("信号由演练城市模拟：演练材料，不能作证据。", "The signal was simulated: material of a drill, no evidence.");
    public static readonly Text SuspicionOver = new("嫌疑解除或载波消失，且已满最短时长。", "The suspicion ended or the carrier went, and the least length was reached.");
    public static readonly Text LongestReached = new("达到单个卷宗的最长时间。", "The longest time of one dossier was reached.");
    public static readonly Text LargestReached = new("达到单个卷宗的最大字节数。", "The largest size of one dossier was reached.");
    public static readonly Text WatchStopped = new("监测任务停止。", "The watch was stopped.");
    public static readonly Text PowerLost = new("录制时程序或机器中断；启动后按现存内容收尾。", "The program or the machine fell while it recorded; what was there was finished at the next start.");
    public static readonly Text LostByReceiver = new("接收机丢失样点。", "The receiver lost samples.");
    public static readonly Text NothingReceived = new("没有声音：载波消失，或接收中断。", "There was no sound: the carrier was gone, or reception was interrupted.");
    public static readonly Text DiskTooSlow = new("磁盘写入太慢，队列已满。", "The disk was too slow and the queue was full.");
    public static readonly Text MadeRoom = new("卷宗总量达到上限，最旧的已删除。", "The dossiers reached their limit, the oldest was deleted.");
    public static readonly Text ManifestUnreadable = new("中断的卷宗没有可读的清单；文件保持原样并已计算摘要。", "The interrupted dossier has no readable manifest; its files were left as they are and digested.");

    private static readonly Text Sound = new("解调的声音，FLAC 无损，满幅 = 150 kHz 频偏", "demodulated sound, lossless FLAC, full scale is 150 kHz deviation");
    private static readonly Text IqData = new("信道的 IQ 样点（SigMF 数据）", "IQ samples of the channel (SigMF data)");
    private static readonly Text IqMeta = new("IQ 样点的说明（SigMF 描述）", "description of the IQ samples (SigMF meta)");
    private static readonly Text Levels = new("频段频谱，每秒一行（NumPy 数组，每值一字节）", "spectra of the band, a row a second (NumPy array, a byte a value)");
    private static readonly Text Times = new("频谱各行的时间和载波电平（CSV）", "times of the spectra's rows and the carrier's level (CSV)");
    private static readonly Text Groups = new("RDS 原始组（RDS Spy 格式）", "raw RDS groups (as RDS Spy logs them)");
    private static readonly Text Explanation = new("各文件的说明", "what each file is");
    private static readonly Text Unfinished = new("未写完的文件，按现状保留", "an unfinished file, left as it is");

    public static Text CalibrationExpired(EvidenceCalibration calibration) => new(
        string.Create(CultureInfo.InvariantCulture, $"校准 {calibration.Id} 已于 {calibration.Expires:yyyy-MM-dd} 到期：仅可作线索。"),
        string.Create(CultureInfo.InvariantCulture, $"The calibration {calibration.Id} expired on {calibration.Expires:yyyy-MM-dd}: a lead only."));

    public static Text TooMany(int open) => new($"已有 {open} 个卷宗在录制，未再开始。", $"{open} dossiers are being recorded already; no other was begun.");

    public static Text DiskFailed(string why) => new($"磁盘无法写入：{why} 已写内容保留，监测继续。", $"The disk takes no more: {why} What was written stays, and the watch goes on.");

    public static Text What(string file) => Path.GetExtension(file) switch
    {
        ".flac" => Sound,
        ".sigmf-data" => IqData,
        ".sigmf-meta" => IqMeta,
        ".npy" => Levels,
        ".csv" => Times,
        ".spy" => Groups,
        ".txt" => Explanation,
        _ => Unfinished,
    };
}
