using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>One frequency of a calibration.</summary>
/// <param name="FrequencyHz">The frequency.</param>
/// <param name="DbmAtFullScale">Input power in dBm that gives 0 dBFS.</param>
/// <param name="AntennaFactorDb">dB/m, or null where the antenna is not calibrated.</param>
/// <param name="CableLossDb">Loss from antenna to receiver, dB, or null.</param>
public readonly record struct CalibrationPoint(double FrequencyHz, double DbmAtFullScale, double? AntennaFactorDb, double? CableLossDb);

/// <summary>What makes levels of a receiver comparable: read from a JSON file (README.md of this folder). It has a date and expires.</summary>
public sealed class ReceiverCalibration
{
    // Beyond the ends the straight line of the last two points goes on for so much of the span; further out nobody measured anything.
    private const double Beyond = 0.05;

    // U[dBµV] = P[dBm] + 107 at 50 Ω: 10 log₁₀(50 Ω · 1 mW / (1 µV)²) = 106.99.
    private const double DbuvFromDbm = 107;

    internal ReceiverCalibration(string id, DateTimeOffset calibratedAt, DateTimeOffset expiresAt, string receiver, string? antenna, double? gainDb, IReadOnlyList<CalibrationPoint> points) =>
        (Id, CalibratedAt, ExpiresAt, Receiver, Antenna, GainDb, Points) = (id, calibratedAt, expiresAt, receiver, antenna, gainDb, points);

    /// <summary>Its name, as evidence cites it.</summary>
    public string Id { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CalibratedAt { get; }

    /// <summary>From when on it does not count.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The receiver that it belongs to.</summary>
    public string Receiver { get; }

    /// <summary>The antenna that it belongs to, or null.</summary>
    public string? Antenna { get; }

    /// <summary>The gain that it was made with, dB; null where the receiver has one gain. With another gain it does not hold.</summary>
    public double? GainDb { get; }

    /// <summary>By rising frequency.</summary>
    public IReadOnlyList<CalibrationPoint> Points { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ProblemException"><c>calibration.missing</c>, <c>calibration.invalid</c>: all errors, each with its place.</exception>
    public static ReceiverCalibration Read(string path)
    {
        try
        {
            return CalibrationReader.Read(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(CalibrationTexts.Unreadable(path, e.Message), e);
        }
    }

    /// <summary>It no longer counts, or not yet.</summary>
    public bool IsExpired(DateTimeOffset at) => at >= ExpiresAt || at < CalibratedAt;

    /// <summary>It was made with this gain, within 0.1 dB.</summary>
    public bool FitsGain(double? gainDb) => GainDb is not { } made || (gainDb is { } now && Math.Abs(made - now) <= 0.1 + 1e-9);

    /// <summary>Input power in dBm that gives 0 dBFS, interpolated; null outside of what was measured.</summary>
    public double? DbmAtFullScale(double hz) => Interpolate(hz, p => p.DbmAtFullScale);

    /// <summary>Field strength in dBµV/m of a level at the receiver: dBm + 107 + antenna factor + cable loss. Null without antenna factor and cable loss, or outside of what was measured.</summary>
    public double? FieldDbuvm(double levelDbm, double hz) => levelDbm + DbuvFromDbm + Interpolate(hz, p => p.AntennaFactorDb) + Interpolate(hz, p => p.CableLossDb);

    private double? Interpolate(double hz, Func<CalibrationPoint, double?> of)
    {
        if (Points.Count == 1) return hz == Points[0].FrequencyHz ? of(Points[0]) : null;
        var (first, last) = (Points[0].FrequencyHz, Points[^1].FrequencyHz);
        if (double.IsNaN(hz) || hz < first - Beyond * (last - first) || hz > last + Beyond * (last - first)) return null;
        var upper = 1;
        while (upper < Points.Count - 1 && Points[upper].FrequencyHz < hz) upper++;
        var (a, b) = (Points[upper - 1], Points[upper]);
        return of(a) + (of(b) - of(a)) * ((hz - a.FrequencyHz) / (b.FrequencyHz - a.FrequencyHz));
    }
}
