namespace SignalWatch.Contracts;

/// <summary>What an entry of the FM register permits.</summary>
public enum LicenceClass
{
    /// <summary>A licensed station.</summary>
    Licensed,

    /// <summary>A known station from across the border, 溢波.</summary>
    Overspill,

    /// <summary>A relay of a licensed station.</summary>
    Relay,

    /// <summary>A licensed test transmission.</summary>
    Test,
}

/// <summary>One entry of the FM register.</summary>
/// <param name="FrequencyHz">Nominal frequency, Hz.</param>
/// <param name="Pi">Programme identification of RDS, four upper-case hex digits; null where the licence names none.</param>
/// <param name="Name">Name of the station, as RDS PS shows it.</param>
/// <param name="Licensee">Who holds the licence.</param>
/// <param name="Class">What it permits.</param>
/// <param name="Area">Area code of GB/T 2260; covers all areas whose code begins with it; empty for everywhere.</param>
/// <param name="ErpKw">Effective radiated power, kW, or null.</param>
/// <param name="Latitude">WGS-84, degrees, or null.</param>
/// <param name="Longitude">WGS-84, degrees, or null.</param>
/// <param name="MaxDeviationHz">Highest permitted peak deviation, Hz, or null.</param>
/// <param name="MaxLevelDbuvm">Highest expected field strength, dBµV/m, for overspill; or null.</param>
/// <param name="ValidFrom">First day, or null for always.</param>
/// <param name="ValidTo">Last day, inclusive, or null for ever.</param>
/// <param name="Note">A remark.</param>
public sealed record FmLicence(long FrequencyHz, string? Pi, string Name, string Licensee, LicenceClass Class, string Area, double? ErpKw, double? Latitude, double? Longitude,
    double? MaxDeviationHz, double? MaxLevelDbuvm, DateOnly? ValidFrom, DateOnly? ValidTo, string Note)
{
    /// <summary>True on the days of its validity, by China's legal time.</summary>
    public bool IsValid(DateOnly day) => (ValidFrom is not { } from || from <= day) && (ValidTo is not { } to || day <= to);
}
