using System.Buffers.Binary;

namespace SignalWatch.Contracts.Cryptography;

/// <summary>The SM3 digest of GB/T 32905-2016 (ISO/IEC 10118-3:2018), 256 bits. Incremental: <see cref="Append"/> as often as needed, then <see cref="Finish"/>. For one thread.</summary>
public sealed class Sm3
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestBytes = 32;

    private const int LengthBytes = 8;

    private readonly uint[] state = Sm3Blocks.InitialValue.ToArray();
    private readonly byte[] rest = new byte[Sm3Blocks.BlockBytes];
    private int waiting;
    private long total;

    /// <summary>The digest of <paramref name="data"/>.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var sm3 = new Sm3();
        sm3.Append(data);
        return sm3.Finish();
    }

    /// <summary>Takes more of the message.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        total += data.Length;
        if (waiting > 0)
        {
            var fits = Math.Min(data.Length, rest.Length - waiting);
            data[..fits].CopyTo(rest.AsSpan(waiting));
            waiting += fits;
            data = data[fits..];
            if (waiting < rest.Length) return;
            Sm3Blocks.Compress(state, rest);
            waiting = 0;
        }
        var whole = data.Length - data.Length % Sm3Blocks.BlockBytes;
        if (whole > 0) Sm3Blocks.Compress(state, data[..whole]);
        data[whole..].CopyTo(rest);
        waiting = data.Length - whole;
    }

    /// <summary>Ends the message.</summary>
    /// <returns>Its digest; the object begins a new message.</returns>
    public byte[] Finish()
    {
        // GB/T 32905-2016 5.2: a one, zeros, and the length in bits, up to a whole block.
        Span<byte> end = stackalloc byte[2 * Sm3Blocks.BlockBytes];
        end.Clear();
        rest.AsSpan(0, waiting).CopyTo(end);
        end[waiting] = 0x80;
        var length = waiting + 1 + LengthBytes <= Sm3Blocks.BlockBytes ? Sm3Blocks.BlockBytes : 2 * Sm3Blocks.BlockBytes;
        BinaryPrimitives.WriteInt64BigEndian(end[(length - LengthBytes)..], total * 8);
        Sm3Blocks.Compress(state, end[..length]);
        var digest = new byte[DigestBytes];
        for (var i = 0; i < state.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        Sm3Blocks.InitialValue.CopyTo(state);
        (waiting, total) = (0, 0);
        return digest;
    }
}
