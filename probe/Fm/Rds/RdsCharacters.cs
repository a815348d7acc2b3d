namespace SignalWatch.Fm.Rds;

/// <summary>The basic character set of RDS (EN 50067 annex E, table E.1).</summary>
internal static class RdsCharacters
{
    // Rows 8 to F of the table.
    private const string High =
        "áàéèíìóòúùÑÇŞβ¡Ĳ" +
        "âäêëîïôöûüñçşǧıĳ" +
        "ªα©‰Ǧěňőπ€£$←↑→↓" +
        "º¹²³±İńűµ¿÷°¼½¾§" +
        "ÁÀÉÈÍÌÓÒÚÙŘČŠŽĐĿ" +
        "ÂÄÊËÎÏÔÖÛÜřčšžđŀ" +
        "ÃÅÆŒŷÝÕØÞŊŔĆŚŹŦð" +
        "ãåæœŵýõøþŋŕćśźŧ ";

    /// <summary>The character of a code; a space for control codes.</summary>
    public static char Of(int code) => code switch
    {
        >= 0x80 => High[code - 0x80],
        0x24 => '¤',
        0x5E => '―',
        0x60 => '‖',
        0x7E => '¯',
        0x7F or < 0x20 => ' ',
        _ => (char)code,
    };
}
