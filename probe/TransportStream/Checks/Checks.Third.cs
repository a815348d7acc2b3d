namespace SignalWatch.TransportStream;

public static partial class Checks
{
    private const double ShortestMs = 25;

    /// <summary>3.1.a/1: another table on PID 0x10.</summary>
    public static readonly Check NitOther = Other("3.1.a/1", "NIT_actual_error", "PID 0x10", "NIT", "0x40, 0x41, 0x72");

    /// <summary>3.1.a/2: no NIT of this network.</summary>
    public static readonly Check NitAbsent = Absent("3.1.a/2", "NIT_actual_error", "NIT", 10_000, "接收机搜台不全或找不到频点", "Receivers find channels incompletely, or not at all");

    /// <summary>3.1.a/3: NIT sections too close.</summary>
    public static readonly Check NitTooSoon = TooSoon("3.1.a/3", "NIT_actual_error", "NIT");

    /// <summary>3.1.b: a NIT of another network too rare.</summary>
    public static readonly Check NitOtherNetworkAbsent = TooRare("3.1.b", "NIT_other_error", "其他网络的 NIT", "NIT of another network", 10_000);

    /// <summary>3.2/1: a table too rare.</summary>
    public static readonly Check SiTooRare = Of("3.2/1", CheckPriority.Third, "SI_repetition_error", Third, Ms(10_000), ClipAndTables,
        ("SI 表间隔过长", "SI table too rare"),
        ("BAT 超过 10 秒或 TOT 超过 30 秒没有重复（TR 101 211 4.4）。NIT、SDT、EIT、TDT 由各自的检查负责。", "A BAT is not repeated within 10 s, or a TOT within 30 s (TR 101 211 4.4). NIT, SDT, EIT and TDT have checks of their own."),
        ("SI 发生器设置。", "Setting of the SI generator."));

    /// <summary>3.2/2: sections of a table too close.</summary>
    public static readonly Check SiTooSoon = Of("3.2/2", CheckPriority.Third, "SI_repetition_error", Third, Ms(ShortestMs), ClipAndTables,
        ("SI 段间隔过短", "SI sections too close"),
        ("同一个表（同 PID、table_id、扩展号）的两个段间隔不足 25 ms（TR 101 211 4.4），旧接收机可能来不及处理。", "Two sections of one table (PID, table_id, extension) are less than 25 ms apart (TR 101 211 4.4); older receivers may be too slow for them."),
        ("SI 发生器设置、复用器把段成串发出。", "Setting of the SI generator; the multiplexer sends sections in bursts."));

    /// <summary>3.3/1: the transport buffer overflows.</summary>
    public static readonly Check TransportBufferOverflow = Buffer("3.3/1", "传输缓冲 TB 上溢", "transport buffer TB overflows", "分量的包来得比 TB 放出的快", "Packets of a component come faster than TB lets them go");

    /// <summary>3.3/2: the transport buffer of system data overflows.</summary>
    public static readonly Check SystemTransportBufferOverflow = Buffer("3.3/2", "系统缓冲 TBsys 上溢", "transport buffer TBsys overflows", "PSI 的包来得太密", "Packets of PSI come too densely");

    /// <summary>3.3/3: the multiplex buffer overflows.</summary>
    public static readonly Check MultiplexBufferOverflow = Buffer("3.3/3", "复用缓冲 MB 上溢", "multiplex buffer MB overflows", "图像数据来得太早或太密", "Picture data come too early or too densely");

    /// <summary>3.3/4: the elementary buffer overflows.</summary>
    public static readonly Check ElementaryBufferOverflow = Buffer("3.3/4", "基本流缓冲上溢", "elementary buffer overflows", "数据比解码时刻早到太多", "Data arrive too long before they are decoded");

    /// <summary>3.3/5: the elementary buffer underflows.</summary>
    public static readonly Check ElementaryBufferUnderflow = Buffer("3.3/5", "基本流缓冲下溢", "elementary buffer underflows", "到解码时刻（DTS）数据还没到齐，画面停顿或声音断续", "Data have not arrived when they are to be decoded (DTS); the picture stops or the sound breaks");

    /// <summary>3.3/6: the buffer of system data overflows.</summary>
    public static readonly Check SystemBufferOverflow = Buffer("3.3/6", "系统数据缓冲 Bsys 上溢", "system buffer Bsys overflows", "PSI 数据超过 1536 字节的缓冲", "PSI exceed the buffer of 1,536 bytes");

