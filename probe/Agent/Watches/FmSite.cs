using System.Globalization;
using System.Reflection;
using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;
using SignalWatch.Hardware.Position;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Evidence;
using SignalWatch.Rules;

namespace SignalWatch.Probe.Watches;

/// <summary>Where FM is watched: what all FM watches of a probe have in common.</summary>
/// <param name="data">The probe's data folder.</param>
/// <param name="mint">Which probe, and where.</param>
/// <param name="position">Where the antenna is, or null.</param>
/// <param name="register">The register in force.</param>
/// <param name="time">The clock.</param>
/// <param name="say">For the log.</param>
/// <param name="gps">What gpsd knows at a moment; null where there is none.</param>
internal sealed class FmSite(string data, ObservationMint mint, Configuration.Position? position, Func<FmRegister> register, TimeProvider time, Action<Text> say, Func<GpsdStatus>? gps = null)
{
    public TimeProvider Time => time;

    /// <summary>The calibration that a watch's levels go by; null where there is none, or it was made at another gain: then it would give wrong levels.</summary>
    /// <exception cref="ProblemException"><c>calibration.missing</c>, <c>calibration.invalid</c>.</exception>
    public ReceiverCalibration? Calibration(FmBandConfiguration watch)
    {
        if (watch.CalibrationFile is not { } file) return null;
        var calibration = ReceiverCalibration.Read(file);
        if (calibration.FitsGain(watch.GainDb)) return calibration;
        say(Texts.CalibrationGain(watch.Id.Value, calibration.Id, calibration.GainDb, watch.GainDb));
        return null;
    }

    /// <summary>What is known of the stations that a watch hears.</summary>
    /// <param name="watch">The watch.</param>
    /// <param name="stream">What it listens to.</param>
    /// <param name="calibration">The receiver's, or null.</param>
    /// <param name="at">When it begins.</param>
    public FmStations Stations(FmBandConfiguration watch, IqStream stream, ReceiverCalibration? calibration, DateTimeOffset at)
    {
        var settings = new IdentitySettings { RasterHz = watch.RasterHz, CenterFrequencyHz = watch.Sweep is null ? stream.CenterFrequencyHz : null, FrequencyAccuracyPpm = watch.FrequencyAccuracyPpm };
        return new FmStations(Path.Combine(data, $"fm-{watch.Id}"), Receiver(watch, stream, calibration), settings, new EvidenceSettings { MostBytes = watch.EvidenceBytes }, register, Where, at, say);
    }

    private EvidenceReceiver Receiver(FmBandConfiguration watch, IqStream stream, ReceiverCalibration? calibration) => new()
    {
        Probe = mint.Probe, Watch = watch.Id, Area = mint.Area, Name = stream.Name, Origin = stream.Origin, Zone = time.LocalTimeZone, Clock = Texts.ReceiverClock,
        Software = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Calibration = calibration is null ? null : new EvidenceCalibration(calibration.Id, calibration.ExpiresAt),
        DbmAtFullScale = calibration?.DbmAtFullScale(stream.CenterFrequencyHz) ?? stream.DbmAtFullScale,
    };

    // A fix of a minute ago is not where a car is: it is told with its age. Without one, what the configuration says holds.
    private EvidencePosition? Where()
    {
        var known = gps?.Invoke();
        if (known is { Fix: { HasPosition: true, LatitudeDeg: { } latitude, LongitudeDeg: { } longitude }, ReceivedAt: { } received })
            return new EvidencePosition(latitude, longitude, known.IsStale ? string.Create(CultureInfo.InvariantCulture, $"gpsd, stale: fix of {received.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}") : "gpsd");
        return position is { } place ? new EvidencePosition(place.Latitude, place.Longitude, known is null ? "configuration" : "configuration; gpsd has no position") : null;
    }
}
