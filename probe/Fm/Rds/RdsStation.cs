using System.Globalization;

namespace SignalWatch.Fm.Rds;

/// <summary>Groups in, what the station says of itself out. Nothing is believed that was heard once.</summary>
/// <param name="rbds">By the North American rules: call sign from the PI.</param>
public sealed class RdsStation(bool rbds = false)
{
    // Groups in which a name or a text was not sent once are three and six minutes: it is not sent any more.
    private const int NameAge = 2000;
    private const int TextAge = 4000;

    // What a PI needs to be believed, in the weight of its receptions; a known one takes more to change: a false change reads like a pirate taking over.
    private const int CleanWeight = 2;
    private const int CorrectedWeight = 1;
    private const int FirstPi = 3;
    private const int OtherPi = 6;

    private readonly ProgrammeServiceName name = new();
    private readonly RadioText radioText = new();
    private readonly SegmentedText typeName = new(4, maxGap: 400);
    private readonly AlternativeFrequencies alternatives = new();
    private readonly SlowLabelling labels = new();
    private readonly RdsClock clock = new();
    private readonly OtherNetworks others = new();
    private readonly OpenDataApplications applications = new();
    private readonly int[] groupsOfType = new int[32];
    private ushort candidate;
    private int candidateWeight;
    private long time;
    private long nameTime;
    private long textTime;
    private int typeNameFlag;
    private string? confirmedTypeName;
    private RdsDecoderIdentification decoder;
    private int blocks;
    private int corrected;
    private int assumed;

    /// <summary>The programme identification; null until it was received twice, the second time without another one in between.</summary>
    public ushort? Pi { get; private set; }

    /// <summary>The station's name, confirmed.</summary>
    public string? Ps => Pi is null ? null : name.Confirmed;

    /// <summary>What was received of the name.</summary>
    public string? PartialPs => name.Partial;

    /// <summary>The radio text, confirmed.</summary>
    public string? Text => Pi is null ? null : radioText.Confirmed;

    /// <summary>Traffic programme flag; null until heard.</summary>
    public bool? TrafficProgramme { get; private set; }

    /// <summary>Traffic announcement flag; null until heard.</summary>
    public bool? TrafficAnnouncement { get; private set; }

    /// <summary>Music or speech; null until heard.</summary>
    public bool? Music { get; private set; }

    /// <summary>Programme type code, 0 to 31; null until heard.</summary>
    public int? ProgrammeType { get; private set; }

    /// <summary>Groups of which at least one block was received.</summary>
    public int Groups { get; private set; }

    /// <summary>Groups by type: index 2 × type, plus 1 for version B.</summary>
    public IReadOnlyList<int> GroupsOfType => groupsOfType;

    /// <summary>Takes a group, or the place of one of which nothing was received.</summary>
    /// <returns>What it said.</returns>
    public RdsGroupReading Accept(in RdsGroup group)
    {
        time++;
        Age();
        if (group.Received == 0) return new RdsGroupReading(group, Pi, null);
        Count(group);
        // Block C' repeats the PI in version B groups (EN 50067 §2.1).
        var fromA = group.A.HasValue;
        var heard = fromA ? group.A : group.IsVersionB == true ? group.C : null;
        if (heard is { } pi && !group.AssumedA) Consider(pi, (group.Corrected & (fromA ? 1 : 4)) != 0);
        // A group of somebody else's PI is an error or another station: nothing of it belongs to this one.
        var reading = new RdsGroupReading(group, heard ?? Pi, group.B is { } b ? TypeName(b >> 11) : null);
        if (heard is { } other && Pi is { } known && other != known) return reading;
        return group.B is { } flags ? Interpret(group, flags, reading) : reading;
    }

