namespace SignalWatch.Fm;

/// <summary>What a station says of itself by RDS (EN 50067, IEC 62106). Nothing is believed that was heard once.</summary>
public sealed record RdsReading
{
    /// <summary>Programme identification; null until it was received twice.</summary>
    public ushort? Pi { get; init; }

    /// <summary>Name, eight characters; null until each part was received twice without contradiction.</summary>
    public string? Ps { get; init; }

    /// <summary>The name as far as it was received, <c>_</c> for what is missing. Not confirmed.</summary>
    public string? PartialPs { get; init; }

    /// <summary>Radio text, confirmed as the name is.</summary>
    public string? RadioText { get; init; }

    /// <summary>Radio text as far as it was received, <c>_</c> for what is missing. Not confirmed.</summary>
    public string? PartialRadioText { get; init; }

    /// <summary>The TP flag: the programme carries traffic announcements.</summary>
    public bool? TrafficProgramme { get; init; }

    /// <summary>The TA flag: one is on now.</summary>
    public bool? TrafficAnnouncement { get; init; }

    /// <summary>The M/S switch: music; false: speech.</summary>
    public bool? Music { get; init; }

    /// <summary>The PTY code, 0 to 31; its name is <see cref="RdsCodes.ProgrammeType"/>.</summary>
    public int? ProgrammeType { get; init; }

    /// <summary>Name of the programme type in the station's own words (group 10A), confirmed.</summary>
    public string? ProgrammeTypeName { get; init; }

    /// <summary>Decoder identification (EN 50067 §3.2.1.5).</summary>
    public RdsDecoderIdentification Decoder { get; init; }

    /// <summary>Alternative frequencies, each heard twice, rising, Hz.</summary>
    public IReadOnlyList<long> AlternativeFrequenciesHz { get; init; } = [];

    /// <summary>Clock of the station (group 4A): local time with its offset from UTC; null until one was received in blocks without correction, or two that fit.</summary>
    public DateTimeOffset? ClockTime { get; init; }

    /// <summary>The programme on air began on this day of the month at this time (PIN), heard twice.</summary>
    public RdsProgrammeItem? ProgrammeItem { get; init; }

    /// <summary>Extended country code, heard twice.</summary>
    public byte? ExtendedCountryCode { get; init; }

    /// <summary>ISO 3166 code of the country by PI and extended country code.</summary>
    public string? Country { get; init; }

    /// <summary>ISO 639 code of the language (group 1A), heard twice.</summary>
    public string? Language { get; init; }

    /// <summary>Open data applications, each announced twice.</summary>
    public IReadOnlyList<RdsApplication> Applications { get; init; } = [];

    /// <summary>RT+ tags of the text now; null where there are none.</summary>
    public RdsRadioTextPlus? RadioTextPlus { get; init; }

    /// <summary>Traffic message channel; null where it was not announced.</summary>
    public RdsTrafficMessages? Tmc { get; init; }

    /// <summary>Other networks of which it tells (group 14A), each heard twice.</summary>
    public IReadOnlyList<RdsOtherNetwork> OtherNetworks { get; init; } = [];

    /// <summary>North American call sign by the PI; null elsewhere.</summary>
    public string? CallSign { get; init; }

    /// <summary>Groups by type, as <c>0A</c>.</summary>
    public IReadOnlyDictionary<string, int> GroupCounts { get; init; } = new Dictionary<string, int>();

    /// <summary>Groups received, in whole or in part, since the carrier came on.</summary>
    public int Groups { get; init; }

    /// <summary>Blocks received since then.</summary>
    public int Blocks { get; init; }

    /// <summary>Of these, blocks that were corrected.</summary>
    public int CorrectedBlocks { get; init; }

    /// <summary>Of these, blocks A that could be told only because the PI was known.</summary>
    public int AssumedBlocks { get; init; }

    /// <summary>Share of this interval's blocks that came with errors, corrected or not; 1 where blocks are not in step.</summary>
    public double BlockErrorRate { get; init; }
}

/// <summary>Decoder identification: each is null until heard.</summary>
/// <param name="Stereo">Stereo; false: mono.</param>
/// <param name="ArtificialHead">Recorded with an artificial head.</param>
/// <param name="Compressed">Compressed.</param>
/// <param name="DynamicProgrammeType">The programme type changes while on air.</param>
public readonly record struct RdsDecoderIdentification(bool? Stereo, bool? ArtificialHead, bool? Compressed, bool? DynamicProgrammeType);

/// <summary>Programme item number: when the programme was to begin.</summary>
/// <param name="Day">Day of the month, 1 to 31.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Minute">0 to 59.</param>
public readonly record struct RdsProgrammeItem(int Day, int Hour, int Minute);

/// <summary>An open data application (group 3A).</summary>
/// <param name="GroupType">The group type that carries it, as <c>11A</c>; null where it says that there is none now.</param>
/// <param name="Id">Application identification.</param>
/// <param name="Name">Its name; null where it is not known.</param>
public sealed record RdsApplication(string? GroupType, ushort Id, string? Name);

