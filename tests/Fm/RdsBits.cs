using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>Groups as a transmitter sends them: check words by division, offset words added (EN 50067 annex B). Not the receiver's code.</summary>
internal static class RdsBits
{
    public static IEnumerable<bool> Of(RdsGroup group)
    {
        var c = group.IsVersionB == true ? 0x350u : 0x168u;
        return Block(group.A!.Value, 0x0FC).Concat(Block(group.B!.Value, 0x198)).Concat(Block(group.C!.Value, c)).Concat(Block(group.D!.Value, 0x1B4));
    }

    /// <summary>Differentially coded, ±1 (EN 50067 §1.6), the symbol that the first bit refers to in front.</summary>
    public static IEnumerable<float> Symbols(IEnumerable<bool> bits)
    {
        var state = false;
        yield return 1;
        foreach (var bit in bits) yield return (state ^= bit) ? -1 : 1;
    }

    public static IEnumerable<bool> Block(ushort data, uint offset)
    {
        var register = (uint)data << 10;
        for (var bit = 25; bit >= 10; bit--)
            if ((register >> bit & 1) != 0) register ^= 0b10110111001u << (bit - 10);
        var block = (uint)data << 10 | (register ^ offset);
        for (var bit = 25; bit >= 0; bit--) yield return (block >> bit & 1) != 0;
    }
}
