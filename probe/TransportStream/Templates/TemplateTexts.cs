using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>What people read of templates, drift and marks of retransmission.</summary>
internal static class TemplateTexts
{
    public static Text Sentence(DriftKind kind, string subject, string? expected, string? found)
    {
        var what = Subject(subject);
        var difference = (expected, found) switch
        {
            (null, null) => new Text("", ""),
            (null, _) => new Text($"：出现 {found}", $": found {found}"),
            (_, null) => new Text($"：缺少 {expected}", $": {expected} is missing"),
            _ => new Text($"：应为 {expected}，实际为 {found}", $": expected {expected}, found {found}"),
        };
        var title = Title(kind);
        return new($"{what.Zh}{title.Zh}{difference.Zh}", $"{what.En}{title.En}{difference.En}");
    }

    private static Text Title(DriftKind kind) => kind switch
    {
        DriftKind.TransportStreamId => new("传输流标识与模板不同", "other transport_stream_id"),
        DriftKind.OriginalNetworkId => new("原始网络标识与模板不同", "other original_network_id"),
        DriftKind.Cloned => new("传输流标识和业务相同，但原始网络标识不同，疑为克隆", "same transport_stream_id and services under another original_network_id, as a clone has"),
        DriftKind.NetworkName => new("网络名称改变", "other network name"),
        DriftKind.NetworkInformation => new("NIT 与模板不符", "the NIT differs from the template"),
        DriftKind.Bitrate => new("码率超出范围", "rate out of range"),
        DriftKind.ServiceMissing => new("业务缺失", "service missing"),
        DriftKind.ServiceAdded => new("模板之外的业务", "service that is not in the template"),
        DriftKind.ServiceName => new("名称改变", "renamed"),
        DriftKind.Provider => new("提供商改变", "other provider"),
        DriftKind.ServiceType => new("业务类型改变", "other service type"),
        DriftKind.PidMoved => new("PID 改变", "PID moved"),
        DriftKind.ComponentMissing => new("组件缺失", "component missing"),
        DriftKind.ComponentAdded => new("模板之外的组件", "component that is not in the template"),
        DriftKind.Codec => new("编码格式改变", "other codec"),
        DriftKind.Resolution => new("分辨率改变", "other resolution"),
        DriftKind.Language => new("语言改变", "other language"),
        DriftKind.ScramblingAdded => new("模板为清流，现被加扰", "scrambled, where the template has it in clear"),
        DriftKind.ScramblingGone => new("模板为加扰，现为清流", "in clear, where the template has it scrambled"),
        DriftKind.ConditionalAccess => new("条件接收系统改变", "other CA systems"),
        DriftKind.LogicalChannel => new("逻辑频道号改变", "other logical channel number"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Text Subject(string subject)
    {
        var parts = subject.Split('/');
        if (parts[0] != "service") return new("", "");
        var pid = parts is [_, _, "pid", var number] ? number : null;
        return pid is null ? new($"业务 {parts[1]} ", $"Service {parts[1]}: ") : new($"业务 {parts[1]} PID {pid} ", $"Service {parts[1]}, PID {pid}: ");
    }

    public static Problem Unreadable(string file, string why) => new("template.unreadable",
        new($"无法读取模板 {file}：{why}", $"The template {file} can't be read: {why}"),
        new("没有比较。请检查路径和权限。", "Nothing was compared. Check the path and the permissions."));

    public static Problem Wrong(string file, string path, Text what) => new("template.wrong",
        new($"模板有误 {file} {path}：{what.Zh}", $"The template {file} is wrong at {path}: {what.En}"),
        new("没有比较。请改正该处，或用 --make-template 重新生成。", "Nothing was compared. Correct that place, or make it anew with --make-template."));

    public static Text NotJson(string message) => new($"不是有效的内容：{message}", $"not valid: {message}");

    public static Text OtherVersion(int version) => new(
        string.Create(CultureInfo.InvariantCulture, $"版本 {version}，本程序只认识 {MultiplexTemplate.CurrentVersion}"),
        string.Create(CultureInfo.InvariantCulture, $"version {version}; this program knows {MultiplexTemplate.CurrentVersion}"));

    public static Text OutOfRange(long value, long low, long high) => new(
        string.Create(CultureInfo.InvariantCulture, $"{value} 不在 {low} 到 {high} 之间"), string.Create(CultureInfo.InvariantCulture, $"{value} is not from {low} to {high}"));

    public static readonly Text Twice = new("出现了两次", "occurs twice");
}
