namespace SignalWatch.TransportStream;

/// <summary>Exp-Golomb codes of ISO/IEC 14496-10 9.1, with the sticky failure of the reader.</summary>
internal static class ExpGolomb
{
    /// <summary>ue(v), up to 2^31 − 2. A longer code fails the reader.</summary>
    public static int Ue(this ref BitReader reader)
    {
        var zeros = 0;
        while (!reader.Flag())
        {
            if (!reader.Failed && ++zeros < 31) continue;
            reader.Skip(int.MaxValue); // no header has such a number: what follows would be read at the wrong place
            return 0;
        }
        return (int)((1u << zeros) - 1 + reader.Bits(zeros));
    }

    /// <summary>se(v).</summary>
    public static int Se(this ref BitReader reader)
    {
        var code = reader.Ue();
        return (code & 1) != 0 ? code / 2 + 1 : -(code / 2);
    }

    /// <summary>Passes over ue(v) codes.</summary>
    public static void SkipUe(this ref BitReader reader, int count)
    {
        for (var i = 0; i < count && !reader.Failed; i++) reader.Ue();
    }
}
