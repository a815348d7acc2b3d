using System.Collections.Immutable;

namespace SignalWatch.Fm.Rds;

/// <summary>Symbols in, groups out: finds where blocks begin by their offset words, holds on through errors, and accepts a block only where its probability is known to be high.</summary>
internal sealed class RdsBlockSync
{
    // Symbols kept for looking back: ten groups. When sync is found, what came before it is decoded too.
    private const int HistorySymbols = 10 * RdsCode.GroupBits;

    // What one block says for or against a beginning of blocks, by the least number of wrong symbols that explains its remainder: ln P(blocks) / P(noise).
    // Of 1024 remainders 1, 27, 351 and 645 need 0, 1, 2 and 3; of blocks with 1.3 % wrong symbols 70, 25, 4 and 1 %. For one wrong symbol less than that (2.2):
    // one symbol at a block's edge makes A of B and D of A, and a beginning that is a block off must not look right in a clean signal.
    private static readonly ImmutableArray<float> Score = [6.6f, 1.5f, -2.0f, -4.2f];

    // Noise tries some 5000 times a second; exp(-19) of them reach this: less than once in eight hours.
    private const float Found = 19;

    // Held for twenty blocks of noise, for ever at a symbol error rate of 6 %.
    private const float MostScore = 60;

    // A block is accepted where all else together is less probable than this. Few blocks come near the limit: of those accepted at 14 dB (2 kHz of RDS) 1 of 9768 was wrong, from 16 dB on none of 43,356.
    private const double MaxDoubt = 5e-4;

    // How often symbols obey neither code nor noise: a lost symbol, a burst. Far oftener where sync is young, so that carrier and timing were settling, or is being lost.
    private const double Junk = 1e-4;
    private const double JunkInDoubt = 0.03;
    private const float Doubtful = 30;

    // A confirmed PI is repeated in all but a few blocks A; while sync is being lost it is noise that is compared with it.
    private const double SamePi = 0.99;
    private const double JunkBesidePi = 1e-2;

    // exp(-16) times the few nearest blocks is far below the doubt allowed: no trellis needed.
    private const float ClearMargin = 16;

    private readonly float[] history = new float[HistorySymbols];
    private readonly float[] scores = new float[RdsCode.GroupBits];
    private readonly float[] block = new float[RdsCode.BlockSymbols];
    private readonly RdsBlockDecoder decoder = new();
    private readonly Action<RdsGroup> onGroup;
    private long symbols;
    private long decodedUpTo;
    private long acceptedUpTo;
    private uint word;
    private bool lastNegative;
    private int phase = -1;
    private RdsGroup group;
    private bool isOpen;
    private double noise = 1;
    private double amplitude;
    private ushort? lastPi;
    private ushort? knownPi;

    public RdsBlockSync(Action<RdsGroup> onGroup)
    {
        this.onGroup = onGroup;
        Reset();
    }

    /// <summary>Whether the beginning of blocks is known.</summary>
    public bool Synchronised => phase >= 0;

    /// <summary>Blocks that were due since the start.</summary>
    public long Blocks { get; private set; }

    /// <summary>Of these, blocks that did not come as they were sent, corrected or not.</summary>
    public long BlocksWithErrors { get; private set; }

    /// <summary>While a group is given out: symbols from the last reset to the group's beginning.</summary>
    public long GroupStart { get; private set; }

    /// <summary>Forgets symbols and sync; the counts stay.</summary>
    public void Reset()
    {
        (symbols, decodedUpTo, acceptedUpTo, word, lastNegative) = (0, 0, 0, 0, false);
        Array.Clear(scores);
        LoseSync();
    }

