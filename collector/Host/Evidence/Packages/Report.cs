using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>The page that people read: Chinese with English beside it, one file, nothing loaded from anywhere, every text of the evidence escaped.</summary>
internal static class Report
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const string Style = "body{font:14px/1.5 'Noto Sans SC',sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111}"
        + "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}td,th{border:1px solid #999;padding:.25em .5em;text-align:left;vertical-align:top}th{width:14em;background:#f0f0f0;font-weight:600}"
        + "code{font:12px monospace;word-break:break-all}.lead{border:2px solid #a40;padding:.5em 1em}h2{margin-top:2em}";

    public static string Write(PackageOrder order, IReadOnlyList<PackedItem> items, IEnumerable<(CustodyLine Line, EvidenceAct Act)> custody, string log)
    {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>").Append(Escaped($"证据包 {order.Id}"))
            .Append("</title><style>").Append(Style).Append("</style></head><body>\n<h1>证据包 Evidence package</h1>\n<table>");
        Row(html, "编号 Package", order.Id);
        Row(html, "制作时间 Made at", EvidenceTexts.Moment(order.At));
        Row(html, "经手人 By", order.Actor);
        Row(html, "事由 Reason", order.Reason);
        Row(html, "证据件数 Items", items.Count.ToString(CultureInfo.InvariantCulture));
        Row(html, "其中仅作线索 Leads only", items.Count(i => i.LeadOnly).ToString(CultureInfo.InvariantCulture));
        Row(html, "证据日志 Evidence log", $"{log}, {order.Head.NoteSize}");
        html.Append("</table>\n<p>核验方法见 VERIFY.txt。 How to verify: VERIFY.txt.</p>\n");
        var lines = custody.ToLookup(c => c.Line.Evidence);
        foreach (var item in items) Item(html, item, lines[item.Record.Sha256]);
        return html.Append("</body></html>\n").ToString();
    }

    private static void Item(StringBuilder html, PackedItem item, IEnumerable<(CustodyLine Line, EvidenceAct Act)> custody)
    {
        var (record, declared) = (item.Record, item.Record.Declared);
        html.Append("<h2>").Append(Escaped(declared.Name)).Append("</h2>\n");
        if (item.LeadOnly)
        {
            html.Append("<div class=\"lead\"><strong>仅作线索，不作证据 A lead only, no evidence</strong><ul>");
            foreach (var reason in record.LeadOnlyReasons) html.Append("<li>").Append(Escaped($"{reason.Zh} / {reason.En}")).Append("</li>");
            html.Append("</ul></div>\n");
        }
        html.Append("<table>");
        Row(html, "文件 File", item.Path);
        Row(html, "SHA-256", record.Sha256);
        Row(html, "SM3", record.Sm3);
        Row(html, "大小 Bytes", declared.Size.ToString("N0", CultureInfo.InvariantCulture));
        Row(html, "种类 Kind", declared.Kind);
        Row(html, "来源 Origin", declared.Origin switch { Origin.Live => "实时接收 live", Origin.Replay => "录制回放 replay", _ => "演练模拟 simulated" });
        Row(html, "采集时间 Captured", Moments(declared.CapturedFrom, declared.CapturedTo));
        Row(html, "完整 Whole", declared.Whole ? "是 yes" : "否，录制曾中断 no, the recording was cut short");
        Row(html, "时钟 Clock", Join(declared.Clock is { } c ? $"{c.Zh} {c.En}" : null, declared.ClockOffsetMs is { } o ? FormattableString.Invariant($"{o:0.0} ms") : null, declared.ClockUncertaintyMs is { } u ? FormattableString.Invariant($"± {u:0.0} ms") : null));
        Row(html, "探针 Probe", Join(declared.Probe?.Value, declared.Watch?.Value));
        Row(html, "采集人 By", declared.By);
        Row(html, "接收机 Receiver", declared.Receiver);
        Row(html, "天线 Antenna", declared.Antenna);
        Row(html, "位置 Position (WGS-84)", declared.Position is { } p ? FormattableString.Invariant($"{p.LatitudeDeg:0.000000}, {p.LongitudeDeg:0.000000} ({p.Source})") : null);
        Row(html, "校准 Calibration", declared.Calibration is { } k ? $"{k.Id}, {EvidenceTexts.Moment(k.Expires)}" : null);
        Row(html, "设备审核 Device review", declared.Review is { } v ? Join(v.Number, v.Expires is { } e ? EvidenceTexts.Moment(e) : null) : null);
        Row(html, "程序 Build", declared.Build);
        Row(html, "设置 Settings", declared.Settings is { } s ? string.Join("; ", s.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key} = {x.Value}")) : null);
        Row(html, "原件 Original", Join(declared.Parent, declared.Derivation));
        Row(html, "告警 Alarms", Join([.. record.Alarms.Select(a => a.Value)]));
        Row(html, "案件 Cases", Join([.. record.Cases]));
        html.Append("</table>\n<h3>保管记录 Custody</h3>\n<table><tr><th>时间 Time</th><td><b>行为 Act</b></td><td><b>经手人 By</b></td><td><b>说明 Reason</b></td><td><b>日志 Leaf</b></td></tr>");
        foreach (var (line, act) in custody)
            html.Append("<tr><td>").Append(EvidenceTexts.Moment(act.At)).Append("</td><td>").Append(ActName(act.Act)).Append("</td><td>").Append(Escaped(act.Actor)).Append("</td><td>")
                .Append(Escaped(Join(act.Reason, act.To, act.Package) ?? "")).Append("</td><td>").Append(CultureInfo.InvariantCulture, $"{line.Leaf}").Append("</td></tr>");
        html.Append("</table>\n");
    }

    private static string ActName(EvidenceActKind act) => act switch
    {
        EvidenceActKind.Stored => "入库 stored",
        EvidenceActKind.Quarantined => "隔离 quarantined",
        EvidenceActKind.Read => "读取 read",
        EvidenceActKind.Verified => "核验 verified",
        EvidenceActKind.Linked => "关联 linked",
        EvidenceActKind.HandedOver => "移交 handed over",
        EvidenceActKind.Exported => "导出 exported",
        EvidenceActKind.Checkpoint => "签名 signed",
        _ => "时间戳 time-stamped",
    };

    private static void Row(StringBuilder html, string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        html.Append("<tr><th>").Append(Escaped(name)).Append("</th><td>").Append(Escaped(value)).Append("</td></tr>");
    }

    private static string? Moments(DateTimeOffset? from, DateTimeOffset? to) => Between(" – ", from is { } f ? EvidenceTexts.Moment(f) : null, to is { } t ? EvidenceTexts.Moment(t) : null);

    private static string? Join(params string?[] parts) => Between(", ", parts);

    private static string? Between(string between, params string?[] parts) => parts.Where(p => !string.IsNullOrEmpty(p)).ToList() is { Count: > 0 } some ? string.Join(between, some) : null;

    private static string Escaped(string text) => Encoder.Encode(text);
}
