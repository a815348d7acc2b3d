namespace SignalWatch.TransportStream;

public static partial class Checks
{
    /// <summary>2.1: transport_error_indicator.</summary>
    public static readonly Check TransportError = Of("2.1", CheckPriority.Second, "Transport_error", Second, null, Clip,
        ("传输错误标志", "transport error indicated"),
        ("包头的 transport_error_indicator 为 1：前级已发现该包有无法纠正的误码。", "transport_error_indicator is set: a stage before found errors that it could not correct."),
        ("接收电平低、MER 差、前级链路误码。先看射频指标。", "Low level, poor MER, bit errors on a link before. Look at the RF figures first."));

    /// <summary>2.2: a table with a wrong CRC.</summary>
    public static readonly Check CrcError = Of("2.2", CheckPriority.Second, "CRC_error", Second, null, ClipAndTables,
        ("表的 CRC 错误", "CRC error in a table"),
        ("CAT、PAT、PMT、NIT、EIT、BAT、SDT 或 TOT 的一个段校验错误，该段被丢弃。", "A section of CAT, PAT, PMT, NIT, EIT, BAT, SDT or TOT has a wrong CRC and is discarded."),
        ("误码、SI 发生器错误、段被改写而没有重算 CRC。", "Bit errors, a faulty SI generator, a section changed on the way without a new CRC."));

    /// <summary>2.3.a: PCRs too far apart.</summary>
    public static readonly Check PcrRepetition = Of("2.3.a", CheckPriority.Second, "PCR_repetition_error", Second, new CheckLimit(100, 40, "ms"), ClipAndClock,
        ("PCR 间隔过长", "PCR interval too long"),
        ("两个 PCR 的间隔超过 100 ms（V1.3 为 40 ms）。接收机的时钟恢复变差，可能声画不同步。", "Two PCRs are more than 100 ms apart (40 ms in V1.3). Clock recovery in receivers suffers; sound and picture may drift apart."),
        ("编码器或复用器设置、节目码率过低、丢包。", "Setting of encoder or multiplexer, very low rate, lost packets."));

    /// <summary>2.3.b: PCR jump without indication.</summary>
    public static readonly Check PcrJump = Of("2.3.b", CheckPriority.Second, "PCR_discontinuity_indicator_error", Second, Ms(100), ClipAndClock,
        ("PCR 跳变且无标志", "PCR jump without indication"),
        ("PCR 与前一个之差不在 0 到 100 ms 之内，且没有 discontinuity_indicator。接收机会停顿或黑屏片刻。", "The step from the PCR before is outside 0 to 100 ms, without discontinuity_indicator. Receivers stall or go black for a moment."),
        ("信号源切换、播出文件拼接、编码器重启。", "Source switched, files spliced, encoder restarted."));

    /// <summary>2.4: PCR inaccurate.</summary>
    public static readonly Check PcrAccuracy = Of("2.4", CheckPriority.Second, "PCR_accuracy_error", Second, new CheckLimit(500, 500, "ns"), ClipAndClock,
        ("PCR 精度超限", "PCR inaccurate"),
        ("PCR 与其字节位置应有的值相差超过 ±500 ns（与到达时间无关）。", "A PCR differs from what its byte position asks for by more than ±500 ns (whatever its time of arrival)."),
        ("复用器没有重新计算 PCR、非恒定码率。", "A multiplexer did not restamp PCRs; the rate is not constant."));

    /// <summary>2.5: PTS too rare.</summary>
    public static readonly Check PtsRepetition = Of("2.5", CheckPriority.Second, "PTS_error", Second, Ms(700), Clip,
        ("PTS 间隔过长", "PTS interval too long"),
        ("图像或声音的 PTS 间隔超过 700 ms。加扰的分量不检查。", "PTS of pictures or sound are more than 700 ms apart. Scrambled components are not checked."),
        ("编码器设置、分量中断、丢包。", "Encoder setting, component interrupted, lost packets."));

    /// <summary>2.6/1: scrambled packets without CAT.</summary>
    public static readonly Check CatAbsent = Of("2.6/1", CheckPriority.Second, "CAT_error", Second, Ms(2000), ClipAndTables,
        ("有加扰而没有 CAT", "scrambling without CAT"),
        ("有加扰的包，但超过 2 秒没有 CAT。授权管理信息（EMM）无法收到，智能卡不能更新授权。", "There are scrambled packets, but no CAT for more than 2 s. Entitlements (EMM) can't be received."),
        ("复用器没有插入 CAT；非法转播去掉了条件接收。", "The multiplexer inserts no CAT; a retransmission without licence dropped conditional access."));

    /// <summary>2.6/2: another table on PID 1.</summary>
    public static readonly Check CatOther = Of("2.6/2", CheckPriority.Second, "CAT_error", Second, null, ClipAndTables,
        ("PID 1 上有非 CAT 的段", "a section other than a CAT on PID 1"),
        ("PID 1 上出现 table_id 不是 0x01 的段。", "A section on PID 1 has a table_id other than 0x01."),
        ("复用器 PID 分配冲突。", "PIDs collide in the multiplexer."));
}