    /// <summary>Takes the next symbol.</summary>
    /// <param name="symbol">Its value after carrier recovery: ± an amplitude, and noise.</param>
    /// <param name="meanAmplitude">The amplitude of symbols without noise, in the same unit.</param>
    /// <param name="noiseVariance">Variance of the noise on <paramref name="symbol"/>.</param>
    public void Accept(float symbol, double meanAmplitude, double noiseVariance)
    {
        history[(int)(symbols++ % HistorySymbols)] = symbol;
        (amplitude, noise) = (meanAmplitude, noiseVariance);
        word = (word << 1 | (symbol < 0 != lastNegative ? 1u : 0)) & ((1u << RdsCode.BlockBits) - 1);
        lastNegative = symbol < 0;
        if (symbols < RdsCode.BlockSymbols) return;
        LookForSync();
        if (phase < 0) return;
        var since = (int)((symbols - phase) % RdsCode.GroupBits);
        if (since % RdsCode.BlockBits == 0 && symbols > decodedUpTo) DecodeBlock(symbols, (since / RdsCode.BlockBits + 3) % 4, count: true);
    }

    // Each block is evidence for or against each of the four places in a group that it might have: a cumulative sum (Page 1954), for all 104 beginnings.
    private void LookForSync()
    {
        var remainder = RdsCode.Remainder(word);
        for (var place = 0; place < 4; place++)
        {
            var candidate = (int)((symbols + (3 - place) * RdsCode.BlockBits) % RdsCode.GroupBits);
            var errors = RdsCode.LeastErrors[(int)(remainder ^ RdsCode.OffsetWords[place])];
            if (place == 2) errors = Math.Min(errors, RdsCode.LeastErrors[(int)(remainder ^ RdsCode.OffsetCPrime)]);
            scores[candidate] = Math.Clamp(scores[candidate] + Score[Math.Min((int)errors, Score.Length - 1)], 0, MostScore);
            if (candidate == phase)
            {
                if (scores[candidate] == 0) LoseSync();
            }
            else if (scores[candidate] > Found && (phase < 0 || scores[phase] < Found && scores[candidate] > scores[phase])) Begin(candidate);
        }
    }

    private void Begin(int candidate)
    {
        LoseSync();
        phase = candidate;
        // What is in the history is decoded now that its blocks are known, again from the last block that was good: after a lost symbol the old beginning gave none.
        var oldest = Math.Max(acceptedUpTo, Math.Max(1, symbols - HistorySymbols + 1));
        var sinceBlock = (symbols - phase + RdsCode.GroupBits) % RdsCode.BlockBits;
        var blocks = (symbols - sinceBlock - oldest) / RdsCode.BlockBits;
        for (var end = symbols - sinceBlock - (blocks - 1) * RdsCode.BlockBits; end < symbols; end += RdsCode.BlockBits)
            DecodeBlock(end, (int)(((end - phase + RdsCode.GroupBits) % RdsCode.GroupBits / RdsCode.BlockBits + 3) % 4), count: false);
    }

    // Two neighbouring blocks share a symbol: once one of them is accepted, the other has one symbol less to doubt. So a lost block is tried again when the next one is known,
    // and a group that is not whole is given out one block after its end.
    private void DecodeBlock(long end, int place, bool count)
    {
        decodedUpTo = end;
        var (data, clean) = Decode(end, place);
        if (data.HasValue) acceptedUpTo = end;
        if (count)
        {
            Blocks++;
            if (!clean) BlocksWithErrors++;
        }
        if (place == 0)
        {
            var (pi, assumed) = data is { } heard ? (Hear(heard), false) : Assume(end);
            if (isOpen)
            {
                if (pi.HasValue) Retry(end, 4);
                Emit();
            }
            Open(end, place);
            group = new RdsGroup(pi, null, null, null, pi.HasValue && !clean) { AssumedA = assumed };
            return;
        }
        if (!isOpen) Open(end, place);
        Put(place, data, clean);
        if (data.HasValue) Retry(end, place);
        if (group.Received == 4) Emit();
    }

    private void Open(long end, int place) => (isOpen, GroupStart) = (true, end - (place + 1) * RdsCode.BlockBits);

    private void Retry(long end, int place)
    {
        while (--place >= 0 && !Has(place))
        {
            end -= RdsCode.BlockBits;
            if (end < symbols - HistorySymbols + RdsCode.BlockSymbols || end < RdsCode.BlockSymbols) return;
            var (data, clean) = Decode(end, place);
            if (data is null) return;
            if (place == 0) Hear(data.Value);
            Put(place, data, clean);
        }
    }

