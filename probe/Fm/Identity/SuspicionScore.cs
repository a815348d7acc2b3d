using SignalWatch.Contracts;

namespace SignalWatch.Fm.Identity;

/// <summary>The codes of the reasons, and their points. No standard has such a table: the points are house defaults, each with its ground. What is alone under 50 is a hint;
/// a frequency that nobody is licensed for needs one more reason to pass that.</summary>
internal static class SuspicionScore
{
    // The only fact that the law itself names (条例 §47): no licence, no right to transmit.
    public static readonly (string Code, int Points) NotInRegister = ("not-in-register", 40);

    // Carriers without modulation are spurs, tests and transmitters that warm up: a hint.
    public static readonly (string Code, int Points) UnmodulatedCarrier = ("unmodulated-carrier", 10);

    // A PI belongs to one station; but registers are wrong at times, so it does not suffice alone.
    public static readonly (string Code, int Points) SignaturePi = ("signature-pi", 30);

    // Names change with a keystroke in the studio.
    public static readonly (string Code, int Points) SignaturePs = ("signature-ps", 10);

    // A stereo coder fails, or is bypassed, without anybody being a pirate.
    public static readonly (string Code, int Points) SignaturePilot = ("signature-pilot", 10);

    // Licensed exciters keep 2 kHz (RR appendix 2); cheap transmitters do not.
    public static readonly (string Code, int Points) SignatureOffset = ("signature-offset", 15);

    // Reserve transmitters, antenna work and propagation change levels too.
    public static readonly (string Code, int Points) SignatureLevel = ("signature-level", 10);

    // Nobody is licensed off the raster.
    public static readonly (string Code, int Points) OffRaster = ("off-raster", 15);

    // Licensed stations over-deviate too, but seldom.
    public static readonly (string Code, int Points) OverDeviation = ("over-deviation", 10);

    // Advert loops are what black broadcasts are made of (FM-02); licensed programmes do not repeat a minute three times a day.
    public static readonly (string Code, int Points) ContentLoop = ("content-loop", 30);

    // On and off at night by a timer (FM-03): most known cases; licensed stations pause at night, they do not begin there.
    public static readonly (string Code, int Points) Schedule = ("schedule", 15);

    // One operator, several transmitters (FM-05).
    public static readonly (string Code, int Points) SameSound = ("same-sound", 15);

    // Two transmitters on one timer (FM-06).
    public static readonly (string Code, int Points) CoSwitching = ("co-switching", 15);

    // An encoder may be broken.
    public static readonly (string Code, int Points) RdsMissing = ("rds-missing-where-licensed", 10);

    // A transmitter without an output filter; and a danger to aircraft (FM-08).
    public static readonly (string Code, int Points) Spurious = ("spurious-108-137", 20);

    // Ducting over the sea does it too (FM-16).
    public static readonly (string Code, int Points) OverspillExcess = ("overspill-excess", 10);

    // Exonerating: what is explained is nobody's transmission, whatever else speaks against it.
    public static readonly (string Code, int Points) ByImage = ("explained-by-image", -100);
    public static readonly (string Code, int Points) ByIntermodulation = ("explained-by-intermodulation", -100);
    public static readonly (string Code, int Points) OverspillExpected = ("overspill-expected", -100);

    // A test may change whatever a signature is made of.
    public static readonly (string Code, int Points) TestLicence = ("test-licence", -40);

    // Undetermined: as much as being unregistered brings.
    public static readonly (string Code, int Points) Overload = ("overload", -40);

    // Undetermined as well, until it is found out.
    public static readonly (string Code, int Points) IntermodulationPending = ("intermodulation-pending", -40);

    // A station far away is heard when the licensed one is silent: as much as its PI brings.
    public static readonly (string Code, int Points) WeakerThanLearnt = ("weaker-than-learnt", -30);

    // No points: says why nobody is accused.
    public static readonly (string Code, int Points) RegisterUnknown = ("register-unknown", 0);

    public static ScoreReason With(this (string Code, int Points) entry, Text sentence) => new(entry.Code, entry.Points, sentence);

    /// <summary>The sum within 0 and 100.</summary>
    public static int Of(IEnumerable<ScoreReason> reasons) => Math.Clamp(reasons.Sum(r => r.Points), 0, 100);
}
