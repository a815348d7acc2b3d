using System.Collections.Frozen;

namespace SignalWatch.Fm.Rds;

/// <summary>North American call signs from the PI (NRSC-4-B §D.7).</summary>
internal static class CallSigns
{
    // K… from here, W… from there, three letters beyond.
    private const int FirstK = 0x1000;
    private const int FirstW = 0x54A8;
    private const int FirstThree = 0x9950;

    // NRSC-4-B table D.7: call signs of three letters.
    private static readonly FrozenDictionary<ushort, string> Three = Table(
        (0x9950, "KEX KFH KFI KGA KGO KGU KGW KGY KID KIT KJR KLO KLZ KMA KMJ KNX"), (0x9960, "KOA - - - KQV KSL KUJ KVI KWG - - KYW - WBZ WDZ WEW"),
        (0x9970, "- WGL WGN WGR - WHA WHB WHK WHO - WIP WJR WKY WLS WLW"), (0x9980, "- WOC - WOL WOR - - - WWJ WWL"),
        (0x9990, "KDB KGB KOY KPQ KSD KUT KXL KXO - WBT WGH WGY WHP WIL WMC WMT"), (0x99A0, "WOI WOW WRR WSB WSM KBW KCY KDF - - KHQ KOB"), (0x99B3, "WIS WJW WJZ - - - WRC"));

    // NRSC-4-B §D.4.3: networks that share a PI, by first and last two digits.
    private static readonly FrozenDictionary<ushort, string> Linked = new Dictionary<ushort, string>
    {
        [0xB01] = "NPR-1", [0xB02] = "CBC English - Radio One", [0xB03] = "CBC English - Radio Two", [0xB04] = "CBC French => Radio-Canada - Première Chaîne",
        [0xB05] = "CBC French => Radio-Canada - Espace Musique", [0xB06] = "CBC", [0xB07] = "CBC", [0xB08] = "CBC", [0xB09] = "CBC",
        [0xB0A] = "NPR-2", [0xB0B] = "NPR-3", [0xB0C] = "NPR-4", [0xB0D] = "NPR-5", [0xB0E] = "NPR-6",
    }.ToFrozenDictionary();

    /// <summary>The call sign that a PI stands for; null where it stands for none. A PI that begins with 1 is also given to stations that have none by this rule: uncertain.</summary>
    public static string? Of(ushort pi)
    {
        var code = Restore(pi);
        if (code >> 12 is >= 0xB and <= 0xE) return Linked.GetValueOrDefault((ushort)(code >> 12 << 8 | code & 0xFF));
        return code switch
        {
            < FirstK => null,
            < FirstW => Letters('K', code - FirstK),
            < FirstThree => Letters('W', code - FirstW),
            _ => Three.GetValueOrDefault(code),
        };
    }

    // A second digit of 0, or two last ones, mean regions to European receivers; NRSC-4-B moves them away.
    private static ushort Restore(ushort pi) => pi switch
    {
        _ when pi >> 4 == 0xAFA && (pi & 15) < 10 => (ushort)(pi << 12),
        _ when pi >> 8 == 0xAF => (ushort)(pi << 8),
        _ when pi >> 12 == 0xA => (ushort)((pi >> 8 & 15) << 12 | pi & 0xFF),
        _ => pi,
    };

    private static string Letters(char first, int number) =>
        new([first, (char)('A' + number / 676), (char)('A' + number / 26 % 26), (char)('A' + number % 26)]);

    private static FrozenDictionary<ushort, string> Table(params (int From, string Names)[] rows) =>
        rows.SelectMany(row => row.Names.Split(' ').Select((name, n) => (Pi: (ushort)(row.From + n), Name: name))).Where(c => c.Name != "-").ToFrozenDictionary(c => c.Pi, c => c.Name);
}