    /// <summary>3.4.a: a PID that no table names.</summary>
    public static readonly Check UnreferencedPid = Of("3.4.a", CheckPriority.Third, "Unreferenced_PID", Third, Ms(500), ClipAndTables,
        ("未引用的 PID", "unreferenced PID"),
        ("一个 PID 出现 0.5 秒后仍没有被 PAT、PMT 或 CAT 引用。可能是残留或夹带的内容。", "A PID is there for 0.5 s and neither PAT, PMT nor CAT names it. It may be a remainder, or something smuggled in."),
        ("复用器残留的分量、私有数据、未经许可插入的码流。", "A component left over in the multiplexer, private data, a stream inserted without permission."));

    /// <summary>3.5.a/1: no SDT of this stream.</summary>
    public static readonly Check SdtAbsent = Absent("3.5.a/1", "SDT_actual_error", "SDT", 2_000, "接收机不显示节目名", "Receivers show no service names");

    /// <summary>3.5.a/2: another table on PID 0x11.</summary>
    public static readonly Check SdtOther = Other("3.5.a/2", "SDT_actual_error", "PID 0x11", "SDT, BAT", "0x42, 0x46, 0x4A, 0x72");

    /// <summary>3.5.a/3: SDT sections too close.</summary>
    public static readonly Check SdtTooSoon = TooSoon("3.5.a/3", "SDT_actual_error", "SDT");

    /// <summary>3.5.b: an SDT of another stream too rare.</summary>
    public static readonly Check SdtOtherStreamAbsent = TooRare("3.5.b", "SDT_other_error", "其他传输流的 SDT", "SDT of another stream", 10_000);

    /// <summary>3.6.a/1: no EIT present/following of this stream.</summary>
    public static readonly Check EitAbsent = Absent("3.6.a/1", "EIT_actual_error", "EIT p/f", 2_000, "接收机不显示当前和下一个节目", "Receivers show no present and following event");

    /// <summary>3.6.a/2: another table on PID 0x12.</summary>
    public static readonly Check EitOther = Other("3.6.a/2", "EIT_error", "PID 0x12", "EIT", "0x4E–0x6F, 0x72");

    /// <summary>3.6.a/3: EIT sections too close.</summary>
    public static readonly Check EitTooSoon = TooSoon("3.6.a/3", "EIT_actual_error", "EIT p/f");

    /// <summary>3.6.b: an EIT of another stream too rare.</summary>
    public static readonly Check EitOtherStreamAbsent = TooRare("3.6.b", "EIT_other_error", "其他传输流的 EIT p/f", "EIT p/f of another stream", 10_000);

    /// <summary>3.6.c: present without following.</summary>
    public static readonly Check EitIncomplete = Of("3.6.c", CheckPriority.Third, "EIT_PF_error", Third, null, ClipAndTables,
        ("EIT p/f 只有一半", "EIT p/f incomplete"),
        ("一个节目的 EIT p/f 只有当前（段 0）或只有下一个（段 1）。没有节目时应发空段。", "The EIT p/f of a service has only the present (section 0) or only the following event (section 1). With no event an empty section is due."),
        ("SI 发生器设置、节目单缺失。", "Setting of the SI generator; the schedule is missing."));

    /// <summary>3.7/1: another table on PID 0x13.</summary>
    public static readonly Check RstOther = Other("3.7/1", "RST_error", "PID 0x13", "RST", "0x71, 0x72");

    /// <summary>3.7/2: RSTs too close.</summary>
    public static readonly Check RstTooSoon = TooSoon("3.7/2", "RST_error", "RST");

    /// <summary>3.8/1: no TDT.</summary>
    public static readonly Check TdtAbsent = Absent("3.8/1", "TDT_error", "TDT", 30_000, "接收机时钟不准，预约录制失效", "Receivers' clocks drift and timed recordings fail");

    /// <summary>3.8/2: another table on PID 0x14.</summary>
    public static readonly Check TdtOther = Other("3.8/2", "TDT_error", "PID 0x14", "TDT, TOT", "0x70, 0x72, 0x73");

    /// <summary>3.8/3: TDTs too close.</summary>
    public static readonly Check TdtTooSoon = TooSoon("3.8/3", "TDT_error", "TDT");

    /// <summary>3.9/1: the transport buffer is never empty.</summary>
    public static readonly Check TransportBufferNotEmptied = Of("3.9/1", CheckPriority.Third, "Empty_buffer_error", Third, Ms(1000), Clip,
        ("传输缓冲 TB 一秒内没有排空", "transport buffer TB not empty within a second"),
        ("TB 每秒至少应排空一次（ISO/IEC 13818-1 2.4.2.3）。", "TB has to be empty at least once a second (ISO/IEC 13818-1 2.4.2.3)."),
        ("分量的码率超过其标称上限、复用成串。", "The component's rate exceeds its declared maximum; bursts in the multiplex."));

