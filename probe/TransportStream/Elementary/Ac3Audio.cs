using System.Numerics;

namespace SignalWatch.TransportStream;

/// <summary>AC-3 (ETSI TS 102 366 clause 4) and Enhanced AC-3 (annex E).</summary>
internal static class Ac3Audio
{
    private const int LastPlainBsid = 10;
    private const int LastEnhancedBsid = 16;
    private const int Dependent = 1; // strmtyp, table E.1.1

    // Half of frmsizecod → kb/s, table 4.13.
    private static readonly ushort[] Rates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
    private static readonly int[] Frequencies = [48000, 44100, 32000];
    private static ReadOnlySpan<byte> Blocks => [1, 2, 3, 6]; // numblkscod, table E.1.4

    // chanmap, table E.1.5: the channels of its bits, the first in bit 15; pairs count two.
    private const int Left = 0x8000, Centre = 0x4000, Right = 0x2000, LeftSurround = 0x1000, RightSurround = 0x0800, CentreSurround = 0x0100, Lfe = 0x0001;
    private const int Pairs = 0x0400 | 0x0200 | 0x0040 | 0x0020 | 0x0010 | 0x0004; // Lc/Rc, Lrs/Rrs, Lsd/Rsd, Lw/Rw, Lvh/Rvh, Lts/Rts

    public static bool Read(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < 8 || bytes[0] != 0x0B || bytes[1] != 0x77) return false;
        var bsid = bytes[5] >> 3;
        return bsid <= LastPlainBsid ? ReadPlain(bytes, bsid, out frame) : bsid <= LastEnhancedBsid && ReadEnhanced(bytes, out frame);
    }

    private static bool ReadPlain(ReadOnlySpan<byte> bytes, int bsid, out AudioFrame frame)
    {
        frame = default;
        var (frequencyCode, size) = (bytes[4] >> 6, bytes[4] & 63);
        if (frequencyCode == 3 || size >= 2 * Rates.Length) return false;
        var reader = new BitReader(bytes[6..]);
        var mode = reader.Int(3);
        if ((mode & 1) != 0 && mode != 1) reader.Skip(2);
        if ((mode & 4) != 0) reader.Skip(2);
        if (mode == 2) reader.Skip(2);
        var lfe = reader.Flag();
        var rate = Rates[size >> 1];
        var length = frequencyCode switch // table 4.13: words of 16 bits, 1,536 samples
        {
            0 => rate * 4,
            1 => 2 * (rate * 1000 * 96 / 44100 + (size & 1)),
            _ => rate * 6,
        };
        var half = bsid > 8 ? bsid - 8 : 0; // A/52 annex: bsid 9 and 10 are half and quarter rate
        frame = new AudioFrame(length, Codecs.Ac3, null, Frequencies[frequencyCode] >> half, Channels(mode, lfe), Layout(mode, lfe), rate * 1000 >> half);
        return true;
    }

    /// <summary>An access unit of E-AC-3: the independent substream 0, and the dependent ones that follow it and add channels.</summary>
    private static bool ReadEnhanced(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (!Substream.Read(bytes, out var main) || main.Type == Dependent || main.Id != 0) return false;
        var (length, channels) = (main.Bytes, main.Map);
        var ofMain = true;
        while (length < bytes.Length && Substream.Read(bytes[length..], out var next) && (next.Type == Dependent || next.Id != 0))
        {
            ofMain &= next.Type == Dependent; // another programme of the same stream, and what depends on it
            length += next.Bytes;
            if (ofMain) channels |= next.Map;
        }
        var count = BitOperations.PopCount((uint)channels) + BitOperations.PopCount((uint)(channels & Pairs));
        var (lfe, extended) = ((channels & Lfe) != 0, channels != main.Map);
        var layout = extended ? AudioLayout.OfCounts(count - (lfe ? 1 : 0), lfe ? 1 : 0) : Layout(main.Mode, lfe);
        if (main.Mode == 0) count++; // two programmes that share the centre's place in the map
        var rate = (int)((long)length * 8 * main.Frequency / (256 * main.Blocks));
        frame = new AudioFrame(length, Codecs.EAc3, null, main.Frequency, count, layout, rate);
        return true;
    }

    private static int Channels(int mode, bool lfe) => (lfe ? 1 : 0) + mode switch { 0 => 2, 1 => 1, 2 => 2, 3 or 4 => 3, 5 or 6 => 4, _ => 5 };

    // acmod, table 4.3.
    private static string Layout(int mode, bool lfe) => (mode, lfe) switch
    {
        (0, false) => AudioLayout.DualMono,
        (1, false) => AudioLayout.Mono,
        (2, false) => AudioLayout.Stereo,
        (3, false) => "3.0",
        (4, false) => "2/1",
        (5, false) => "3/1",
        (6, false) => "2/2",
        (7, false) => "5.0",
        (2, true) => "2.1",
        (7, true) => "5.1",
        (0, true) => "1+1 LFE",
        (1, true) => "mono LFE",
        (3, true) => "3.1",
        (4, true) => "2/1 LFE",
        (5, true) => "3/1 LFE",
        _ => "2/2 LFE",
    };

    private static int MapOf(int mode, bool lfe) => (lfe ? Lfe : 0) | mode switch
    {
        0 or 1 => Centre,
        2 => Left | Right,
        3 => Left | Centre | Right,
        4 => Left | Right | CentreSurround,
        5 => Left | Centre | Right | CentreSurround,
        6 => Left | Right | LeftSurround | RightSurround,
        _ => Left | Centre | Right | LeftSurround | RightSurround,
    };

    // syncinfo and bsi of annex E.1.2, up to chanmap.
    private readonly record struct Substream(int Type, int Id, int Bytes, int Frequency, int Blocks, int Mode, int Map)
    {
        public static bool Read(ReadOnlySpan<byte> bytes, out Substream substream)
        {
            substream = default;
            if (bytes.Length < 8 || bytes[0] != 0x0B || bytes[1] != 0x77 || bytes[5] >> 3 is <= LastPlainBsid or > LastEnhancedBsid) return false;
            var reader = new BitReader(bytes[2..]);
            var (type, id, size, code) = (reader.Int(2), reader.Int(3), 2 * (reader.Int(11) + 1), reader.Int(2));
            if (type == 3) return false;
            var second = reader.Int(2);
            if (code == 3 && second == 3) return false;
            var (frequency, blocks) = code == 3 ? (Frequencies[second] / 2, 6) : (Frequencies[code], Ac3Audio.Blocks[second]);
            var mode = reader.Int(3);
            var lfe = reader.Flag();
            var map = MapOf(mode, lfe);
            if (type == Dependent)
            {
                reader.Skip(5 + 5);
                if (reader.Flag()) reader.Skip(8);
                if (mode == 0)
                {
                    reader.Skip(5);
                    if (reader.Flag()) reader.Skip(8);
                }
                if (reader.Flag()) map = reader.Int(16);
                if (reader.Failed) return false;
            }
            substream = new Substream(type, id, size, frequency, blocks, mode, map);
            return true;
        }
    }
}
