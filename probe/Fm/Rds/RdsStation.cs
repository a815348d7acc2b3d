namespace SignalWatch.Fm.Rds;

/// <summary>Groups in, what the station says of itself out. Nothing is believed that was heard once.</summary>
internal sealed class RdsStation
{
    private readonly ProgrammeServiceName name = new();
    private readonly RadioText radioText = new();
    private readonly int[] groupsOfType = new int[32];
    private ushort candidate;
    private int candidateCount;

    /// <summary>The programme identification; null until it was received twice, the second time without another one in between.</summary>
    public ushort? Pi { get; private set; }

    /// <summary>The station's name, confirmed.</summary>
    public string? Ps => Pi is null ? null : name.Confirmed;

    /// <summary>What was received of the name.</summary>
    public string? PartialPs => name.Partial;

    /// <summary>The radio text, whole.</summary>
    public string? Text => Pi is null ? null : radioText.Text;

    /// <summary>Traffic programme flag; null until heard.</summary>
    public bool? TrafficProgramme { get; private set; }

    /// <summary>Programme type code, 0 to 31; null until heard.</summary>
    public int? ProgrammeType { get; private set; }

    /// <summary>Groups of which at least one block was received.</summary>
    public int Groups { get; private set; }

    /// <summary>Groups by type: index 2 × type, plus 1 for version B.</summary>
    public IReadOnlyList<int> GroupsOfType => groupsOfType;

    /// <summary>Takes a group.</summary>
    public void Accept(in RdsGroup group)
    {
        Groups++;
        if (group.B is { } b) groupsOfType[b >> 11]++;
        // Block C' repeats the PI in version B groups (EN 50067 §2.1).
        var heard = group.A ?? (group.IsVersionB == true ? group.C : null);
        if (heard is { } pi) Consider(pi, group.A.HasValue && group.CorrectedA);
        // A group of somebody else's PI is an error or another station: nothing of it belongs to this one.
        if (heard is { } other && Pi is { } known && other != known) return;
        if (group.B is { } flags) Interpret(group, flags);
    }

    /// <summary>What is known now.</summary>
    /// <param name="blockErrorRate">Share of the interval's blocks that came with errors.</param>
    public RdsReading Reading(double blockErrorRate) => new()
    {
        Pi = Pi, Ps = Ps, PartialPs = PartialPs, RadioText = Text, TrafficProgramme = TrafficProgramme, ProgrammeType = ProgrammeType, Groups = Groups, BlockErrorRate = blockErrorRate,
    };

    /// <summary>Forgets everything: the carrier went.</summary>
    public void Clear()
    {
        name.Clear();
        radioText.Clear();
        Array.Clear(groupsOfType);
        (Pi, TrafficProgramme, ProgrammeType, Groups, candidateCount) = (null, null, null, 0, 0);
    }

    private void Consider(ushort pi, bool corrected)
    {
        if (pi == Pi)
        {
            candidateCount = 0;
            return;
        }
        if (corrected) return;
        candidateCount = pi == candidate && candidateCount > 0 ? candidateCount + 1 : 1;
        candidate = pi;
        // A known PI takes one more to change than a first one to be believed: a false change reads like a pirate taking over.
        if (candidateCount < (Pi is null ? 2 : 3)) return;
        if (Pi is not null)
        {
            name.Clear();
            radioText.Clear();
        }
        (Pi, candidateCount) = (pi, 0);
    }

    private void Interpret(in RdsGroup group, ushort flags)
    {
        TrafficProgramme = (flags & 0x0400) != 0;
        ProgrammeType = flags >> 5 & 31;
        switch (group.Type)
        {
            case 0 when group.D is { } characters:
                name.Accept(flags & 3, characters);
                break;
            case 2:
                radioText.Accept(group);
                break;
        }
    }
}