    /// <summary>3.9/2: the transport buffer of system data is never empty.</summary>
    public static readonly Check SystemTransportBufferNotEmptied = Of("3.9/2", CheckPriority.Third, "Empty_buffer_error", Third, Ms(1000), ClipAndTables,
        ("系统缓冲 TBsys 一秒内没有排空", "transport buffer TBsys not empty within a second"),
        ("TBsys 每秒至少应排空一次（ISO/IEC 13818-1 2.4.2.3）。", "TBsys has to be empty at least once a second (ISO/IEC 13818-1 2.4.2.3)."),
        ("PSI 重复得太密。", "PSI are repeated too densely."));

    /// <summary>3.10: data stay too long.</summary>
    public static readonly Check DataDelay = Of("3.10", CheckPriority.Third, "Data_delay_error", Third, Ms(1000), Clip,
        ("数据延迟过长", "data delay too long"),
        ("数据在解码缓冲中停留超过 1 秒（H.264、HEVC、AVS2 为 10 秒，静止图像为 60 秒，ISO/IEC 13818-1 2.4.2.3）。", "Data stay in the decoder's buffers for more than 1 s (10 s for H.264, HEVC and AVS2, 60 s for still pictures; ISO/IEC 13818-1 2.4.2.3)."),
        ("编码器的 PTS/DTS 与 PCR 不符、复用延迟设置。", "PTS/DTS of the encoder don't fit the PCR; delay setting of the multiplexer."));

    internal static Check Of(BufferFault fault) => fault switch
    {
        BufferFault.TransportOverflow => TransportBufferOverflow,
        BufferFault.TransportNotEmptied => TransportBufferNotEmptied,
        BufferFault.MultiplexOverflow => MultiplexBufferOverflow,
        BufferFault.ElementaryOverflow => ElementaryBufferOverflow,
        BufferFault.ElementaryUnderflow => ElementaryBufferUnderflow,
        BufferFault.SystemOverflow => SystemBufferOverflow,
        BufferFault.SystemNotEmptied => SystemTransportBufferNotEmptied,
        BufferFault.DataDelay => DataDelay,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private static Check Absent(string id, string name, string table, double limitMs, string effectZh, string effectEn) => Of(id, CheckPriority.Third, name, Third, Ms(limitMs), ClipAndTables,
        ($"{table} 中断", $"{table} absent"),
        ($"超过 {limitMs / 1000:0} 秒没有本流的 {table}。{effectZh}。", $"No {table} of this stream or network for more than {limitMs / 1000:0} s. {effectEn}."),
        ("SI 发生器停止或设置有误；非法转播和酒店前端常常没有 SI。", "SI generator stopped or misconfigured; retransmissions without licence and hotel head-ends often have no SI."));

    private static Check TooRare(string id, string name, string tableZh, string tableEn, double limitMs) => Of(id, CheckPriority.Third, name, Third, Ms(limitMs), ClipAndTables,
        ($"{tableZh}间隔过长", $"{tableEn} too rare"),
        ($"同一个段超过 {limitMs / 1000:0} 秒没有重复。", $"A section is not repeated within {limitMs / 1000:0} s."),
        ("SI 发生器设置、外来 SI 的接入中断。", "Setting of the SI generator; the feed of other networks' SI is interrupted."));

    private static Check Other(string id, string name, string place, string tables, string allowed) => Of(id, CheckPriority.Third, name, Third, null, ClipAndTables,
        ($"{place} 上有不该有的段", $"a section that does not belong on {place}"),
        ($"{place} 只允许 {tables}（table_id {allowed}）。", $"{place} is for {tables} (table_id {allowed}) only."),
        ("复用器 PID 分配冲突、私有数据误插。", "PIDs collide in the multiplexer, private data inserted."));

    private static Check TooSoon(string id, string name, string table) => Of(id, CheckPriority.Third, name, Third, Ms(ShortestMs), ClipAndTables,
        ($"{table} 段间隔过短", $"{table} sections too close"),
        ($"两个 {table} 段间隔不足 25 ms（TR 101 211 4.4），旧接收机可能来不及处理。", $"Two {table} sections are less than 25 ms apart (TR 101 211 4.4); older receivers may be too slow for them."),
        ("SI 发生器设置、复用器把段成串发出。", "Setting of the SI generator; the multiplexer sends sections in bursts."));

    private static Check Buffer(string id, string zh, string en, string meaningZh, string meaningEn) => Of(id, CheckPriority.Third, "Buffer_error", Third, null, Clip,
        (zh, en),
        ($"{meaningZh}（T-STD 模型，ISO/IEC 13818-1 2.4.2）。", $"{meaningEn} (T-STD model, ISO/IEC 13818-1 2.4.2)."),
        ("编码器码率控制、复用器调度、码率或级别声明与实际不符。", "Rate control of the encoder, scheduling of the multiplexer, a declared rate or level that is not kept."));
}
