using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>What is remembered of one frequency from reading to reading.</summary>
internal sealed class CarrierMemory(long frequencyHz)
{
    // Silence of a programme: longer, and it is a carrier without one.
    private const double PauseSeconds = 60;

    private bool? pending;
    private DateTimeOffset pendingSince;
    private double pendingSeconds;
    private bool pendingUnseen;
    private double unmodulatedSeconds;

    public long FrequencyHz => frequencyHz;

    public SuspicionTrack Track { get; } = new(frequencyHz);

    public SignatureComparison Comparison { get; } = new();

    public ModulationTrail Trail { get; } = new();

    /// <summary>Whether it is on the air, short fades apart; null where that is not known yet.</summary>
    public bool? IsOn { get; private set; }

    public bool WasModulated { get; set; }

    public CarrierStatus Status { get; set; }

    /// <summary>It was on the air while the receiver was not overloaded.</summary>
    public bool SeenClear { get; set; }

    /// <summary>The check that explained it, until a fact speaks against.</summary>
    public ExclusionCheck? Explained { get; set; }

    /// <summary>It could be a product, and that is being found out.</summary>
    public PendingProduct Product { get; } = new();

    public double OffAirSeconds { get; private set; }

    public double ExcessSeconds { get; set; }

    /// <summary>The turn that it was in a reading last.</summary>
    public long LastTurn { get; set; }

    /// <summary>What its on/off history shows, and of which version of the history.</summary>
    public (long Version, long Hour, IReadOnlyList<ScoreReason> Reasons)? Patterns { get; set; }

    /// <summary>Takes the state from the history after a restart.</summary>
    public void Restore(bool? isOn) => IsOn = isOn;

    /// <summary>Whether this reading begins a change of state.</summary>
    public bool Changes(bool onAir) => onAir != (pending ?? IsOn ?? false);

    /// <summary>Follows the carrier. A change counts once it has lasted longer than a fade, from the time that it began.</summary>
    /// <param name="onAir">Whether it is on the air.</param>
    /// <param name="seconds">Time that was watched, s.</param>
    /// <param name="at">The end of that time.</param>
    /// <param name="unseen">When the change happened can't be said, or the receiver was its cause.</param>
    /// <param name="gap">Before this reading nobody watched for a while.</param>
    /// <returns>An edge, where one is certain.</returns>
    public OnOffEdge? Follow(bool onAir, double seconds, DateTimeOffset at, bool unseen, bool gap)
    {
        OffAirSeconds = onAir ? 0 : OffAirSeconds + seconds;
        if (OffAirSeconds > SuspicionTrack.ForgivenSeconds) Forget();
        if (onAir == IsOn) pending = null;
        else if (pending != onAir) (pending, pendingSince, pendingSeconds, pendingUnseen) = (onAir, at - TimeSpan.FromSeconds(seconds), seconds, unseen || gap);
        else (pendingSeconds, pendingUnseen) = (pendingSeconds + seconds, pendingUnseen || gap);
        if (pending is null || pendingSeconds < SuspicionTrack.ForgivenSeconds) return null;
        var wasKnown = IsOn is not null;
        (IsOn, pending) = (onAir, null);
        // A carrier that was never seen on the air has no history of being off.
        return !onAir && !wasKnown ? null : new OnOffEdge(frequencyHz, pendingSince, onAir) { AfterGap = pendingUnseen };
    }

    /// <summary>Status of a carrier that nobody is licensed for, by its modulation.</summary>
    public CarrierStatus ByModulation(bool? modulated, double seconds)
    {
        unmodulatedSeconds = modulated switch { true => 0, false => unmodulatedSeconds + seconds, null => unmodulatedSeconds };
        WasModulated = modulated == true || (WasModulated && unmodulatedSeconds <= PauseSeconds);
        return WasModulated ? CarrierStatus.Unregistered : modulated == false ? CarrierStatus.CarrierOnly : CarrierStatus.Unknown;
    }

    private void Forget()
    {
        (WasModulated, SeenClear, Explained, ExcessSeconds, unmodulatedSeconds) = (false, false, null, 0, 0);
        Comparison.Reset();
        Product.Forget();
    }
}

/// <summary>One carrier of the present reading, while it is being judged.</summary>
internal sealed class Subject(CarrierReading carrier, CarrierMemory memory)
{
    // The FM broadcast band of China (GB/T 4311).
    private const long LowestHz = 87_000_000, HighestHz = 108_000_000;

    public CarrierReading Carrier => carrier;

    public CarrierMemory Memory => memory;

    public long NominalHz => carrier.NominalHz;

    public bool IsInBand => NominalHz is >= LowestHz and <= HighestHz;

    public RegisterAnswer Answer { get; init; }

    /// <summary>The entry, if it is valid today.</summary>
    public FmLicence? Licence { get; init; }

    /// <summary>The entry that is not.</summary>
    public FmLicence? Lapsed { get; init; }

    public StationSignature? Signature { get; init; }

    public ContentFindings Content { get; init; } = ContentFindings.None;

    public double? FieldDbuvm { get; init; }

    public double? OverspillExcessDb => Licence is { Class: LicenceClass.Overspill, MaxLevelDbuvm: { } most } ? FieldDbuvm - most : null;

    public CarrierStatus Status { get; set; }

    /// <summary>The carriers that it could be a product of, which is not decided yet.</summary>
    public IReadOnlyList<long> PendingParentsHz { get; set; } = [];

    /// <summary>That is not decided yet: nobody is accused.</summary>
    public bool IsPending => PendingParentsHz.Count > 0;

    public double? OffsetHz { get; set; }

    public double? LevelJumpDb { get; set; }

    public SignatureFinding? Finding { get; set; }

    public List<ExclusionCheck> Exclusions { get; } = [];

    public List<ScoreReason> Reasons { get; } = [];

    public bool IsUnlicensed => Licence is null && Status is CarrierStatus.Unregistered or CarrierStatus.CarrierOnly;
}
