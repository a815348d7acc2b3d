using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>What is said of our own devices and stores, and of supervised systems.</summary>
public static class SecurityVocabulary
{
    /// <summary>Calibration and review of a probe, once an hour.</summary>
    public static readonly ObservationKind Device = new("probe.device", SubjectKind.Probe, new("设备校准与审核", "calibration and review of a device"),
    [
        Text("serial", "设备编号", "serial number"),
        Number("calibration_days_left", "d", "校准剩余天数", "days until the calibration expires"),
        Number("review_days_left", "d", "法制和技术审核剩余天数", "days until the legal and technical review expires"),
    ]);

    /// <summary>An item of evidence compared with its digests.</summary>
    public static readonly ObservationKind EvidenceCheck = new("evidence.check", SubjectKind.Probe, new("证据校验", "check of evidence"),
    [
        Text("item", "证据", "item"),
        Flag("sha256_matches", "SHA-256 一致", "SHA-256 is the same"),
        Flag("sm3_matches", "SM3 一致", "SM3 is the same"),
    ]);

    /// <summary>Attempts to get in by one client, every 10 s while there are any.</summary>
    public static readonly ObservationKind Access = new("access.attempts", SubjectKind.Probe, new("接入尝试", "attempts to get in"),
    [
        Text("client", "来源", "client"),
        Number("failures_10min", "", "10 分钟内鉴权失败次数", "failures within 10 min"),
        Flag("unknown_certificate", "证书未登记", "unknown certificate"),
    ]);

    /// <summary>The audit log of a node, once an hour.</summary>
    public static readonly ObservationKind AuditLog = new("audit.log", SubjectKind.Probe, new("审计日志", "audit log"),
    [
        Number("oldest_d", "d", "最早日志距今天数", "age of the oldest entry"),
        Number("in_use_d", "d", "已使用天数", "in use for"),
    ]);

    /// <summary>A supervised system of level 3 in the register of classified protection, once a day.</summary>
    public static readonly ObservationKind Classified = new("system.classified", SubjectKind.System, new("等级保护登记", "classified protection of a system"),
    [
        Text("name", "系统", "system"),
        Label("level", "", "等级", "level"),
        Number("assessment_age_d", "d", "距上次测评天数", "days since the last assessment"),
    ]);

    internal static IEnumerable<ObservationKind> All => [Device, EvidenceCheck, Access, AuditLog, Classified];
}
