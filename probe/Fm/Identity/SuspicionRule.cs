using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>When a carrier is suspect.</summary>
internal static class SuspicionRule
{
    // Rule FM-01.
    private const double LeastSnrDb = 12;

    // Rule FM-02.
    private const int LeastLoops = 3;
    private const double LeastLoopSeconds = 60;

    /// <summary>Whether the programme is a loop.</summary>
    public static bool IsLoop(ContentFindings content) => content.Loops >= LeastLoops && content.LoopSeconds >= LeastLoopSeconds;

    /// <summary>Whether it is received and modulated well enough for a suspicion to begin.</summary>
    public static bool MayBegin(Subject s) => s.Carrier.SnrDb >= LeastSnrDb && s.Carrier.Modulated == true;

    /// <summary>True: suspect; false: not; null: can't be said now, and what was said before stands.</summary>
    public static bool? IsSuspect(Subject s) => s.Status switch
    {
        CarrierStatus.Unregistered => true,
        CarrierStatus.Licensed or CarrierStatus.Overspill => IsMasquerade(s),
        // A pause of the programme, an overload, a register that is being loaded: no news.
        CarrierStatus.CarrierOnly or CarrierStatus.Unknown => null,
        _ => false,
    };

    // The licensed station's own silence uncovers distant stations on its frequency: only one that is known not to be much weaker is somebody in its place.
    private static bool? IsMasquerade(Subject s)
    {
        if (s.Finding is not { Masquerade: true } finding) return false;
        if (finding.IsWeaker) return false;
        if (s.LevelJumpDb is null) return null;
        // Overspill is never an alarm while it is below its expected maximum, or not known to be above.
        return s.Licence?.Class != LicenceClass.Overspill || s.OverspillExcessDb > 0;
    }
}
