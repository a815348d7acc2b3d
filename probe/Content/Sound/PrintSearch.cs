using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SignalWatch.Content.Sound;

/// <summary>A place that sounds like the block.</summary>
/// <param name="LagHops">How long before, hops.</param>
/// <param name="Differing">Bits that differ.</param>
/// <param name="Compared">Bits that were compared.</param>
internal readonly record struct PrintMatch(long LagHops, int Differing, int Compared)
{
    public double ErrorRate => Compared == 0 ? 0.5 : (double)Differing / Compared;
}

/// <summary>The last 8 s of a track, ready to be looked for: its prints at each of the four shifts against the grid that is kept.</summary>
internal sealed class SoundBlock
{
    private readonly uint[] prints = new uint[SoundTrack.HopsInKept * SoundTrack.BlockPrints];
    private readonly int[] heard = new int[SoundTrack.BlockPrints];

    /// <summary>First hop.</summary>
    public long StartHop { get; private set; }

    public long EndHop => StartHop + SoundTrack.BlockHops;

    /// <summary>The places among the 64 where there was sound.</summary>
    public ReadOnlySpan<int> Heard => heard.AsSpan(0, HeardCount);

    public int HeardCount { get; private set; }

    /// <summary>Repeats itself within seconds: a hum, a drum loop, a call tone. It would be found everywhere.</summary>
    public bool IsMonotone { get; private set; }

    /// <summary>At least half of it is sound, and sound that can be told from other sound.</summary>
    public bool IsTelling => HeardCount >= SoundTrack.BlockPrints / 2 && !IsMonotone;

    public ReadOnlySpan<uint> Shifted(int hops) => prints.AsSpan(hops * SoundTrack.BlockPrints, SoundTrack.BlockPrints);

    /// <summary>Takes the block that the track has just completed.</summary>
    public void Take(SoundTrack track)
    {
        StartHop = track.NextHop - SoundTrack.BlockHops;
        HeardCount = 0;
        for (var i = 0; i < SoundTrack.BlockPrints; i++)
        {
            var hop = StartHop + SoundTrack.HopsInKept * i;
            if (track.TryRecent(hop, out _)) heard[HeardCount++] = i;
            for (var shift = 0; shift < SoundTrack.HopsInKept; shift++)
            {
                track.TryRecent(hop - shift, out var bits);
                prints[shift * SoundTrack.BlockPrints + i] = bits;
            }
        }
        IsMonotone = RepeatsWithin(track, fromSeconds: 0.5, toSeconds: 10);
    }

    private bool RepeatsWithin(SoundTrack track, double fromSeconds, double toSeconds)
    {
        const double sameAsItself = 0.25;
        for (var lag = (int)(fromSeconds / SoundTrack.HopSeconds); lag <= toSeconds / SoundTrack.HopSeconds; lag++)
        {
            var differing = 0;
            foreach (var i in Heard)
            {
                track.TryRecent(StartHop + SoundTrack.HopsInKept * i - lag, out var bits);
                differing += BitOperations.PopCount(bits ^ prints[i]);
            }
            if (differing < sameAsItself * 32 * HeardCount) return true;
        }
        return false;
    }
}

/// <summary>Looks for a block in all that is kept of a track, at every place: no index, so nothing that is on the air (few notes, one voice) can make it slow, large or blind.
/// Four shifts by 16 of its 64 prints against a day are 44 million comparisons of 32 bits; most end after the first few.</summary>
internal sealed class PrintSearch
{
    // Bits of unrelated sound agree by half, with a spread near 1/√(bits/2): 0.30 of 2048 bits is out of reach for chance, a true repeat in 20 dB of noise has 0.1 to 0.2.
    public const double SureErrorRate = 0.30;

    private const int Probes = 16;
    private const int MaxPlaces = 1 << 14;
    private readonly int[] probeAt = new int[Probes];
    private readonly uint[] probe = new uint[Probes];
    private readonly List<PrintMatch> places = [];
    private readonly List<PrintMatch> found = [];

    /// <summary>All places of a track where the block was heard before, the best of each second. The list is reused by the next call.</summary>
    /// <param name="block">What is looked for.</param>
    /// <param name="track">Where.</param>
    /// <param name="leastLagHops">Not nearer than this.</param>
    /// <param name="mostLagHops">Not longer ago than this.</param>
    /// <param name="shiftStep">1: at all four shifts; 2: at two of them, for half the time and a little less reach.</param>
    /// <param name="early">After how many of the probes a place is given up.</param>
    public IReadOnlyList<PrintMatch> Find(SoundBlock block, SoundTrack track, long leastLagHops, long mostLagHops, int shiftStep = 1, int early = 6)
    {
        places.Clear();
        found.Clear();
        var kept = track.Kept;
        for (var shift = 0; shift < SoundTrack.HopsInKept; shift += shiftStep)
        {
            // Print i of the shifted block, hop start + 4i − shift, lies on the kept print h + i of the track: the lag is start − shift − 4h.
            var from = Math.Max(CeilingDivide(block.StartHop - shift - mostLagHops, SoundTrack.HopsInKept) - track.FirstKept, 0);
            var to = Math.Min(FloorDivide(block.StartHop - shift - leastLagHops, SoundTrack.HopsInKept) - track.FirstKept + 1, kept.Length - SoundTrack.BlockPrints + 1);
            if (from >= to) continue;
            var prints = block.Shifted(shift);
            for (var j = 0; j < Probes; j++)
            {
                probeAt[j] = block.Heard[(j * 5 % Probes) * block.HeardCount / Probes]; // scattered, so that the first few span the block
                probe[j] = prints[probeAt[j]];
            }
            Scan(block, prints, kept, (int)from, (int)to, early, block.StartHop - shift - SoundTrack.HopsInKept * track.FirstKept);
        }
        KeepBestOfEachSecond();
        return found;
    }

