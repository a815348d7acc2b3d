namespace SignalWatch.Fm.Rds;

/// <summary>Bits in, groups out: finds where blocks begin by their offset words, holds on through errors, corrects bursts of at most two bits.</summary>
internal sealed class RdsBlockSync
{
    // Above this many bad blocks in the last 50 nothing tells the stream from noise any more. In noise 5 % of blocks pass after correction, so 47 is what noise gives.
    private const int Window = 50;
    private const int MaxBadInWindow = 44;

    // Bits kept for looking back: three groups. When sync is found, what came before it is decoded too.
    private const int HistoryBits = 3 * RdsCode.GroupBits;

    private readonly bool[] history = new bool[HistoryBits];
    private readonly float[] strength = new float[HistoryBits];
    private readonly long[] lastHit = new long[RdsCode.GroupBits];
    private readonly int[] hits = new int[RdsCode.GroupBits];
    private readonly Action<RdsGroup> onGroup;
    private long bits;
    private long decodedUpTo;
    private int phase = -1;
    private ulong outcomes;
    private int outcomeCount;
    private int badInARow;
    private RdsGroup group;

    public RdsBlockSync(Action<RdsGroup> onGroup)
    {
        this.onGroup = onGroup;
        Reset();
    }

    /// <summary>Whether the beginning of blocks is known.</summary>
    public bool Synchronised => phase >= 0;

    /// <summary>Blocks that were due since the start.</summary>
    public long Blocks { get; private set; }

    /// <summary>Of these, blocks with an error, corrected or not.</summary>
    public long BlocksWithErrors { get; private set; }

    /// <summary>Forgets bits and sync; the counts stay.</summary>
    public void Reset()
    {
        bits = decodedUpTo = 0;
        Array.Fill(lastHit, long.MinValue / 2);
        Array.Clear(hits);
        LoseSync();
    }

    /// <summary>Takes the next bit.</summary>
    /// <param name="bit">After differential decoding.</param>
    /// <param name="reliability">How far its weaker symbol was from the threshold, in any unit that stays the same.</param>
    public void Accept(bool bit, float reliability)
    {
        var at = (int)(bits % HistoryBits);
        (history[at], strength[at]) = (bit, reliability);
        bits++;
        if (bits < RdsCode.BlockBits) return;
        LookForSync();
        if (phase < 0) return;
        var since = (int)((bits - phase) % RdsCode.GroupBits);
        if (since % RdsCode.BlockBits == 0 && bits > decodedUpTo) DecodeBlock(bits, (since / RdsCode.BlockBits + 3) % 4, correct: true);
    }

    private void LookForSync()
    {
        var remainder = RdsCode.Remainder(Word(bits));
        var block = remainder == RdsCode.OffsetCPrime ? 2 : RdsCode.OffsetWords.IndexOf(remainder);
        if (block < 0) return;
        var candidate = (int)((bits - RdsCode.BlockBits * (block + 1) + RdsCode.GroupBits) % RdsCode.GroupBits);
        var gap = bits - lastHit[candidate];
        lastHit[candidate] = bits;
        hits[candidate] = gap <= 2 * RdsCode.GroupBits ? hits[candidate] + 1 : 1;
        if (candidate == phase) return;
        // Two offset words in the right order one block apart: noise does that once in three minutes. Three of them with gaps: likewise rare.
        var found = gap == RdsCode.BlockBits || hits[candidate] >= 3;
        if (!found || (phase >= 0 && badInARow < 8)) return;
        LoseSync();
        phase = candidate;
        LookBack();
    }

    // What is in the history is decoded now that its blocks are known; without correction, since the symbol timing was still settling.
    private void LookBack()
    {
        var oldest = Math.Max(decodedUpTo, Math.Max(0, bits - HistoryBits));
        for (var end = bits - RdsCode.BlockBits * ((bits - oldest) / RdsCode.BlockBits - 1); end < bits; end += RdsCode.BlockBits)
            DecodeBlock(end, (int)((end - phase) % RdsCode.GroupBits / RdsCode.BlockBits + 3) % 4, correct: false);
        (outcomes, outcomeCount, badInARow) = (0, 0, 0);
    }

    private void DecodeBlock(long end, int block, bool correct)
    {
        decodedUpTo = end;
        var word = Word(end);
        var remainder = RdsCode.Remainder(word);
        var offset = RdsCode.OffsetWords[block];
        if (block == 2 && (remainder == RdsCode.OffsetCPrime || group.IsVersionB == true)) offset = RdsCode.OffsetCPrime;
        var error = remainder ^ offset;
        ushort? data = error == 0 ? (ushort)(word >> 10) : null;
        var corrected = false;
        if (error != 0 && correct && RdsCode.Burst(error) is var burst and not 0 && IsPlausible(end, burst))
        {
            data = (ushort)((word ^ burst) >> 10);
            corrected = true;
        }
        group = block switch
        {
            0 => new RdsGroup(data, null, null, null, corrected),
            1 => group with { B = data },
            2 => group with { C = data },
            _ => group with { D = data },
        };
        if (correct || error == 0) Count(error != 0);
        if (block != 3) return;
        if (group.Received > 0) onGroup(group);
        group = default;
    }

    // One wrong symbol turns over two neighbouring bits (differential coding, EN 50067 §1.6), or one at the edge of a block.
    // A true error sits where the reception was weak: a burst on strong bits is a chance fit of a block with more errors.
    private bool IsPlausible(long end, uint burst)
    {
        var weakest = float.MaxValue;
        for (var bit = 0; bit < RdsCode.BlockBits; bit++)
            if ((burst >> bit & 1) != 0) weakest = Math.Min(weakest, strength[(end - 1 - bit) % HistoryBits]);
        var weaker = 0;
        for (var bit = 0; bit < RdsCode.BlockBits; bit++)
            if (strength[(end - 1 - bit) % HistoryBits] < weakest) weaker++;
        return weaker < 8;
    }

    private void Count(bool bad)
    {
        Blocks++;
        if (bad) BlocksWithErrors++;
        badInARow = bad ? badInARow + 1 : 0;
        outcomes = (outcomes << 1 | (bad ? 1u : 0u)) & ((1UL << Window) - 1);
        outcomeCount = Math.Min(outcomeCount + 1, Window);
        if (outcomeCount == Window && System.Numerics.BitOperations.PopCount(outcomes) > MaxBadInWindow) LoseSync();
    }

    private void LoseSync()
    {
        phase = -1;
        group = default;
        (outcomes, outcomeCount, badInARow) = (0, 0, 0);
    }

    private uint Word(long end)
    {
        uint word = 0;
        for (var n = end - RdsCode.BlockBits; n < end; n++) word = word << 1 | (history[n % HistoryBits] ? 1u : 0u);
        return word;
    }
}
