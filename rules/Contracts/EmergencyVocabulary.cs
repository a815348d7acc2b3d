using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>What is said of emergency broadcasting (GY/T 383 to 389-2023). The listener never originates messages.</summary>
public static class EmergencyVocabulary
{
    /// <summary>An emergency message on one carrier, every second from SentTime until it is off.</summary>
    public static readonly ObservationKind Carrier = new("eb.carrier", SubjectKind.Message, new("应急消息播出", "emergency message on a carrier"),
    [
        Text("message", "EBMID", "EBMID"),
        Text("carrier", "播出渠道", "carrier"),
        Flag("active", "在有效期内", "in force"),
        Flag("required", "要求播出", "required"),
        Flag("manual", "人工审核", "reviewed by a person"),
        Flag("on_air", "已播出", "on the air"),
        Number("since_sent_s", "s", "距发送时间", "since SentTime"),
        Number("since_end_s", "s", "距结束或取消", "since EndTime or cancellation, 0 before"),
    ]);

    /// <summary>An emergency message as received, and its effect.</summary>
    public static readonly ObservationKind Message = new("eb.message", SubjectKind.Message, new("应急消息", "emergency message"),
    [
        Text("message", "EBMID", "EBMID"),
        Text("sender", "发布机构", "sender"),
        Flag("signature_valid", "SM2 签名有效", "SM2 signature is valid"),
        Flag("certificate_known", "证书已登记", "certificate is known"),
        Flag("finished", "播发结束", "finished"),
        Number("coverage", "", "覆盖率", "share of the target areas that were reached"),
    ]);

    /// <summary>An emergency trigger on the air of a carrier, every second while it is.</summary>
    public static readonly ObservationKind Trigger = new("eb.trigger", SubjectKind.Message, new("应急触发信号", "emergency trigger"),
    [
        Text("carrier", "播出渠道", "carrier"),
        Flag("on_air", "在播", "on the air"),
        Flag("matched", "有对应的应急消息", "a message belongs to it"),
    ]);

    /// <summary>A platform of emergency broadcasting as the listener hears it, every 10 s.</summary>
    public static readonly ObservationKind Platform = new("eb.platform", SubjectKind.System, new("应急广播平台", "emergency broadcasting platform"),
    [
        Text("name", "平台", "platform"),
        Number("since_check_s", "s", "距上次 ConnectionCheck", "since the last ConnectionCheck"),
    ]);

    internal static IEnumerable<ObservationKind> All => [Carrier, Message, Trigger, Platform];
}
