using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>What the receiver can say of a carrier beyond its reading.</summary>
/// <param name="OffsetHz">Carrier frequency less the licensed one, without the receiver's own error, Hz; null where that error is not known.</param>
/// <param name="LevelJumpDb">Level less the learnt median, without what all stations have in common, dB; null where it can't be said.</param>
/// <param name="Overload">The receiver is overloaded: levels and sound are not to be relied on.</param>
internal readonly record struct Circumstances(double? OffsetHz, double? LevelJumpDb, bool Overload);

/// <summary>How a carrier differs from the station that is licensed on its frequency.</summary>
/// <param name="Reasons">The differences.</param>
/// <param name="IsOther">Something speaks against it being the station: nothing is learnt meanwhile.</param>
/// <param name="Masquerade">Somebody else seems to transmit there.</param>
/// <param name="IsWeaker">It is so much weaker than the station that a distant one may be heard while the station is silent.</param>
internal readonly record struct SignatureFinding(IReadOnlyList<ScoreReason> Reasons, bool IsOther, bool Masquerade, bool IsWeaker);

/// <summary>Compares a carrier with its licence and with what was learnt, second by second. Differences that a fade or a break in the programme can feign must last.</summary>
internal sealed class SignatureComparison
{
    /// <summary>Frequency tolerance of FM broadcast transmitters, Hz (RR appendix 2; rule FM-15).</summary>
    public const double ToleranceHz = 2_000;

    // SNR in 200 kHz from which on a missing pilot or missing RDS is the station's doing: RDS of 2 kHz deviation is received nearly whole from 20 dB on.
    private const double ClearSnrDb = 20;
    private const double OffsetHoldsSeconds = 300;
    private const double LevelHoldsSeconds = 600;
    private const double MissingHoldsSeconds = 60;
    private const double LevelJumpsByDb = 6;

    // Ten seconds of programme leave so much in the mean frequency: less is no jump, however steady the carrier was before.
    private const double LeastSigmaHz = 60;

    // Levels of a distant station vary by themselves: 3 σ, σ being 1.4826 × the median distance of a normal distribution.
    private const double SpreadsOfMad = 3 * 1.4826;

    // A licensed station that is silent uncovers distant ones on its frequency; an impostor that is to be heard is not that weak.
    private const double WeakerByDb = 10;

    private double noRdsSeconds;
    private double pilotSeconds;

    /// <summary>For how long the offset has been beyond the tolerance, or unlike the learnt one, s.</summary>
    public double OffsetSeconds { get; private set; }

    /// <summary>For how long the level has been unlike the learnt one, s.</summary>
    public double LevelSeconds { get; private set; }

    /// <summary>The carrier went, or is not to be compared any more.</summary>
    public void Reset() => (noRdsSeconds, pilotSeconds, OffsetSeconds, LevelSeconds) = (0, 0, 0, 0);

    /// <summary>Compares a reading on the air.</summary>
    public SignatureFinding Compare(CarrierReading carrier, FmLicence licence, StationSignature signature, in Circumstances circumstances, double seconds)
    {
        var reasons = new List<ScoreReason>();
        var foreign = ComparePi(carrier, licence, signature, reasons);
        if (carrier.Rds?.Ps is { } ps && signature.Ps is { } names && !names.Contains(ps)) reasons.Add(SuspicionScore.SignaturePs.With(IdentityTexts.Ps(ps, names)));
        var rds = reasons.Count > 0 | CompareRds(carrier, licence, signature, circumstances.Overload, seconds, reasons);
        var pilot = ComparePilot(carrier, signature, circumstances.Overload, seconds, reasons);
        var (offset, beyond) = CompareOffset(circumstances.OffsetHz, signature, seconds, reasons);
        var level = CompareLevel(circumstances.LevelJumpDb, signature, seconds, reasons);
        var over = OverDeviation.Of(carrier, licence);
        var deviation = over is not null;
        if (over is not null) reasons.Add(over);
        var weaker = circumstances.LevelJumpDb <= -WeakerByDb;
        if (weaker && foreign) reasons.Add(SuspicionScore.WeakerThanLearnt.With(IdentityTexts.Weaker(circumstances.LevelJumpDb!.Value)));
        // A reserve transmitter without its coder lacks pilot and RDS and is weaker: only what no equipment of the licensee does counts as somebody else.
        var masquerade = (foreign && (pilot || offset || level || deviation)) || (beyond && (rds || pilot || level || deviation));
        return new SignatureFinding(reasons, foreign || offset || masquerade, masquerade, weaker);
    }

