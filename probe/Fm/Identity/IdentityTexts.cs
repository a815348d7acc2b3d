using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>The sentences of the reasons.</summary>
internal static class IdentityTexts
{
    public static string F(FormattableString text) => FormattableString.Invariant(text);

    public static string MHz(double hz) => (hz / 1e6).ToString("0.0###", CultureInfo.InvariantCulture);

    public static Text NotInRegister(long hz, double snrDb, FmLicence? lapsed) => lapsed is null
        ? new(F($"{MHz(hz)} MHz 上有调制信号（信噪比 {snrDb:0.0} dB），登记册中本地区今日无人获准使用该频率"),
            F($"{MHz(hz)} MHz carries a modulated signal (SNR {snrDb:0.0} dB), and the register permits nobody there, in this area, today"))
        : new(F($"{MHz(hz)} MHz 上有调制信号（信噪比 {snrDb:0.0} dB），登记册中“{lapsed.Name}”的许可不在有效期内"),
            F($"{MHz(hz)} MHz carries a modulated signal (SNR {snrDb:0.0} dB), and the register's entry “{lapsed.Name}” is not valid today"));

    public static Text Unmodulated(long hz) => new(F($"{MHz(hz)} MHz 上只有载波，没有调制，登记册中无此频率"), F($"{MHz(hz)} MHz carries a bare carrier without modulation; the register permits nobody there"));

    public static Text RegisterUnknown { get; } = new("没有登记册，或所在地区不够明确：不作判断", "there is no register, or the area is not known well enough: nobody is accused");

    public static Text OutsideBand(long hz) => new(F($"{MHz(hz)} MHz 不在 87–108 MHz 调频广播频段内，登记册不适用"), F($"{MHz(hz)} MHz is outside the FM band of 87–108 MHz, the register does not apply"));

    public static Text Undecided { get; } = new("尚未能判断是否有调制", "it can't be said yet whether it is modulated");

    public static Text Pi(ushort heard, ushort? due, ushort? learnt) => (due, learnt) switch
    {
        ({ } d, { } l) => new(F($"收到 PI {heard:X4}，登记为 {d:X4}，以往收到 {l:X4}"), F($"PI {heard:X4} is received; the register says {d:X4}, and {l:X4} was there before")),
        ({ } d, null) => new(F($"收到 PI {heard:X4}，登记为 {d:X4}"), F($"PI {heard:X4} is received; the register says {d:X4}")),
        _ => new(F($"收到 PI {heard:X4}，以往收到 {learnt:X4}"), F($"PI {heard:X4} is received; {learnt:X4} was there before")),
    };

    public static Text Ps(string heard, IEnumerable<string> learnt)
    {
        var names = string.Join("/", learnt.Select(n => n.Trim()).Order(StringComparer.Ordinal));
        return new($"收到台名“{heard.Trim()}”，以往为“{names}”", $"the name “{heard.Trim()}” is received; it was “{names}” before");
    }

    public static Text Pilot(bool due, double seconds) => due
        ? new(F($"一向有的 19 kHz 导频已缺失 {seconds:0} s"), F($"the 19 kHz pilot that was always there has been missing for {seconds:0} s"))
        : new(F($"一向没有的 19 kHz 导频已出现 {seconds:0} s"), F($"a 19 kHz pilot that was never there has been there for {seconds:0} s"));

    public static Text RdsMissing(double seconds, string? pi) => new(
        F($"接收良好，但已有 {seconds:0} s 没有 RDS{(pi is null ? "" : $"（登记 PI {pi}）")}"), F($"reception is good, but there has been no RDS for {seconds:0} s{(pi is null ? "" : $" (the register says PI {pi})")}"));

    public static Text OffsetJump(double hz, RunningMean? learnt, double limitHz, double seconds) => learnt is { } l
        ? new(F($"载频偏差 {hz:+0;-0;0} Hz，以往为 {l.Mean:+0;-0;0} Hz（σ {l.Sigma:0} Hz），相差超过 {limitHz:0} Hz 已 {seconds:0} s"),
            F($"the carrier is {hz:+0;-0;0} Hz off; it was {l.Mean:+0;-0;0} Hz before (σ {l.Sigma:0} Hz): more than {limitHz:0} Hz apart for {seconds:0} s"))
        : new(F($"载频偏差 {hz:+0;-0;0} Hz，超过容限 {limitHz:0} Hz 已 {seconds:0} s"), F($"the carrier is {hz:+0;-0;0} Hz off, beyond the tolerance of {limitHz:0} Hz for {seconds:0} s"));

    public static Text OffsetBeyond(double hz) => new(
        F($"载频偏离标称频率 {hz:+0;-0;0} Hz，超过广播发射机容限 {SignatureComparison.ToleranceHz:0} Hz"), F($"the carrier is {hz:+0;-0;0} Hz off its nominal frequency, beyond the {SignatureComparison.ToleranceHz:0} Hz that broadcast transmitters keep"));

    public static Text LevelJump(double jumpDb, double medianDb, double limitDb, double seconds) => new(
        F($"电平与 30 天中值（{medianDb:0.0} dBFS）相差 {jumpDb:+0.0;-0.0} dB（界限 {limitDb:0.0} dB），已 {seconds / 60:0} 分钟；各台共同的变化已扣除"),
        F($"the level is {jumpDb:+0.0;-0.0} dB from the median of 30 days ({medianDb:0.0} dBFS; limit {limitDb:0.0} dB), for {seconds / 60:0} min; what all stations have in common is subtracted"));

