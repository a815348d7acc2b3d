namespace SignalWatch.Hardware.Position;

/// <summary>How much of a position is known (gpsd_json(5), TPV <c>mode</c>).</summary>
public enum GpsMode
{
    /// <summary>Nothing was said yet.</summary>
    Unknown,

    /// <summary>No position.</summary>
    NoFix,

    /// <summary>Latitude and longitude.</summary>
    TwoDimensional,

    /// <summary>Altitude too.</summary>
    ThreeDimensional,
}

/// <summary>A report of position, speed and time by gpsd (TPV). Everything but the mode may be absent.</summary>
/// <param name="Mode">How much is known.</param>
/// <param name="Time">UTC of the fix, by the receiver.</param>
/// <param name="LatitudeDeg">WGS-84, degrees, north positive.</param>
/// <param name="LongitudeDeg">WGS-84, degrees, east positive.</param>
/// <param name="AltitudeHaeM">Metres above the ellipsoid.</param>
/// <param name="AltitudeMslM">Metres above mean sea level.</param>
/// <param name="SpeedMps">Over ground, m/s.</param>
/// <param name="TrackDeg">Course over ground, degrees from true north.</param>
/// <param name="ClimbMps">Upwards, m/s.</param>
/// <param name="EphM">Estimated horizontal error, metres.</param>
/// <param name="EpxM">Estimated error of longitude, metres.</param>
/// <param name="EpyM">Estimated error of latitude, metres.</param>
/// <param name="EpvM">Estimated error of altitude, metres.</param>
/// <param name="EptS">Estimated error of time, seconds.</param>
/// <param name="Device">The receiver's device on the server.</param>
public sealed record GpsFix(
    GpsMode Mode, DateTimeOffset? Time, double? LatitudeDeg, double? LongitudeDeg, double? AltitudeHaeM, double? AltitudeMslM, double? SpeedMps, double? TrackDeg, double? ClimbMps, double? EphM, double? EpxM, double? EpyM,
    double? EpvM, double? EptS, string? Device)
{
    /// <summary>There is a position.</summary>
    public bool HasPosition => Mode >= GpsMode.TwoDimensional && LatitudeDeg is not null && LongitudeDeg is not null;
}

/// <summary>What a receiver sees of the satellites (SKY).</summary>
/// <param name="Visible">Satellites in view.</param>
/// <param name="Used">Of those, used for the fix.</param>
/// <param name="Hdop">Horizontal dilution of precision, or null.</param>
public sealed record GpsSky(int Visible, int Used, double? Hdop);
