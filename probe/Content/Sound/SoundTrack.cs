namespace SignalWatch.Content.Sound;

/// <summary>A day of prints of one carrier on the time of day. Indexes count from the year 1: hops of 31.25 ms, of which every fourth is kept for the day (32 bytes a second,
/// 2.8 MB a day) and the last half minute whole, so that a search can shift what was just heard by quarters of what is kept.</summary>
internal sealed class SoundTrack
{
    public const int HopsInKept = 4;
    public const double KeptSeconds = 0.125;
    public const double HopSeconds = KeptSeconds / HopsInKept;
    public const int BlockPrints = 64;
    public const int BlockHops = BlockPrints * HopsInKept;
    public const int RecentHops = 1024;

    private const long TicksInHop = (long)(HopSeconds * TimeSpan.TicksPerSecond);
    private const int KeptInHour = 8 * 3600;
    private const int DayPrints = 24 * KeptInHour;

    // Sample clocks and time stamps differ by parts in 10⁵: below a quarter of a second that is drift and jitter, above it sound is missing (or was counted twice).
    private const int JitterHops = 8;
    private const int ClockStepHops = 320;

    private readonly SoundFingerprinter fingerprinter;
    private readonly Action<SoundTrack> onBlock;
    private readonly uint[] recent = new uint[RecentHops];
    private readonly bool[] recentHeard = new bool[RecentHops];
    private readonly uint salt;
    private uint[] kept = new uint[KeptInHour];
    private int keptCount;
    private long skip;
    private bool started;

    /// <param name="frequencyHz">The carrier.</param>
    /// <param name="onBlock">Called when 8 s on the grid of the day are complete, heard or not.</param>
    public SoundTrack(long frequencyHz, Action<SoundTrack> onBlock)
    {
        FrequencyHz = frequencyHz;
        this.onBlock = onBlock;
        salt = Scramble((uint)frequencyHz ^ 0x9E3779B9u);
        fingerprinter = new SoundFingerprinter(Add);
    }

    public long FrequencyHz { get; }

    /// <summary>The hop that comes next.</summary>
    public long NextHop { get; private set; }

    /// <summary>Index of the first print that is kept.</summary>
    public long FirstKept { get; private set; }

    /// <summary>The day, oldest first; the first of them has the index <see cref="FirstKept"/>.</summary>
    public ReadOnlySpan<uint> Kept => kept.AsSpan(0, keptCount);

    public long BadSamples => fingerprinter.BadSamples;

    public long MemoryBytes => 4L * kept.Length + 5L * RecentHops;

    public static DateTimeOffset TimeOf(long hop) => new(Math.Clamp(hop * TicksInHop, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);

    public void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, DateTimeOffset endsAt)
    {
        var samples = Math.Min(left.Length, right.Length);
        var startTicks = endsAt.UtcTicks - (samples + fingerprinter.PendingSamples) * TimeSpan.TicksPerSecond / SoundFingerprinter.SampleRateHz;
        Align(Math.Max(0, startTicks) / TicksInHop);
        fingerprinter.Add(left, right);
    }

    /// <summary>The print of the next hop.</summary>
    public void Add(SoundPrint print)
    {
        if (skip < 0) skip++;
        else Store(print.Bits, print.IsHeard);
    }

    /// <summary>Sound is missing: what comes next begins anew.</summary>
    public void Gap() => fingerprinter.Reset();

    /// <summary>The print of a hop of the last half minute.</summary>
    /// <returns>False where nothing was heard, or where it is longer ago.</returns>
    public bool TryRecent(long hop, out uint bits)
    {
        var at = (int)(hop & (RecentHops - 1));
        bits = recent[at];
        return hop < NextHop && hop >= NextHop - RecentHops && recentHeard[at];
    }

    private void Align(long hop)
    {
        if (!started)
        {
            started = true;
            Begin(hop);
            return;
        }
        var ahead = hop - (NextHop + skip);
        if (Math.Abs(ahead) <= JitterHops) return;
        if (ahead < -ClockStepHops || ahead > (long)DayPrints * HopsInKept)
        {
            Begin(hop); // the clock was set, or a day is missing: nothing that is kept can be compared
            return;
        }
        fingerprinter.Reset();
        skip = 0;
        if (hop < NextHop) skip = hop - NextHop;
        while (NextHop < hop) Store(0, heard: false);
    }

    private void Begin(long hop)
    {
        fingerprinter.Reset();
        Array.Clear(recentHeard);
        NextHop = hop;
        FirstKept = (hop + HopsInKept - 1) / HopsInKept;
        (keptCount, skip) = (0, 0);
    }

    private void Store(uint bits, bool heard)
    {
        var hop = NextHop++;
        var at = (int)(hop & (RecentHops - 1));
        // Where nothing was heard stands noise of the carrier's own, which is like nothing else: a search needs no second array to know.
        recent[at] = heard ? bits : Scramble((uint)hop * 0x85EBCA6Bu + salt);
        recentHeard[at] = heard;
        if (hop % HopsInKept == 0) Keep(recent[at]);
        if (NextHop % BlockHops == 0) onBlock(this);
    }

    private void Keep(uint bits)
    {
        if (keptCount == DayPrints + KeptInHour)
        {
            kept.AsSpan(KeptInHour).CopyTo(kept);
            keptCount -= KeptInHour;
            FirstKept += KeptInHour;
        }
        if (keptCount == kept.Length) Array.Resize(ref kept, Math.Min(2 * kept.Length, DayPrints + KeptInHour));
        kept[keptCount++] = bits;
    }

    private static uint Scramble(uint x)
    {
        x = (x ^ x >> 16) * 0x7FEB352Du;
        x = (x ^ x >> 15) * 0x846CA68Bu;
        return x ^ x >> 16;
    }
}
