namespace SignalWatch.TransportStream;

public static partial class Checks
{
    /// <summary>1.1: synchronisation is lost.</summary>
    public static readonly Check SyncLost = Of("1.1", CheckPriority.First, "TS_sync_loss", First, null, ClipAndNetwork,
        ("传输流失步", "loss of synchronisation"),
        ("连续两个或更多同步字节错误，或者 1 秒没有任何数据。失步期间其他检查没有意义，全部节目中断。", "Two or more sync bytes in a row are wrong, or nothing arrives for 1 s. No other check means anything until it ends; all services are interrupted."),
        ("信号中断、解调器失锁、IP 链路断开、复用器重启。先看输入电平和上级链路。", "Signal gone, demodulator out of lock, IP link down, multiplexer restarted. Look at the input level and the link before it first."));

    /// <summary>1.2: a wrong sync byte.</summary>
    public static readonly Check SyncByteError = Of("1.2", CheckPriority.First, "Sync_byte_error", First, null, Clip,
        ("同步字节错误", "wrong sync byte"),
        ("一个包的首字节不是 0x47。该包不可用，可能出现马赛克或爆音。", "The first byte of a packet is not 0x47. The packet is unusable; blocks in the picture or a click may follow."),
        ("传输误码、接口接触不良、ASI 设备故障。", "Bit errors on the way, a bad contact, a faulty ASI device."));

    /// <summary>1.3/1: PID 0 is absent.</summary>
    public static readonly Check PatPidAbsent = Of("1.3/1", CheckPriority.First, "PAT_error", First, Ms(500), ClipAndTables,
        ("PID 0 中断", "PID 0 absent"),
        ("超过 0.5 秒没有 PID 0 的包。没有 PAT，接收机找不到任何节目。", "No packet on PID 0 for more than 0.5 s. Without a PAT a receiver finds no service."),
        ("复用器 PSI 发生器故障、PID 过滤配置错误。", "PSI generator of the multiplexer faulty, PID filter misconfigured."));

    /// <summary>1.3/2: another table on PID 0.</summary>
    public static readonly Check PatPidOther = Of("1.3/2", CheckPriority.First, "PAT_error", First, null, ClipAndTables,
        ("PID 0 上有非 PAT 的段", "a section other than a PAT on PID 0"),
        ("PID 0 上出现 table_id 不是 0x00 的段。", "A section on PID 0 has a table_id other than 0x00."),
        ("复用器 PID 分配冲突。", "PIDs collide in the multiplexer."));

    /// <summary>1.3.a/1: no PAT.</summary>
    public static readonly Check PatAbsent = Of("1.3.a/1", CheckPriority.First, "PAT_error_2", First, Ms(500), ClipAndTables,
        ("PAT 中断", "PAT absent"),
        ("超过 0.5 秒没有正确的 PAT（table_id 0x00）。机顶盒换台变慢或找不到节目。", "No valid PAT (table_id 0x00) for more than 0.5 s. Receivers change channels slowly or find no service."),
        ("复用器 PSI 发生器故障、PAT 校验错误、PID 过滤配置错误。", "PSI generator of the multiplexer faulty, PAT with CRC errors, PID filter misconfigured."));

    /// <summary>1.3.a/2: another table on PID 0.</summary>
    public static readonly Check PatOther = Of("1.3.a/2", CheckPriority.First, "PAT_error_2", First, null, ClipAndTables,
        ("PID 0 上有非 PAT 的段", "a section other than a PAT on PID 0"),
        ("PID 0 上出现 table_id 不是 0x00 的段，接收机可能读错节目列表。", "A section on PID 0 has a table_id other than 0x00; a receiver may read a wrong list of services."),
        ("复用器 PID 分配冲突、私有数据误插到 PID 0。", "PIDs collide in the multiplexer, private data inserted on PID 0."));

    /// <summary>1.3.a/3: PID 0 is scrambled.</summary>
    public static readonly Check PatScrambled = Of("1.3.a/3", CheckPriority.First, "PAT_error_2", First, null, ClipAndTables,
        ("PAT 被加扰", "PAT scrambled"),
        ("PID 0 的 transport_scrambling_control 不是 00。任何接收机都读不到节目列表。", "transport_scrambling_control of PID 0 is not 00. No receiver can read the list of services."),
        ("加扰机把 PSI 也加扰了。", "The scrambler takes PSI too."));

    /// <summary>1.4: wrong continuity.</summary>
    public static readonly Check ContinuityError = Of("1.4", CheckPriority.First, "Continuity_count_error", First, null, ClipAndNetwork,
        ("连续计数错误", "continuity counter error"),
        ("包丢失、乱序，或同一个包出现两次以上。画面马赛克、声音断续。合法的情况不算：一次重复、discontinuity_indicator、没有负载的包、空包。", "A packet is lost, out of order, or comes more than twice. Blocks in the picture, gaps in the sound. Legal cases don't count: one repetition, discontinuity_indicator, packets without payload, null packets."),
        ("IP 丢包或乱序、误码、复用器缓冲溢出。同时看 RTP 丢包：一次网络丢包会在多个 PID 上出现。", "IP packets lost or reordered, bit errors, overflow in a multiplexer. Compare with RTP losses: one loss in the network shows on several PIDs."));

    /// <summary>1.5.a/1: no PMT.</summary>
    public static readonly Check PmtAbsent = Of("1.5.a/1", CheckPriority.First, "PMT_error_2", First, Ms(500), ClipAndTables,
        ("PMT 中断", "PMT absent"),
        ("PAT 所列的 PMT PID 上超过 0.5 秒没有 PMT（table_id 0x02）。该节目无法打开。", "On a program_map_PID of the PAT no PMT (table_id 0x02) for more than 0.5 s. The service can't be opened."),
        ("节目已停但 PAT 未更新、PMT 校验错误、复用器故障。", "Service stopped but still in the PAT, PMT with CRC errors, multiplexer faulty."));

    /// <summary>1.5.a/2: a PMT PID is scrambled.</summary>
    public static readonly Check PmtScrambled = Of("1.5.a/2", CheckPriority.First, "PMT_error_2", First, null, ClipAndTables,
        ("PMT 被加扰", "PMT scrambled"),
        ("PMT PID 的 transport_scrambling_control 不是 00。接收机读不到该节目的组成。", "transport_scrambling_control of a program_map_PID is not 00. Receivers can't read what the service consists of."),
        ("加扰机把 PSI 也加扰了。", "The scrambler takes PSI too."));

    /// <summary>1.6: a referred PID is absent.</summary>
    public static readonly Check PidAbsent = Of("1.6", CheckPriority.First, "PID_error", First, Ms(5000), ClipAndTables,
        ("PID 中断", "PID absent"),
        ("PMT 所列的 PID 超过 5 秒（可设置）没有包。节目没有图像、声音或数据。", "A PID that a PMT names has no packet for 5 s (to be set). The service lacks picture, sound or data."),
        ("编码器停止、PID 重映射后 PMT 未更新。字幕等稀疏数据可在模板中放宽。", "Encoder stopped, PID remapped without the PMT. Sparse data such as subtitles are exempt."));
}
