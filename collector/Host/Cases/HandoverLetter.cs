using System.Globalization;
using System.Net;
using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>The letter with which a case goes to another authority: to print, sign and stamp. One page of HTML without anything from elsewhere.</summary>
internal static class HandoverLetter
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    public static string Html(CaseRecord record, Handover hand, Language language)
    {
        string In(string zh, string en) => Escaped(language == Language.Chinese ? zh : en);
        var page = new StringBuilder(4096);
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"{(language == Language.Chinese ? "zh-CN" : "en")}\"><meta charset=\"utf-8\"><title>{Escaped(record.Id)}-{hand.Id}</title>");
        page.Append("<style>body{font:14pt/1.7 \"Noto Serif SC\",\"SimSun\",serif;max-width:44em;margin:2em auto}h1{text-align:center}table{border-collapse:collapse;width:100%;font-size:10pt}td,th{border:1px solid;padding:.3em;text-align:left;word-break:break-all}.sign{margin-top:4em;display:flex;justify-content:space-between}.drill{text-align:center;border:2px solid;padding:.3em}</style>");
        if (record.Origin != Origin.Live) page.Append(CultureInfo.InvariantCulture, $"<p class=\"drill\">{In("演练：本函不产生任何效力", "DRILL: this letter has no effect")}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{In("案件移送函", "Letter of hand-over")}</h1><p>{In("编号", "Number")}：{Escaped(record.Id)}-{hand.Id}</p><p>{Escaped(hand.To)}：</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{In("现将下列案件移送你单位处理。", "The following case is handed over to you.")}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{In("案由", "Matter")}：{Escaped(CaseTexts.KindName(record.Kind).In(language))}，{Escaped(record.Title)}<br>{In("行政区划代码（GB/T 2260）", "Area code (GB/T 2260)")}：{Escaped(record.Area)}<br>{In("移送事由与依据", "Reason and legal basis")}：{Escaped(hand.Reason)}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{In("相关告警", "Alarms")}：{Escaped(record.Alarms.Count == 0 ? "—" : string.Join(", ", record.Alarms))}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<table><tr><th>#</th><th>{In("证据（SHA-256）", "Evidence (SHA-256)")}</th></tr>");
        for (var i = 0; i < hand.Evidence.Count; i++) page.Append(CultureInfo.InvariantCulture, $"<tr><td>{i + 1}</td><td>{Escaped(hand.Evidence[i])}</td></tr>");
        if (hand.Evidence.Count == 0) page.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"2\">{In("无", "none")}</td></tr>");
        page.Append(CultureInfo.InvariantCulture, $"</table><p>{In("监测结果是线索；设备审核或校准过期的证据仅作线索使用。", "Monitoring results are leads; evidence of devices whose review or calibration had expired is a lead only.")}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"sign\"><div>{In("移送单位（盖章）", "Handed over by (stamp)")}<br>{In("经办人", "Officer")}：{Escaped(hand.By)}<br>{Time(hand.At)}</div>");
        page.Append(CultureInfo.InvariantCulture, $"<div>{In("接收单位（盖章）", "Received by (stamp)")}<br>{In("接收人", "Name")}：{Escaped(hand.ReceivedBy ?? "＿＿＿＿＿＿")}<br>{(hand.ReceivedAt is { } at ? Time(at) : In("年　月　日", "date"))}</div></div></html>");
        return page.ToString();
    }

    private static string Time(DateTimeOffset at) => at.ToOffset(Beijing).ToString("yyyy-MM-dd HH:mm (zzz)", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