    private static bool ComparePi(CarrierReading carrier, FmLicence licence, StationSignature signature, List<ScoreReason> reasons)
    {
        if (carrier.Rds?.Pi is not { } heard) return false;
        var (due, learnt) = (Pis.Parse(signature.AcceptedPi ?? licence.Pi), Pis.Parse(signature.Pi));
        if (due is null && learnt is null) return false;
        if ((due is { } d && Pis.SameProgramme(d, heard)) || (learnt is { } l && Pis.SameProgramme(l, heard))) return false;
        reasons.Add(SuspicionScore.SignaturePi.With(IdentityTexts.Pi(heard, due, learnt)));
        return true;
    }

    private bool CompareRds(CarrierReading carrier, FmLicence licence, StationSignature signature, bool overload, double seconds, List<ScoreReason> reasons)
    {
        var due = signature.Rds ?? licence.Pi is not null;
        if (!due || carrier.Rds is not null) noRdsSeconds = 0;
        else if (carrier.SnrDb >= ClearSnrDb && !overload) noRdsSeconds += seconds;
        if (noRdsSeconds < MissingHoldsSeconds) return false;
        reasons.Add(SuspicionScore.RdsMissing.With(IdentityTexts.RdsMissing(noRdsSeconds, signature.AcceptedPi ?? licence.Pi)));
        // What the register alone says may never have been on the air.
        return signature.Rds == true;
    }

    private bool ComparePilot(CarrierReading carrier, StationSignature signature, bool overload, double seconds, List<ScoreReason> reasons)
    {
        if (signature.Pilot is not { } due || carrier.Pilot == due) pilotSeconds = 0;
        else if (carrier.Pilot is not null && carrier.SnrDb >= ClearSnrDb && !overload) pilotSeconds += seconds;
        if (pilotSeconds < MissingHoldsSeconds) return false;
        reasons.Add(SuspicionScore.SignaturePilot.With(IdentityTexts.Pilot(signature.Pilot == true, pilotSeconds)));
        return true;
    }

    private (bool Differs, bool Beyond) CompareOffset(double? offsetHz, StationSignature signature, double seconds, List<ScoreReason> reasons)
    {
        if (offsetHz is not { } offset) return (false, false);
        var learnt = signature.OffsetHz;
        var jump = offset - (learnt?.Mean ?? 0);
        var limit = learnt is { } known ? Math.Min(ToleranceHz, 5 * Math.Max(known.Sigma, LeastSigmaHz)) : ToleranceHz;
        OffsetSeconds = Math.Abs(jump) > limit ? OffsetSeconds + seconds : 0;
        if (OffsetSeconds < OffsetHoldsSeconds) return (false, false);
        reasons.Add(SuspicionScore.SignatureOffset.With(IdentityTexts.OffsetJump(offset, learnt, limit, OffsetSeconds)));
        return (true, Math.Abs(jump) > ToleranceHz && Math.Abs(offset) > ToleranceHz);
    }

    private bool CompareLevel(double? jumpDb, StationSignature signature, double seconds, List<ScoreReason> reasons)
    {
        if (jumpDb is not { } jump || signature.Level is not { } level) return false;
        var limit = Math.Max(LevelJumpsByDb, SpreadsOfMad * level.MadDb);
        LevelSeconds = Math.Abs(jump) >= limit ? LevelSeconds + seconds : 0;
        if (LevelSeconds < LevelHoldsSeconds) return false;
        reasons.Add(SuspicionScore.SignatureLevel.With(IdentityTexts.LevelJump(jump, level.MedianDb, limit, LevelSeconds)));
        return true;
    }
}

/// <summary>More deviation than is allowed.</summary>
internal static class OverDeviation
{
    // Instruments are good to 2 kHz (SM.1268-5).
    private const double InstrumentHz = 2_000;
    private const double UsualLimitHz = 75_000;

    public static ScoreReason? Of(CarrierReading carrier, FmLicence? licence)
    {
        if (carrier.Station is not { } station) return null;
        var limit = licence?.MaxDeviationHz ?? UsualLimitHz;
        // SM.1268-5 knows 75 kHz; a licence for less is compared with what one sample in 100,000 exceeds.
        var over = limit < UsualLimitHz ? station.P99999DeviationHz.Justified > limit + InstrumentHz : station.OverDeviated == true && !(limit > UsualLimitHz && station.P99999DeviationHz.Justified <= limit + InstrumentHz);
        return over ? SuspicionScore.OverDeviation.With(IdentityTexts.OverDeviation(station, limit)) : null;
    }
}
