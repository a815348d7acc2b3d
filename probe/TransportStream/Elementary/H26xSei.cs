namespace SignalWatch.TransportStream;

/// <summary>What SEI messages say of the pictures, in H.264 and HEVC alike (ISO/IEC 14496-10 annex D, ISO/IEC 23008-2 annex D).</summary>
internal static class H26xSei
{
    public const int PictureTiming = 1;
    private const int RegisteredUserData = 4;
    private const int AlternativeTransfer = 147;

    /// <summary>Takes one message: its payload type and its bytes.</summary>
    public delegate void Message(int type, ReadOnlySpan<byte> payload);

    /// <summary>Reads the messages of a NAL unit.</summary>
    /// <param name="messages">From behind the NAL unit header, without emulation prevention.</param>
    /// <param name="take">Is called for each message.</param>
    public static void Read(ReadOnlySpan<byte> messages, Message take)
    {
        var end = messages.Length;
        while (end > 0 && messages[end - 1] == 0) end--;
        messages = messages[..end];
        while (messages.Length > 2) // less is the stop bit
        {
            var type = Extended(ref messages);
            var size = Extended(ref messages);
            if (type < 0 || size < 0) return;
            var taken = Math.Min(size, messages.Length);
            take(type, messages[..taken]);
            messages = messages[taken..];
        }
    }

    /// <summary>preferred_transfer_characteristics of an alternative transfer characteristics message: HLG that calls itself BT.2020 for old receivers (ISO/IEC 23008-2 D.3.39); null for other messages.</summary>
    public static int? PreferredTransfer(int type, ReadOnlySpan<byte> payload) => type == AlternativeTransfer && payload.Length > 0 ? payload[0] : null;

    /// <summary>The message is dynamic metadata of HDR Vivid: ITU-T T.35 country China, terminal_provide_code 4, terminal_provide_oriented_code 5 to 8 (T/UWA 005.2-1 table 5).</summary>
    public static bool IsHdrVivid(int type, ReadOnlySpan<byte> payload) =>
        type == RegisteredUserData && payload.Length >= 5 && payload[0] == 0x26 && payload[1] == 0 && payload[2] == 4 && payload[3] == 0 && payload[4] is >= 5 and <= 8;

    // ff_byte repeated, then the last byte (7.3.2.3.1).
    private static int Extended(ref ReadOnlySpan<byte> messages)
    {
        var value = 0;
        while (!messages.IsEmpty)
        {
            var part = messages[0];
            messages = messages[1..];
            value += part;
            if (part != 0xFF) return value;
        }
        return -1;
    }
}
