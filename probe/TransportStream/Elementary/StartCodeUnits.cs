namespace SignalWatch.TransportStream;

/// <summary>What a reader does with a unit that begins.</summary>
internal enum UnitUse
{
    /// <summary>Of no interest.</summary>
    Skip,

    /// <summary>A header: to be collected and read.</summary>
    Keep,

    /// <summary>Coded picture data: the headers of this picture are over.</summary>
    Picture,
}

/// <summary>Elementary bytes in any pieces → header units between start codes 00 00 01 (ISO/IEC 13818-2 5.2.3, ISO/IEC 14496-10 annex B). Holds one unit, cut at 4 KB.</summary>
/// <param name="headers">Says which units it wants, and takes them.</param>
/// <param name="emulationPrevention">Units are NAL units: 00 00 03 in them stands for 00 00.</param>
internal sealed class StartCodeUnits(VideoHeaders headers, bool emulationPrevention)
{
    private const int MaxUnit = 4096; // parameter sets are hundreds of bytes; long SEI messages are not needed to their end
    private const int Padding = 4;    // zeros behind the unit: a last field of zeros is not taken for the zeros before a start code
    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    private byte[] unit = [];
    private int length;
    private int zerosInUnit;
    private bool collecting;
    private int prefix; // bytes of a start code at the end of the last piece: 1 or 2, 3 where the type is missing, 4 where the byte behind it is
    private byte type;

    /// <summary>Start codes since <see cref="Begin"/>.</summary>
    public int Found { get; private set; }

    /// <summary>A unit of coded picture data began since <see cref="Begin"/>.</summary>
    public bool PictureBegan { get; private set; }

    /// <summary>Begins a PES packet: what was collected is whole.</summary>
    public void Begin()
    {
        End();
        (prefix, Found, PictureBegan) = (0, 0, false);
    }

    /// <summary>Forgets what was collected: bytes of it are missing.</summary>
    public void Drop() => (collecting, prefix) = (false, 0);

    /// <summary>Takes the next bytes.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="untilPicture">Stop where coded picture data begins.</param>
    public void Push(ReadOnlySpan<byte> piece, bool untilPicture)
    {
        while (!piece.IsEmpty)
        {
            if (prefix == 3)
            {
                (type, prefix) = (piece[0], 4);
                piece = piece[1..];
                continue;
            }
            if (prefix == 4)
            {
                Found++;
                prefix = piece[0] != 0 ? 0 : type == 0 ? 2 : 1; // 00 00 01 may begin in the two bytes that are taken already
                BeginUnit(piece[0]);
                if (untilPicture && PictureBegan) return;
                piece = piece[1..];
                continue;
            }
            var end = NextStartCode(piece);
            if (end < 0)
            {
                if (collecting) Append(piece);
                prefix = Carry(piece);
                return;
            }
            if (collecting) Append(piece[..Math.Max(0, end - StartCode.Length)]);
            End();
            prefix = 3;
            piece = piece[end..];
        }
    }

    /// <summary>Index behind the next start code prefix, those that began in the last piece included; −1 where there is none.</summary>
    private int NextStartCode(ReadOnlySpan<byte> piece)
    {
        if (prefix == 2 && piece[0] == 1) return 1;
        if (prefix >= 1 && piece.Length > 1 && piece[0] == 0 && piece[1] == 1) return 2;
        var at = piece.IndexOf(StartCode);
        return at < 0 ? -1 : at + StartCode.Length;
    }

    private int Carry(ReadOnlySpan<byte> piece)
    {
        if (piece[^1] != 0) return 0;
        if (piece.Length > 1) return piece[^2] == 0 ? 2 : 1;
        return Math.Min(prefix + 1, 2);
    }

    private void BeginUnit(byte next)
    {
        var use = headers.Use(type, next);
        PictureBegan |= use == UnitUse.Picture;
        if (use != UnitUse.Keep) return;
        if (unit.Length == 0) unit = new byte[MaxUnit + Padding];
        (unit[0], unit[1]) = (type, next);
        (collecting, length, zerosInUnit) = (true, 2, prefix);
    }

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (!emulationPrevention)
        {
            var taken = Math.Min(piece.Length, MaxUnit - length);
            piece[..taken].CopyTo(unit.AsSpan(length));
            length += taken;
            return;
        }
        foreach (var value in piece)
        {
            if (length == MaxUnit) return;
            if (zerosInUnit >= 2 && value == 3)
            {
                zerosInUnit = 0;
                continue;
            }
            zerosInUnit = value == 0 ? zerosInUnit + 1 : 0;
            unit[length++] = value;
        }
    }

    private void End()
    {
        if (!collecting) return;
        collecting = false;
        while (length > 0 && unit[length - 1] == 0) length--; // zeros before the next start code, as many of them as the packets' borders let in
        unit.AsSpan(length, Padding).Clear();
        headers.Read(unit.AsSpan(0, length + Padding));
    }
}