    /// <summary>What is known now.</summary>
    /// <param name="blockErrorRate">Share of the interval's blocks that came with errors.</param>
    public RdsReading Reading(double blockErrorRate) => new()
    {
        Pi = Pi, Ps = Ps, PartialPs = PartialPs, RadioText = Text, PartialRadioText = radioText.Partial,
        TrafficProgramme = TrafficProgramme, TrafficAnnouncement = TrafficAnnouncement, Music = Music, ProgrammeType = ProgrammeType, ProgrammeTypeName = confirmedTypeName, Decoder = decoder,
        AlternativeFrequenciesHz = alternatives.Confirmed, ClockTime = clock.Time, ProgrammeItem = labels.ProgrammeItem,
        ExtendedCountryCode = labels.ExtendedCountryCode, Language = labels.Language,
        Country = Pi is { } pi && labels.ExtendedCountryCode is { } code ? RdsCodes.Country(pi, code) : null,
        Applications = applications.Confirmed, RadioTextPlus = applications.RadioTextPlus, Tmc = applications.Tmc, OtherNetworks = others.Confirmed,
        CallSign = rbds && Pi is { } sign ? CallSigns.Of(sign) : null,
        GroupCounts = GroupCounts(), Groups = Groups, Blocks = blocks, CorrectedBlocks = corrected, AssumedBlocks = assumed, BlockErrorRate = blockErrorRate,
    };

    /// <summary>Forgets everything: the carrier went.</summary>
    public void Clear()
    {
        ClearProgramme();
        Array.Clear(groupsOfType);
        (Pi, candidateWeight, Groups, blocks, corrected, assumed) = (null, 0, 0, 0, 0, 0);
    }

    private void ClearProgramme()
    {
        name.Clear();
        radioText.Clear();
        typeName.Clear();
        alternatives.Clear();
        labels.Clear();
        clock.Clear();
        others.Clear();
        applications.Clear();
        (confirmedTypeName, decoder, TrafficProgramme, TrafficAnnouncement, Music, ProgrammeType) = (null, default, null, null, null, null);
    }

    private void Age()
    {
        if (time - nameTime > NameAge) name.Clear();
        if (time - textTime > TextAge) radioText.Clear();
    }

    private void Count(in RdsGroup group)
    {
        Groups++;
        blocks += group.Received;
        corrected += System.Numerics.BitOperations.PopCount((uint)group.Corrected);
        if (group.AssumedA) assumed++;
        if (group.B is { } b) groupsOfType[b >> 11]++;
    }

    private void Consider(ushort pi, bool isCorrected)
    {
        if (pi == Pi)
        {
            candidateWeight = 0;
            return;
        }
        if (pi != candidate) candidateWeight = 0;
        candidate = pi;
        candidateWeight += isCorrected ? CorrectedWeight : CleanWeight;
        if (candidateWeight < (Pi is null ? FirstPi : OtherPi)) return;
        if (Pi is not null) ClearProgramme();
        (Pi, candidateWeight) = (pi, 0);
    }

    private RdsGroupReading Interpret(in RdsGroup group, ushort flags, RdsGroupReading reading)
    {
        TrafficProgramme = (flags & 0x0400) != 0;
        ProgrammeType = flags >> 5 & 31;
        reading = reading with { TrafficProgramme = TrafficProgramme, ProgrammeType = ProgrammeType };
        return (flags >> 11) switch
        {
            0 or 1 => Basic(group, flags, reading),
            2 or 3 => Labels(group, reading),
            4 or 5 => Text2(group, reading),
            6 => reading with { Application = applications.Announce(group) },
            8 => Clock(group, reading),
            20 => TypeNameOf(group, flags, reading),
            28 or 29 => reading with { OtherNetwork = others.Accept(group, time) },
            31 => reading with { TrafficAnnouncement = TrafficAnnouncement = (flags >> 4 & 1) != 0 },
            _ => reading with { RadioTextPlus = applications.Accept(group, radioText.Whole) },
        };
    }