    private bool Has(int place) => (place switch { 0 => group.A, 1 => group.B, 2 => group.C, _ => group.D }).HasValue;

    private void Put(int place, ushort? data, bool clean)
    {
        group = place switch
        {
            0 => group with { A = data },
            1 => group with { B = data },
            2 => group with { C = data },
            _ => group with { D = data },
        };
        if (data.HasValue && !clean) group = group with { Corrected = group.Corrected | 1 << place, CorrectedA = group.CorrectedA || place == 0 };
    }

    private void Emit()
    {
        // A group of which nothing came is given out as well: its place in time is known.
        if (isOpen) onGroup(group);
        (group, isOpen) = (default, false);
    }

    private (ushort? Data, bool Clean) Decode(long end, int place)
    {
        var gain = (float)(2 * amplitude / Math.Max(noise, 1e-30));
        for (var n = 0; n < RdsCode.BlockSymbols; n++) block[n] = gain * history[At(end, n)];
        decoder.Load(block);
        var offset = RdsCode.OffsetWords[place];
        // With block B the version is known, and with it which of the two offset words block C has.
        if (place == 2 && group.IsVersionB is { } versionB) return Decode(end, versionB ? RdsCode.OffsetCPrime : offset, 0);
        if (place != 2) return Decode(end, offset, 0);
        return decoder.Remainder == RdsCode.OffsetCPrime ? Decode(end, RdsCode.OffsetCPrime, offset) : Decode(end, offset, RdsCode.OffsetCPrime);
    }

    // The other offset word is one that the block might have as well; 0 where there is none.
    private (ushort? Data, bool Clean) Decode(long end, uint offset, uint otherOffset)
    {
        // Junk fits once in 1024 blocks, and sync is not found by it.
        if (decoder.Remainder == offset && decoder.Margin > ClearMargin)
        {
            Settle(end, 0);
            return ((ushort)(decoder.Word >> 10), true);
        }
        var (errors, best, sum) = decoder.Likeliest(offset);
        if (otherOffset != 0)
        {
            var (otherErrors, otherBest, otherSum) = decoder.Likeliest(otherOffset);
            sum += otherSum;
            if (otherBest > best) (errors, best) = (otherErrors, otherBest);
        }
        var junk = scores[phase] > Doubtful ? Junk : JunkInDoubt;
        if (sum - best + junk * decoder.All / RdsCode.Remainders >= MaxDoubt * best) return (null, false);
        Settle(end, errors);
        return ((ushort)((decoder.Word ^ RdsCode.Bits(errors)) >> 10), errors == 0);
    }

    private ushort Hear(ushort pi)
    {
        if (pi == lastPi) knownPi = pi;
        lastPi = pi;
        return pi;
    }

    private (ushort? Pi, bool Assumed) Assume(long end)
    {
        if (knownPi is not { } known) return (null, false);
        var (_, _, sum) = decoder.Likeliest(RdsCode.OffsetWords[0]);
        var (errors, likelihood) = decoder.Likelihood(RdsCode.Block(known, RdsCode.OffsetWords[0]));
        var doubt = (1 - SamePi) / (1 << RdsCode.BlockSymbols - 10) * sum + JunkBesidePi / (1 << RdsCode.BlockSymbols) * decoder.All;
        if (doubt >= MaxDoubt * SamePi / 2 * likelihood) return (null, false);
        Settle(end, errors);
        return (known, true);
    }

    // The symbols at both ends of an accepted block are known now.
    private void Settle(long end, uint errors)
    {
        const float Sure = 1e30f;
        var (first, last) = (At(end, 0), At(end, RdsCode.BlockBits));
        history[first] = history[first] < 0 == ((errors >> RdsCode.BlockBits & 1) == 0) ? -Sure : Sure;
        history[last] = history[last] < 0 == ((errors & 1) == 0) ? -Sure : Sure;
    }

    private static int At(long end, int symbol) => (int)((end - RdsCode.BlockSymbols + symbol) % HistorySymbols);

    private void LoseSync()
    {
        phase = -1;
        Emit();
        (lastPi, knownPi) = (null, null);
    }
}
