using System.Globalization;

namespace SignalWatch.Fm.Identity;

/// <summary>Programme identifications as registers write them.</summary>
internal static class Pis
{
    // The second digit is the area of coverage (EN 50067 annex D): the regional variants of one programme differ in it alone.
    private const ushort WithoutArea = 0xF0FF;

    public static string Hex(ushort pi) => pi.ToString("X4", CultureInfo.InvariantCulture);

    public static ushort? Parse(string? hex) => ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var pi) ? pi : null;

    /// <summary>Whether two PI are the same programme, in whatever region.</summary>
    public static bool SameProgramme(ushort first, ushort second) => ((first ^ second) & WithoutArea) == 0;
}
