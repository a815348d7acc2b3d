using SignalWatch.Contracts;
using static SignalWatch.Fm.Identity.IdentityTexts;

namespace SignalWatch.Fm.Identity;

/// <summary>The sums of the exclusion checks, in words.</summary>
internal static class ExclusionTexts
{
    public static Text Image(MaskedPeak peak, double? strongDbfs)
    {
        var centre = (peak.FrequencyHz + peak.CausedByHz) / 2;
        var (zh, en) = strongDbfs is { } strong
            ? (F($"，电平 {peak.LevelDbfs:0.0} dBFS，比其低 {strong - peak.LevelDbfs:0.0} dB（即接收机镜像抑制）"), F($"; {peak.LevelDbfs:0.0} dBFS, {strong - peak.LevelDbfs:0.0} dB below it (the receiver's image rejection)"))
            : ("", "");
        return new(F($"2 × {MHz(centre)} − {MHz(peak.CausedByHz)} = {MHz(peak.FrequencyHz)} MHz，且相位跟随强台{zh}"),
            F($"2 × {MHz(centre)} − {MHz(peak.CausedByHz)} = {MHz(peak.FrequencyHz)} MHz, and its phase follows the stronger carrier{en}"));
    }

    public static Text NoCentre { get; } = new("接收机本振频率未知，镜像频率无法计算；接收机未发现相位跟随强台", "the receiver's centre is not known, so the mirror frequency can't be computed; its phase follows no stronger carrier");

    public static Text NoMirror(double centre, double hz) => new(
        F($"2 × {MHz(centre)} − {MHz(hz)} = {MHz(2 * centre - hz)} MHz，该处没有强出 10 dB 的载波"), F($"2 × {MHz(centre)} − {MHz(hz)} = {MHz(2 * centre - hz)} MHz, where no carrier is 10 dB stronger"));

    public static Text NoImage(double centre, double hz, CarrierReading strong) => new(
        F($"2 × {MHz(centre)} − {MHz(strong.NominalHz)} = {MHz(2 * centre - strong.NominalHz)} MHz，但其相位不跟随该强台（{strong.LevelDbfs:0.0} dBFS），不是镜像"),
        F($"2 × {MHz(centre)} − {MHz(strong.NominalHz)} = {MHz(2 * centre - strong.NominalHz)} MHz, but {MHz(hz)} MHz does not follow that carrier ({strong.LevelDbfs:0.0} dBFS) in phase: no image"));

    public static Text NoProduct(double hz, int parents, double tolerance) => new(
        F($"{parents} 个强载波的 2·f1−f2 与 f1+f2−f3 均不在 {MHz(hz)} MHz ±{tolerance:0} Hz 内"), F($"no 2·f1−f2 or f1+f2−f3 of the {parents} strong carriers lies within {tolerance:0} Hz of {MHz(hz)} MHz"));

    public static Text Product(Emission carrier, Product product, IReadOnlyList<Emission> parents, int matches, Text why)
    {
        var (a, b) = (parents[product.A], parents[product.B]);
        var sum = product.C is { } c
            ? F($"{Exact(a)} + {Exact(b)} − {Exact(parents[c])}")
            : F($"2 × {Exact(a)} − {Exact(b)}");
        // The input intercept that would make the product as strong: P = 2·Pa + Pb − 2·IP3, with three carriers 6 dB more.
        var intercept = product.C is { } third
            ? (a.LevelDbfs + b.LevelDbfs + parents[third].LevelDbfs + 6 - carrier.LevelDbfs) / 2
            : (2 * a.LevelDbfs + b.LevelDbfs - carrier.LevelDbfs) / 2;
        var miss = carrier.FrequencyHz - product.FrequencyHz;
        return new(F($"{sum} = {product.FrequencyHz / 1e6:0.0000} MHz（相差 {miss:+0;-0;0} Hz，共 {matches} 种组合相符）；电平相当于三阶截点 {intercept:0.0} dBFS；{why.Zh}"),
            F($"{sum} = {product.FrequencyHz / 1e6:0.0000} MHz ({miss:+0;-0;0} Hz away; {matches} combinations fit); its level means a third-order intercept of {intercept:0.0} dBFS; {why.En}"));
    }

