namespace SignalWatch.Simulation.Fm;

/// <summary>The endless bit stream of one station's RDS (EN 50067): groups 0A with the service name and 2A with the radio text, in turn.</summary>
internal sealed class RdsBits
{
    private const int GroupBits = 104;
    private readonly bool[] cycle;
    private int next;
    private bool previous;

    public RdsBits(RdsScene rds)
    {
        var pi = Convert.ToUInt16(rds.Pi, 16);
        var name = rds.Ps.PadRight(8);
        // EN 50067 3.1.5.3: a text shorter than 64 characters ends with 0x0D, and the segments behind it are not sent.
        var text = rds.RadioText is { } t ? (t.Length < 64 ? t + '\r' : t) : "\r";
        text = text.PadRight((text.Length + 3) / 4 * 4);
        var turns = Math.Max(4, text.Length / 4);
        turns += (4 - turns % 4) % 4; // whole names in each cycle
        var groups = new List<ushort[]>();
        for (var turn = 0; turn < turns; turn++)
        {
            groups.Add(BasicTuning(pi, rds.ProgrammeType, name, turn % 4));
            groups.Add(RadioText(pi, rds.ProgrammeType, text, turn % (text.Length / 4)));
        }
        cycle = new bool[groups.Count * GroupBits];
        for (var g = 0; g < groups.Count; g++) Write(groups[g], cycle.AsSpan(g * GroupBits, GroupBits));
    }

    /// <summary>The next bit to modulate, differentially coded (EN 50067 1.6): a receiver need not know the phase.</summary>
    public bool NextCoded()
    {
        previous ^= cycle[next];
        next = next + 1 == cycle.Length ? 0 : next + 1;
        return previous;
    }

    /// <summary>The checkword of a block (EN 50067 annex B): the rest of the division by g(x) = x¹⁰+x⁸+x⁷+x⁵+x⁴+x³+1, plus the offset word.</summary>
    public static int Checkword(ushort data, int offset)
    {
        var rest = data << 10;
        for (var bit = 25; bit >= 10; bit--)
            if ((rest >> bit & 1) != 0) rest ^= 0x5B9 << (bit - 10);
        return rest ^ offset;
    }

    // 0A (3.1.5.1): block 3 has two alternative frequencies, here "none follow" (224) and the filler (205).
    private static ushort[] BasicTuning(ushort pi, int programmeType, string name, int segment)
    {
        const int MusicSwitch = 1 << 3;
        return [pi, (ushort)(0x0 << 12 | programmeType << 5 | MusicSwitch | segment), 0xE0CD, Pair(name, 2 * segment)];
    }

    // 2A (3.1.5.3): four characters in blocks 3 and 4.
    private static ushort[] RadioText(ushort pi, int programmeType, string text, int segment) =>
        [pi, (ushort)(0x2 << 12 | programmeType << 5 | segment), Pair(text, 4 * segment), Pair(text, 4 * segment + 2)];

    private static ushort Pair(string text, int at) => (ushort)(text[at] << 8 | text[at + 1]);

    private static void Write(ushort[] blocks, Span<bool> bits)
    {
        ReadOnlySpan<int> offsets = [0x0FC, 0x198, 0x168, 0x1B4]; // A, B, C, D of annex A
        for (var b = 0; b < 4; b++)
        {
            var word = blocks[b] << 10 | Checkword(blocks[b], offsets[b]);
            for (var i = 0; i < 26; i++) bits[26 * b + i] = (word >> (25 - i) & 1) != 0;
        }
    }
}