    public static Text Weaker(double jumpDb) => new(
        F($"电平比该台中值低 {-jumpDb:0.0} dB：可能是该台停播时收到的远方电台"), F($"it is {-jumpDb:0.0} dB below the station's median: it may be a distant station that is heard while this one is silent"));

    public static Text OffRaster(double hz, double rasterHz) => new(
        F($"载频 {MHz(hz)} MHz 不在 {rasterHz / 1000:0} kHz 频率间隔上"), F($"the carrier, {MHz(hz)} MHz, is on none of the frequencies of the {rasterHz / 1000:0} kHz raster"));

    public static Text OverDeviation(StationReading station, double limitHz)
    {
        var peak = station.PeakDeviationHz.Value ?? station.P99999DeviationHz.Value;
        var share = station.ShareAbove77k.Value;
        var (zh, en) = (peak is { } p ? F($"，峰值 {p / 1000:0.0} kHz") : "", peak is { } q ? F($", peak {q / 1000:0.0} kHz") : "");
        if (share is { } s) (zh, en) = (zh + F($"，超过 77 kHz 的占 {100 * s:0.###} %"), en + F($", {100 * s:0.###} % of the time above 77 kHz"));
        return new(F($"频偏超限（允许 {limitHz / 1000:0} kHz）{zh}"), F($"over-deviated ({limitHz / 1000:0} kHz are allowed){en}"));
    }

    public static Text Loop(ContentFindings content) => new(
        F($"同一段 {content.LoopSeconds:0} s 的节目在 24 小时内播出 {content.Loops} 次"), F($"the same {content.LoopSeconds:0} s of programme were sent {content.Loops} times within 24 h"));

    public static Text Schedule(NightSchedule s) => new(
        F($"近五夜中有 {s.NightsOn} 夜约 {s.On:HH\\:mm} 开播、{s.NightsOff} 夜约 {s.Off:HH\\:mm} 关停（±10 分钟），播出时间的 {100 * s.NightShare:0} % 在 18:00–08:00"),
        F($"switched on about {s.On:HH\\:mm} on {s.NightsOn} and off about {s.Off:HH\\:mm} on {s.NightsOff} of the last five nights (±10 min); {100 * s.NightShare:0} % of its time on the air is between 18:00 and 08:00"));

    public static Text SameSound(IEnumerable<long> others)
    {
        var list = string.Join(", ", others.Select(hz => MHz(hz)));
        return new($"与另一未登记频率 {list} MHz 播出同样的声音", $"the same sound is on {list} MHz, which is not in the register either");
    }

    public static Text CoSwitching(long other, int nights) => new(
        F($"与未登记的 {MHz(other)} MHz 在 {nights} 个夜晚于 60 s 内同时开关"), F($"switched within 60 s of {MHz(other)} MHz, not in the register either, on {nights} nights"));

    public static Text Spurious(long other, int edges) => new(
        F($"航空频段 {MHz(other)} MHz 上的信号与本频率同时开关 {edges} 次：可能是其杂散发射"), F($"a signal on {MHz(other)} MHz, in the aviation band, was switched at once with it {edges} times: probably its spurious emission"));

    public static Text OverspillExpected(FmLicence licence, double fieldDbuvm) => new(
        F($"已知溢波电台“{licence.Name}”，场强 {fieldDbuvm:0.0} dBµV/m，不超过预计最大值 {licence.MaxLevelDbuvm:0.0} dBµV/m"),
        F($"the known overspill station “{licence.Name}”, {fieldDbuvm:0.0} dBµV/m, not above its expected {licence.MaxLevelDbuvm:0.0} dBµV/m"));

    public static Text OverspillExcess(FmLicence licence, double excessDb, double seconds) => new(
        F($"溢波电台“{licence.Name}”的场强高于预计最大值 {excessDb:0.0} dB，已 {seconds / 60:0} 分钟"), F($"the overspill station “{licence.Name}” is {excessDb:0.0} dB above its expected maximum, for {seconds / 60:0} min"));

    public static Text TestLicence(FmLicence licence) => new(
        $"“{licence.Name}”获准在此试播，参数可能变化", $"“{licence.Name}” is licensed for tests here, its parameters may change");

    public static Text Candidate { get; } = new("出现嫌疑", "a suspicion arises");

    public static Text Held(double seconds) => new(F($"嫌疑持续，已播出 {seconds:0} s"), F($"the suspicion holds: {seconds:0} s on the air"));

    public static Text ConfirmedByContent(ContentFindings content) => new("内容证实：" + Loop(content).Zh, "confirmed by content: " + Loop(content).En);

    public static Text ConfirmedBy(string who) => new($"由 {who} 确认", $"confirmed by {who}");

    public static Text OffAir(double seconds) => new(F($"已停播 {seconds:0} s"), F($"off the air for {seconds:0} s"));

    public static Text Unwatched(double seconds) => new(F($"有 {seconds:0} s 未监测，嫌疑重新计起"), F($"nobody watched for {seconds:0} s: the suspicion begins anew"));

    public static Text DismissedBy(string who, string reason) => new($"由 {who} 排除：{reason}", $"dismissed by {who}: {reason}");

    public static Text Cleared(CarrierStatus status) => status switch
    {
        CarrierStatus.Image => new("系镜像干扰，并无此电台", "it is an image: there is no such station"),
        CarrierStatus.Intermodulation => new("系互调产物，并无此电台", "it is an intermodulation product: there is no such station"),
        CarrierStatus.Unknown => new("登记册已不能说明", "the register can't say any more"),
        _ => new("登记册已有此台，或其特征已恢复", "it is in the register now, or its signature is back"),
    };
}