    /// <summary>How like the sound that ends a track is to the sound a lag before on another (or the same).</summary>
    /// <param name="track">The track whose last half minute is compared.</param>
    /// <param name="hop">First hop.</param>
    /// <param name="prints">So many prints, each 125 ms.</param>
    /// <param name="other">Where it was heard before.</param>
    /// <param name="lagHops">How long before.</param>
    public static PrintMatch Compare(SoundTrack track, long hop, int prints, SoundTrack other, long lagHops)
    {
        var shift = (int)((hop - lagHops) & (SoundTrack.HopsInKept - 1));
        var at = (hop - shift - lagHops) / SoundTrack.HopsInKept - other.FirstKept;
        var kept = other.Kept;
        int differing = 0, compared = 0;
        for (var i = 0; i < prints; i++)
        {
            var place = at + i;
            if (place < 0 || place >= kept.Length || !track.TryRecent(hop - shift + SoundTrack.HopsInKept * i, out var bits)) continue;
            differing += BitOperations.PopCount(bits ^ kept[(int)place]);
            compared += 32;
        }
        return new PrintMatch(lagHops, differing, compared);
    }

    private void Scan(SoundBlock block, ReadOnlySpan<uint> prints, ReadOnlySpan<uint> kept, int from, int to, int early, long lagOfFirst)
    {
        // Six probes are 192 bits; a true place has at most 0.30 on the whole and 0.38 on any six, unrelated sound comes there once in hundreds.
        var earlyLimit = (int)(0.38 * 32 * early);
        var limit = (int)(0.34 * 32 * Probes);
        var h = from;
        ref var first = ref MemoryMarshal.GetReference(kept);
        if (Avx2.IsSupported)
        {
            var bound = Vector256.Create(earlyLimit + 1);
            for (; h <= to - Vector256<uint>.Count; h += Vector256<uint>.Count)
            {
                var sums = Differing(ref first, h, 0, early, Vector256<byte>.Zero);
                if (Vector256.LessThan(Lanes(sums), bound) == Vector256<int>.Zero) continue;
                var all = Lanes(Differing(ref first, h, early, Probes, sums));
                for (var lane = 0; lane < Vector256<int>.Count; lane++)
                    if (all[lane] <= limit) Weigh(block, prints, kept, h + lane, lagOfFirst);
            }
        }
        for (; h < to; h++)
        {
            var differing = 0;
            for (var j = 0; j < Probes && (j != early || differing <= earlyLimit); j++) differing += BitOperations.PopCount(kept[h + probeAt[j]] ^ probe[j]);
            if (differing <= limit) Weigh(block, prints, kept, h, lagOfFirst);
        }
    }

    // Counts of differing bits, byte by byte: 16 probes of at most 8 bits a byte stay below 255, so that the bytes of a lane are added up only once.
    private Vector256<byte> Differing(ref uint first, int h, int fromProbe, int toProbe, Vector256<byte> counts)
    {
        var bitsOfNibble = Vector256.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var nibble = Vector256.Create((byte)0x0F);
        for (var j = fromProbe; j < toProbe; j++)
        {
            var x = Vector256.LoadUnsafe(ref first, (nuint)(h + probeAt[j])) ^ Vector256.Create(probe[j]);
            var low = x.AsByte() & nibble;
            var high = Vector256.ShiftRightLogical(x, 4).AsByte() & nibble;
            counts += Avx2.Shuffle(bitsOfNibble, low) + Avx2.Shuffle(bitsOfNibble, high);
        }
        return counts;
    }

    private static Vector256<int> Lanes(Vector256<byte> counts) =>
        Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(counts, Vector256<sbyte>.One), Vector256<short>.One);

    private void Weigh(SoundBlock block, ReadOnlySpan<uint> prints, ReadOnlySpan<uint> kept, int h, long lagOfFirst)
    {
        if (places.Count == MaxPlaces) return;
        var differing = 0;
        foreach (var i in block.Heard) differing += BitOperations.PopCount(prints[i] ^ kept[h + i]);
        var match = new PrintMatch(lagOfFirst - SoundTrack.HopsInKept * (long)h, differing, 32 * block.HeardCount);
        if (match.ErrorRate <= SureErrorRate) places.Add(match);
    }

    private void KeepBestOfEachSecond()
    {
        const int second = (int)(1 / SoundTrack.HopSeconds);
        places.Sort(static (a, b) => a.LagHops.CompareTo(b.LagHops));
        foreach (var place in places)
        {
            if (found.Count == 0 || place.LagHops - found[^1].LagHops > second) found.Add(place);
            else if (place.Differing < found[^1].Differing) found[^1] = place;
        }
    }

    private static long FloorDivide(long a, long b) => (a - (a % b + b) % b) / b;

    private static long CeilingDivide(long a, long b) => FloorDivide(a + b - 1, b);
}