    public static Text TooStrong(double level, double limit, bool overload) => new(
        F($"但电平 {level:0.0} dBFS 高于互调产物可能达到的 {limit:0.0} dBFS（{(overload ? "最强源以下 9.5 dB" : "最弱源以下 20 dB")}）：不是互调"),
        F($"but {level:0.0} dBFS is more than the {limit:0.0} dBFS that a product reaches ({(overload ? "9.5 dB below the strongest parent" : "20 dB below the weakest parent")}): none"));

    public static Text OwnPi(ushort pi) => new(F($"但它有自己的 PI {pi:X4}：是一个电台"), F($"but it has a PI of its own, {pi:X4}: it is a station"));

    public static Text OwnModulation(double ratio) => new(
        F($"但其频偏均方根只有各源之和的 {100 * ratio:0} %：不是互调"), F($"but its RMS deviation is only {100 * ratio:0} % of the parents' sum: none"));

    public static Text Stayed(long parent) => new(F($"但 {MHz(parent)} MHz 停播时它仍在：不是互调"), F($"but it stayed when {MHz(parent)} MHz went off the air: none"));

    public static Text Together(int edges) => new(F($"与其源同时开关 {edges} 次：是互调"), F($"it came and went with its parents {edges} times: a product"));

    public static Text Modulation(ModulationComparison m) => new(
        F($"其调制逐次跟随各源之和（{m.Looks} 次，相关系数 {m.Correlation:0.00}，幅度比 {m.Ratio:0.00}）：是互调"),
        F($"its modulation follows the parents' sum look by look ({m.Looks} looks, correlation {m.Correlation:0.00}, ratio {m.Ratio:0.00}): a product"));

    public static Text OtherModulation(ModulationComparison m) => new(
        F($"但其调制不跟随各源之和（{m.Looks} 次，相关系数 {m.Correlation:0.00}）：不是互调"), F($"but its modulation does not follow the parents' sum ({m.Looks} looks, correlation {m.Correlation:0.00}): none"));

    public static Text NotYet(Text product, double seconds, double most) => new(
        F($"{product.Zh}；尚未判定，已比较 {seconds:0} s（至多 {most:0} s）"), F($"{product.En}; not yet decided after {seconds:0} s (at most {most:0} s)"));

    public static Text NotShown(Text product, double seconds) => new(
        F($"{product.Zh}；比较 {seconds:0} s 仍无证据表明是互调，按独立载波对待"), F($"{product.En}; {seconds:0} s of comparison brought no evidence that it is a product, so it counts as a carrier of its own"));

    public static Text Twin(Emission twin, double ratio) => new(
        F($"其镜像产物 {Exact(twin)} MHz（{twin.LevelDbfs:0.0} dBFS）电平相符，两者频偏均为各源之和（本载波为 {100 * ratio:0} %）：是互调"),
        F($"its counterpart on the other side of them, {Exact(twin)} MHz ({twin.LevelDbfs:0.0} dBFS), has the level that fits, and both have the parents' deviation added up (here {100 * ratio:0} %): a product"));

    public static Text ParentsPi(ushort pi) => new(F($"且 PI {pi:X4} 为其源所有，频偏为各源之和：是互调"), F($"and its PI {pi:X4} is a parent's, its deviation the parents' sum: a product"));

    public static Text ParentsSound(long parent) => new(F($"且声音与 {MHz(parent)} MHz 相同，频偏为各源之和：是互调"), F($"and its sound is that of {MHz(parent)} MHz, its deviation the parents' sum: a product"));

    public static Text OnlyFits { get; } = new("仅频率与电平相符，不足以说明", "only the frequency and the level fit, which proves nothing");

    public static Text NoOverload { get; } = new("接收机未过载", "the receiver is not overloaded");

    public static Text BeforeOverload { get; } = new("接收机过载，但该载波在过载之前已在", "the receiver is overloaded, but the carrier was there before");

    public static Text StrongerThanProducts(double level, double strongest, double limiter) => new(
        F($"接收机过载，但电平 {level:0.0} dBFS 距最强载波（{strongest:0.0} dBFS）不足 {limiter:0.0} dB，强于过载产物"),
        F($"the receiver is overloaded, but {level:0.0} dBFS is less than {limiter:0.0} dB below the strongest carrier ({strongest:0.0} dBFS): stronger than what overload makes"));

    public static Text UnderOverload { get; } = new("在接收机过载时出现，可能是过载的产物：无法判断", "it appeared while the receiver was overloaded and may be made by that: can't be said");

    private static string Exact(Emission e) => F($"{e.FrequencyHz / 1e6:0.0000}");
}
