namespace SignalWatch.Content.Sound;

/// <summary>Remembers a day of the sound of each carrier of a probe, as prints that no speech can be made from again, and says what repeats: in the carrier's own programme, and on other carriers.</summary>
/// <remarks>
/// Not for several threads at once. Deterministic: the same sound at the same times gives the same findings. Every 8 s of sound are looked for in the whole day, with no index, so that time and memory
/// depend on nothing that is sent: 2.9 MB a carrier and day, 64 carriers at most.
/// What it holds is in memory only. After a restart a loop is found again when it has come round three times from then on, and the share of repeated time is back after 30 min; nothing wrong is said meanwhile.
/// Sound whose channels are opposite in phase adds up to silence and is not heard.
/// </remarks>
public sealed class SoundMemory
{
    /// <summary>Carriers that are remembered at once. Sound of further ones is counted and passed over until others are forgotten.</summary>
    public const int MostCarriers = 64;

    private const int MostSameSounds = 32;

    private readonly SortedDictionary<long, Carrier> carriers = [];
    private readonly List<SoundTrack> tracks = [];
    private readonly SameSoundFinder sameSound = new();
    private readonly PrintSearch search = new();
    private readonly SoundBlock block = new();
    private readonly Action<SoundTrack> onBlock;

    /// <summary>Remembers nothing yet.</summary>
    public SoundMemory() => onBlock = Take;

    /// <summary>Blocks of sound that were passed over because <see cref="MostCarriers"/> are remembered already.</summary>
    public long PassedOver { get; private set; }

    /// <summary>Memory for prints, bytes.</summary>
    public long MemoryBytes => tracks.Sum(t => t.MemoryBytes);

    /// <summary>Takes sound of a carrier as it is received, in blocks of any size.</summary>
    /// <param name="carrierHz">The carrier's nominal frequency, Hz: the name it is remembered by.</param>
    /// <param name="left">Left, 32 kHz, full scale ±1 for 75 kHz deviation.</param>
    /// <param name="right">Right, of the same length; for mono the same.</param>
    /// <param name="endsAt">When the last sample was received. Sound that is missing between two calls shows in it (from ¼ s on) and counts as a gap; a step back of the clock by more than 10 s
    /// begins the carrier anew.</param>
    /// <exception cref="ArgumentException">The channels have different lengths.</exception>
    public void Add(long carrierHz, ReadOnlySpan<float> left, ReadOnlySpan<float> right, DateTimeOffset endsAt)
    {
        if (left.Length != right.Length) throw new ArgumentException($"left has {left.Length} samples, right {right.Length}", nameof(right));
        if (!carriers.TryGetValue(carrierHz, out var carrier))
        {
            if (carriers.Count == MostCarriers)
            {
                PassedOver++;
                return;
            }
            carriers[carrierHz] = carrier = new Carrier(new SoundTrack(carrierHz, onBlock), new LoopFinder());
            ListTracks();
        }
        carrier.Track.Add(left, right, endsAt);
    }

    /// <summary>Samples of a carrier were lost: prints that reach over the hole are not made.</summary>
    public void Gap(long carrierHz)
    {
        if (carriers.TryGetValue(carrierHz, out var carrier)) carrier.Track.Gap();
    }

    /// <summary>Forgets all of a carrier, its findings and those of others with it.</summary>
    public void Forget(long carrierHz)
    {
        if (!carriers.Remove(carrierHz)) return;
        ListTracks();
        sameSound.Forget(carrierHz);
        ForgetFindings();
    }

    /// <summary>What the carrier's sound shows so far; made anew with every 8 s of sound, kept between.</summary>
    public SoundFindings Findings(long carrierHz)
    {
        if (!carriers.TryGetValue(carrierHz, out var carrier)) return SoundFindings.None;
        return carrier.Findings ??= Collect(carrier);
    }

    private void Take(SoundTrack track)
    {
        block.Take(track);
        var carrier = carriers[track.FrequencyHz];
        carrier.Loops.Take(block, track, search);
        sameSound.Take(block, track, tracks, search);
        ForgetFindings();
    }

    // A match concerns both carriers.
    private void ForgetFindings()
    {
        foreach (var carrier in carriers.Values) carrier.Findings = null;
    }

    private SoundFindings Collect(Carrier carrier)
    {
        var frequencyHz = carrier.Track.FrequencyHz;
        var loops = carrier.Loops.Findings();
        return new SoundFindings(
            loops.Count == 0 ? 0 : loops[0].Times, loops.Count == 0 ? 0 : loops[0].Seconds, sameSound.SameAs(frequencyHz), loops, sameSound.Findings(frequencyHz, MostSameSounds), carrier.Loops.HeardSeconds);
    }

    private void ListTracks()
    {
        tracks.Clear();
        foreach (var carrier in carriers.Values) tracks.Add(carrier.Track);
    }

    private sealed class Carrier(SoundTrack track, LoopFinder loops)
    {
        public SoundTrack Track { get; } = track;

        public LoopFinder Loops { get; } = loops;

        public SoundFindings? Findings { get; set; }
    }
}
