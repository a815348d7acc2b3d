using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>How a measured value lies to a limb's threshold, with its uncertainty.</summary>
internal enum LimbStanding
{
    /// <summary>Nobody has measured it.</summary>
    NotMeasured,

    /// <summary>The whole interval is below.</summary>
    Below,

    /// <summary>The interval contains the threshold, or no uncertainty was stated and the value is at or above: more is to be measured before anybody says so.</summary>
    Undecided,

    /// <summary>The whole interval is at or above.</summary>
    AtOrAbove,
}

/// <summary>One limb of the criminal threshold.</summary>
/// <param name="Code">Stable word.</param>
/// <param name="Title">What the text says.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Threshold">At or above which the limb is met.</param>
/// <param name="Basis">Where it stands.</param>
/// <param name="Grave">It is a limb of 情节特别严重.</param>
internal sealed record CriminalLimb(string Code, Text Title, string Unit, double Threshold, Text Basis, bool Grave = false);

/// <summary>A limb beside its value.</summary>
internal sealed record LimbView(CriminalLimb Limb, LimbValue? Value, LimbStanding Standing);

/// <summary>The limbs of 情节严重 for 刑法 §288 by 两高 2017. A panel, not a finding: each limb is shown with what was measured, and a prosecutor concludes.</summary>
internal static class CriminalLimbs
{
    private static readonly Text Serious = new("两高 2017 解释 §2", "SPC and SPP interpretation 2017, article 2");
    private static readonly Text Grave = new("两高 2017 解释（情节特别严重）", "SPC and SPP interpretation 2017, especially serious");

    public static readonly IReadOnlyList<CriminalLimb> All =
    [
        new("safety", new("影响航空、铁路、船舶等安全", "Affects the safety of aviation, rail or ships"), "count", 1, Serious),
        new("emergency", new("在突发事件现场及周边使用", "Used at the scene of an emergency"), "count", 1, Serious),
        new("event", new("在国家或省级重大活动期间、现场及周边使用", "Used at or around a national or provincial event"), "count", 1, Serious),
        new("sets", new("同时使用三套以上", "Three or more sets at once"), "sets", 3, Serious),
        new("power", new("实测功率 500 W 以上", "Measured power of 500 W or more"), "W", 500, Serious),
        new("coverage", new("覆盖范围 10 km 以上", "Coverage of 10 km or more"), "km", 10, Serious),
        new("gain", new("违法所得 3 万元以上", "Illegal gain of 30,000 CNY or more"), "CNY", 30_000, Serious),
        new("prior", new("两年内曾受行政处罚", "Penalised within two years"), "count", 1, Serious),
        new("sets10", new("同时使用十套以上", "Ten or more sets at once"), "sets", 10, Grave, true),
        new("power3000", new("实测功率 3000 W 以上", "Measured power of 3,000 W or more"), "W", 3_000, Grave, true),
        new("coverage20", new("覆盖范围 20 km 以上（条文待核对）", "Coverage of 20 km or more (text to be checked)"), "km", 20, Grave, true),
    ];

    /// <summary>The panel of a case.</summary>
    public static IReadOnlyList<LimbView> Of(CaseRecord record) => [.. All.Select(limb =>
    {
        var value = record.Limbs.GetValueOrDefault(limb.Code);
        return new LimbView(limb, value, Standing(limb, value));
    })];

    private static LimbStanding Standing(CriminalLimb limb, LimbValue? value)
    {
        if (value is null) return LimbStanding.NotMeasured;
        // Counts of things that were seen have no interval; a measured quantity without one proves nothing.
        var half = limb.Unit is "count" or "sets" ? value.Uncertainty ?? 0 : value.Uncertainty;
        if (half is null) return value.Value < limb.Threshold ? LimbStanding.Below : LimbStanding.Undecided;
        if (value.Value - half >= limb.Threshold) return LimbStanding.AtOrAbove;
        return value.Value + half < limb.Threshold ? LimbStanding.Below : LimbStanding.Undecided;
    }
}
