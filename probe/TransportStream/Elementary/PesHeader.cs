namespace SignalWatch.TransportStream;

/// <summary>What stands where a PES packet should begin.</summary>
internal enum PesParse
{
    /// <summary>A PES header.</summary>
    Ok,

    /// <summary>No packet_start_code_prefix: no PES packet, or a scrambled one.</summary>
    NoStartCode,

    /// <summary>The prefix is there, but a fixed bit of the header is wrong.</summary>
    BadMarker,

    /// <summary>The payload ends within the fields that are needed.</summary>
    Short,
}

/// <summary>Header of a PES packet (ISO/IEC 13818-1 2.4.3.6). Times are in units of 1/90,000 s, 33 bits.</summary>
internal readonly record struct PesHeader
{
    /// <summary>packet_start_code_prefix, stream_id and PES_packet_length, which counts from behind itself.</summary>
    public const int PrefixBytes = 6;

    private const int FixedBytes = 9;       // and the two bytes of flags and PES_header_data_length
    private const int TimeStampBytes = 5;

    /// <summary>stream_id (table 2-22).</summary>
    public int StreamId { get; private init; }

    /// <summary>Presentation time stamp.</summary>
    public long? Pts90k { get; private init; }

    /// <summary>Decoding time stamp, where it differs from <see cref="Pts90k"/>.</summary>
    public long? Dts90k { get; private init; }

    /// <summary>Where elementary bytes begin; at most the length of the payload, also where the header goes on in the next packet.</summary>
    public int HeaderBytes { get; private init; }

    /// <summary>data_alignment_indicator: the header is followed at once by a start code or sync word.</summary>
    public bool DataAlignment { get; private init; }

    /// <summary>PES_packet_length; null where it is 0, unbounded.</summary>
    public int? PacketLength { get; private init; }

    /// <summary>PES_scrambling_control: 0 is clear.</summary>
    public int ScramblingControl { get; private init; }

    /// <summary>Reads the header at the start of a packet's payload.</summary>
    /// <param name="payload">Payload of a packet with payload_unit_start_indicator.</param>
    /// <param name="header">The header; what could be read of it where the answer is not <see cref="PesParse.Ok"/>.</param>
    public static PesParse TryRead(ReadOnlySpan<byte> payload, out PesHeader header)
    {
        header = default;
        if (payload.Length < PrefixBytes) return payload.Length >= 3 && !HasPrefix(payload) ? PesParse.NoStartCode : PesParse.Short;
        if (!HasPrefix(payload)) return PesParse.NoStartCode;
        var length = payload[4] << 8 | payload[5];
        header = new PesHeader { StreamId = payload[3], PacketLength = length == 0 ? null : length, HeaderBytes = PrefixBytes };
        if (!HasOptionalHeader(payload[3])) return PesParse.Ok;
        if (payload.Length < FixedBytes) return PesParse.Short;
        if ((payload[6] & 0xC0) != 0x80) return PesParse.BadMarker;

        var dataLength = payload[8];
        header = header with
        {
            HeaderBytes = Math.Min(FixedBytes + dataLength, payload.Length),
            DataAlignment = (payload[6] & 0x04) != 0,
            ScramblingControl = payload[6] >> 4 & 3,
        };
        return TimeStamps(payload, payload[7] >> 6, dataLength, ref header);
    }

    private static PesParse TimeStamps(ReadOnlySpan<byte> payload, int flags, int dataLength, ref PesHeader header)
    {
        if (flags == 0) return PesParse.Ok;
        if (flags == 1) return PesParse.BadMarker; // PTS_DTS_flags 01 is forbidden
        var needed = flags == 3 ? 2 * TimeStampBytes : TimeStampBytes;
        if (dataLength < needed) return PesParse.BadMarker;
        if (payload.Length < FixedBytes + needed) return PesParse.Short;
        if (!TimeStamp(payload[FixedBytes..], flags, out var pts)) return PesParse.BadMarker;
        header = header with { Pts90k = pts };
        if (flags == 2) return PesParse.Ok;
        if (!TimeStamp(payload[(FixedBytes + TimeStampBytes)..], 1, out var dts)) return PesParse.BadMarker;
        header = header with { Dts90k = dts };
        return PesParse.Ok;
    }

    private static bool TimeStamp(ReadOnlySpan<byte> field, int prefix, out long value)
    {
        value = (long)(field[0] >> 1 & 7) << 30 | (long)field[1] << 22 | (long)(field[2] >> 1) << 15 | (long)field[3] << 7 | (long)field[4] >> 1;
        return field[0] >> 4 == prefix && (field[0] & field[2] & field[4] & 1) != 0;
    }

    private static bool HasPrefix(ReadOnlySpan<byte> payload) => payload[0] == 0 && payload[1] == 0 && payload[2] == 1;

    // program_stream_map, padding, private_stream_2, ECM, EMM, DSM-CC, H.222.1 type E, program_stream_directory: 2.4.3.6, the condition before '10'.
    private static bool HasOptionalHeader(int streamId) => streamId is not (0xBC or 0xBE or 0xBF or 0xF0 or 0xF1 or 0xF2 or 0xF8 or 0xFF);
}
