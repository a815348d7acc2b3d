namespace SignalWatch.TransportStream;

public static partial class Checks
{
    /// <summary>A section with a right CRC that can't be read.</summary>
    public static readonly Check BadSection = Of("section.unreadable", CheckPriority.Own, "Unreadable section", "ISO/IEC 13818-1 2.4.4", null, ClipAndTables,
        ("无法解析的段", "unreadable section"),
        ("段的长度、编号或内容自相矛盾，虽然没有 CRC 错误。该段被忽略。", "Lengths, numbers or contents of a section contradict each other although its CRC is right. It is ignored."),
        ("SI 发生器错误、人为构造的数据。", "A faulty SI generator; data made to mislead."));

    /// <summary>A service that does not belong to the line-up.</summary>
    public static readonly Check ServiceAppeared = Of("service.appeared", CheckPriority.Own, "Service appeared", "SignalWatch", null, ClipAndTables,
        ("出现未登记的节目", "a service that does not belong"),
        ("PAT 中出现既有节目表以外的节目，且其 PMT 可收到。", "A service outside the line-up is in the PAT and its PMT arrives."),
        ("节目调整未登记、插播、非法增加节目。", "A change without registration, an intrusion, a service added without permission."));

    /// <summary>A service of the line-up is gone.</summary>
    public static readonly Check ServiceDisappeared = Of("service.disappeared", CheckPriority.Own, "Service disappeared", "SignalWatch", null, ClipAndTables,
        ("节目消失", "a service is gone"),
        ("既有节目离开了 PAT，或其 PMT 超过 5 秒没有出现。", "A service of the line-up left the PAT, or its PMT was absent for more than 5 s."),
        ("停播、复用器配置变更、故障。", "Service stopped, multiplexer reconfigured, fault."));
}