    // Group 0: tuning and switching (EN 50067 §3.1.5.1).
    private RdsGroupReading Basic(in RdsGroup group, ushort flags, RdsGroupReading reading)
    {
        (TrafficAnnouncement, Music) = ((flags >> 4 & 1) != 0, (flags >> 3 & 1) != 0);
        reading = reading with { TrafficAnnouncement = TrafficAnnouncement, Music = Music, Decoder = Identify(flags & 3, (flags >> 2 & 1) != 0) };
        if (group.IsVersionB == false)
        {
            if (group.C is not { } pair) alternatives.Miss();
            else if (alternatives.Accept(pair) is { } list)
                reading = AlternativeFrequencies.MethodB(list) is { } methodB ? reading with { Alternatives = methodB } : reading with { AlternativeFrequenciesHz = list };
        }
        if (group.D is { } characters)
        {
            name.Accept(flags & 3, characters, time);
            nameTime = time;
            reading = reading with { Ps = name.Whole };
        }
        return reading with { PartialPs = name.Partial };
    }

    // The four bits come one a segment, the last first (EN 50067 §3.2.1.5).
    private RdsDecoderIdentification Identify(int segment, bool bit)
    {
        decoder = segment switch
        {
            0 => decoder with { DynamicProgrammeType = bit },
            1 => decoder with { Compressed = bit },
            2 => decoder with { ArtificialHead = bit },
            _ => decoder with { Stereo = bit },
        };
        return segment switch
        {
            0 => new(null, null, null, bit),
            1 => new(null, null, bit, null),
            2 => new(null, bit, null, null),
            _ => new(bit, null, null, null),
        };
    }

    private RdsGroupReading Labels(in RdsGroup group, RdsGroupReading reading)
    {
        if (group.D is { } item)
        {
            labels.AcceptItem(item);
            reading = reading with { ProgrammeItem = SlowLabelling.ItemOf(item) };
        }
        if (group.IsVersionB == true || group.C is not { } label) return reading;
        labels.AcceptLabel(label);
        return reading with { ExtendedCountryCode = SlowLabelling.CountryOf(label), Language = SlowLabelling.LanguageOf(label) is { } code ? RdsCodes.Language(code) : null };
    }

    private RdsGroupReading Text2(in RdsGroup group, RdsGroupReading reading)
    {
        var before = radioText.Whole;
        radioText.Accept(group, time);
        textTime = time;
        if (radioText.Whole is null && before is not null) applications.DropTags();
        return reading with { RadioText = radioText.Whole, PartialRadioText = radioText.Partial };
    }

    private RdsGroupReading Clock(in RdsGroup group, RdsGroupReading reading)
    {
        if (RdsClock.Of(group) is not { } now) return reading;
        clock.Accept(now, (group.Corrected & 14) != 0, time);
        return reading with { ClockTime = now };
    }

    // Group 10A: two segments of four characters, and a flag that turns over with a new name (EN 50067 §3.1.5.13).
    private RdsGroupReading TypeNameOf(in RdsGroup group, ushort flags, RdsGroupReading reading)
    {
        if ((flags >> 4 & 1) != typeNameFlag) typeName.Clear();
        typeNameFlag = flags >> 4 & 1;
        if (group.C is { } c) typeName.Accept(2 * (flags & 1), c, time);
        if (group.D is { } d) typeName.Accept(2 * (flags & 1) + 1, d, time);
        if (!typeName.IsWhole(4)) return reading;
        var whole = typeName.Text(8, '_');
        if (typeName.IsConfirmed(4)) confirmedTypeName = whole;
        return reading with { ProgrammeTypeName = whole };
    }

    private Dictionary<string, int> GroupCounts()
    {
        var counts = new Dictionary<string, int>();
        for (var type = 0; type < groupsOfType.Length; type++)
            if (groupsOfType[type] > 0) counts[TypeName(type)] = groupsOfType[type];
        return counts;
    }

    private static string TypeName(int type) => (type >> 1).ToString(CultureInfo.InvariantCulture) + (type % 2 == 0 ? "A" : "B");
}