/// <summary>RT+ (RDS Forum R06/040_1).</summary>
/// <param name="ItemRunning">The item that the tags describe is on air.</param>
/// <param name="ItemToggle">Turns over with each new item.</param>
/// <param name="Tags">The tagged parts of the text.</param>
public sealed record RdsRadioTextPlus(bool ItemRunning, int ItemToggle, IReadOnlyList<RdsTag> Tags);

/// <summary>A part of the radio text that has a meaning.</summary>
/// <param name="ContentType">As <c>item.title</c>.</param>
/// <param name="Text">The part.</param>
public sealed record RdsTag(string ContentType, string Text);

/// <summary>The traffic message channel as it announces itself (ISO 14819-1); its messages are not decoded.</summary>
/// <param name="LocationTable">Number of the location table; null until heard; 0 where the messages are encrypted.</param>
/// <param name="ServiceId">Service identifier; null until heard.</param>
/// <param name="Messages">Groups with messages received.</param>
public sealed record RdsTrafficMessages(int? LocationTable, int? ServiceId, int Messages)
{
    /// <summary>Whether the messages are encrypted (location table 0); null until heard.</summary>
    public bool? IsEncrypted => LocationTable is { } table ? table == 0 : null;
}

/// <summary>What a station tells of another network (group 14A).</summary>
/// <param name="Pi">Its programme identification.</param>
public sealed record RdsOtherNetwork(ushort Pi)
{
    /// <summary>Its name, confirmed.</summary>
    public string? Ps { get; init; }

    /// <summary>Its frequencies, rising, Hz.</summary>
    public IReadOnlyList<long> FrequenciesHz { get; init; } = [];

    /// <summary>Its TP flag.</summary>
    public bool? TrafficProgramme { get; init; }

    /// <summary>Its TA flag.</summary>
    public bool? TrafficAnnouncement { get; init; }

    /// <summary>Its PTY code.</summary>
    public int? ProgrammeType { get; init; }
}

/// <summary>What one group said. Nothing here is confirmed: it is what was received, once.</summary>
/// <param name="Group">The group.</param>
/// <param name="Pi">The station's PI: that of the group, or the one known; null where neither is.</param>
/// <param name="Type">As <c>0A</c>; null where block B was lost.</param>
public sealed record RdsGroupReading(RdsGroup Group, ushort? Pi, string? Type)
{
    /// <summary>TP flag.</summary>
    public bool? TrafficProgramme { get; init; }

    /// <summary>PTY code.</summary>
    public int? ProgrammeType { get; init; }

    /// <summary>TA flag (groups 0 and 15B).</summary>
    public bool? TrafficAnnouncement { get; init; }

    /// <summary>M/S switch (group 0).</summary>
    public bool? Music { get; init; }

    /// <summary>The one bit of decoder identification that a group 0 carries.</summary>
    public RdsDecoderIdentification Decoder { get; init; }

    /// <summary>The name, where this group made it whole.</summary>
    public string? Ps { get; init; }

    /// <summary>The name as far as it is there, <c>_</c> for what is missing (group 0).</summary>
    public string? PartialPs { get; init; }

    /// <summary>The radio text, where it is whole with this group.</summary>
    public string? RadioText { get; init; }

    /// <summary>The radio text as far as it is there (group 2).</summary>
    public string? PartialRadioText { get; init; }

    /// <summary>A list of alternative frequencies by method A that this group completed, in the order sent, Hz; null where it did not.</summary>
    public IReadOnlyList<long>? AlternativeFrequenciesHz { get; init; }

    /// <summary>A list by method B that this group completed; null where it did not.</summary>
    public RdsAlternatives? Alternatives { get; init; }

    /// <summary>Clock (4A); null where it is none or impossible.</summary>
    public DateTimeOffset? ClockTime { get; init; }

    /// <summary>Programme item number (1A, 1B), where it is a time.</summary>
    public RdsProgrammeItem? ProgrammeItem { get; init; }

    /// <summary>Extended country code (1A, variant 0).</summary>
    public byte? ExtendedCountryCode { get; init; }

    /// <summary>Language (1A, variant 3), ISO 639.</summary>
    public string? Language { get; init; }

    /// <summary>Open data application announced (3A).</summary>
    public RdsApplication? Application { get; init; }

    /// <summary>RT+ tags, of the radio text that was whole.</summary>
    public RdsRadioTextPlus? RadioTextPlus { get; init; }

    /// <summary>Name of the programme type (10A), where this group made it whole.</summary>
    public string? ProgrammeTypeName { get; init; }

    /// <summary>What it told of another network (14A, 14B).</summary>
    public RdsOtherNetwork? OtherNetwork { get; init; }
}

/// <summary>Alternative frequencies of one transmitter (method B, EN 50067 §3.2.1.6.3), Hz.</summary>
/// <param name="TunedHz">The transmitter's own frequency.</param>
/// <param name="SameHz">Those with the same programme.</param>
/// <param name="RegionalHz">Those with a regional variant of it.</param>
public sealed record RdsAlternatives(long TunedHz, IReadOnlyList<long> SameHz, IReadOnlyList<long> RegionalHz);
