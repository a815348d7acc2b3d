namespace SignalWatch.Hardware.Iq;

/// <summary>A place on the earth, WGS-84.</summary>
/// <param name="LatitudeDeg">Degrees, north positive.</param>
/// <param name="LongitudeDeg">Degrees, east positive.</param>
/// <param name="AltitudeM">Metres above the ellipsoid; null where it was not given.</param>
public readonly record struct GeoPoint(double LatitudeDeg, double LongitudeDeg, double? AltitudeM);
