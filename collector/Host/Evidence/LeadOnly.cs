using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>Why something is a lead (线索) and no evidence (证据): 行政处罚法 §41 asks that a device was reviewed and calibrated when it measured. Decided once, of the time of capture:
/// a certificate that ends later takes nothing away, one that comes later adds nothing.</summary>
internal static class LeadOnly
{
    /// <summary>Beyond it a clock is no trustworthy source of time (rule SC-02).</summary>
    private const double MostOffsetMs = 1_000;

    /// <summary>What a device received or measured; all else is paper.</summary>
    private static readonly string[] Measured =
        [EvidenceKinds.Sound, EvidenceKinds.Iq, EvidenceKinds.TransportStream, EvidenceKinds.Spectrum, EvidenceKinds.Rds, EvidenceKinds.Clip, EvidenceKinds.Measurement, EvidenceKinds.Other];

    /// <summary>The reasons; none where it may be evidence.</summary>
    /// <param name="declared">The item.</param>
    /// <param name="parent">Its original, where it has one: what was made of a lead is a lead.</param>
    public static IReadOnlyList<Text> Reasons(EvidenceDeclaration declared, EvidenceItem? parent)
    {
        var reasons = new List<Text>();
        if (declared.Origin != Origin.Live) reasons.Add(EvidenceTexts.NotLive(declared.Origin));
        if (Measured.Contains(declared.Kind) && declared.Parent is null) AddOfCapture(declared, reasons);
        if (parent is not null) reasons.AddRange(parent.LeadOnlyReasons.Except(reasons));
        return reasons;
    }

    private static void AddOfCapture(EvidenceDeclaration declared, List<Text> reasons)
    {
        if (declared.CapturedTo is null) reasons.Add(EvidenceTexts.NoTime);
        if (declared.Calibration is not { } calibration) reasons.Add(EvidenceTexts.NotCalibrated);
        else if (calibration.Expires < declared.CapturedTo) reasons.Add(EvidenceTexts.CalibrationExpired(calibration));
        if (declared.Review is not { } review) reasons.Add(EvidenceTexts.NotReviewed);
        else if (review.Expires < declared.CapturedTo) reasons.Add(EvidenceTexts.ReviewExpired(review));
        if (declared.ClockOffsetMs is not { } offset) reasons.Add(EvidenceTexts.NoClock);
        else if (!(Math.Abs(offset) <= MostOffsetMs)) reasons.Add(EvidenceTexts.ClockOff(offset));
        if (declared.Position is null) reasons.Add(EvidenceTexts.NoPlace);
    }
}
