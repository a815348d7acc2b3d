using System.Reflection;
using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;
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
internal sealed class FmSite(string data, ObservationMint mint, Position? position, Func<FmRegister> register, TimeProvider time, Action<Text> say)
{
    public TimeProvider Time => time;

    /// <summary>What is known of the stations that a watch hears.</summary>
    /// <param name="watch">The watch.</param>
    /// <param name="stream">What it listens to.</param>
    /// <param name="calibration">The receiver's, or null.</param>
    /// <param name="at">When it begins.</param>
    public FmStations Stations(FmBandConfiguration watch, IqStream stream, ReceiverCalibration? calibration, DateTimeOffset at)
    {
        var settings = new IdentitySettings { RasterHz = watch.RasterHz, CenterFrequencyHz = stream.CenterFrequencyHz, FrequencyAccuracyPpm = watch.FrequencyAccuracyPpm };
        return new FmStations(Path.Combine(data, $"fm-{watch.Id}"), Receiver(watch, stream, calibration), settings, new EvidenceSettings { MostBytes = watch.EvidenceBytes }, register, at, say);
    }

    private EvidenceReceiver Receiver(FmBandConfiguration watch, IqStream stream, ReceiverCalibration? calibration) => new()
    {
        Probe = mint.Probe, Watch = watch.Id, Area = mint.Area, Name = stream.Name, Origin = stream.Origin, Zone = time.LocalTimeZone, Clock = Texts.ReceiverClock,
        Software = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Position = position is { } place ? new EvidencePosition(place.Latitude, place.Longitude, "configuration") : null,
        Calibration = calibration is null ? null : new EvidenceCalibration(calibration.Id, calibration.ExpiresAt),
        DbmAtFullScale = calibration?.DbmAtFullScale(stream.CenterFrequencyHz) ?? stream.DbmAtFullScale,
    };
}
