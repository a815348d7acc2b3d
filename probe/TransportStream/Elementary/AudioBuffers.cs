namespace SignalWatch.TransportStream;

/// <summary>Size of the main buffer BSn of sound in the T-STD, where ISO/IEC 13818-1 sets it.</summary>
internal static class AudioBuffers
{
    /// <summary>Bits; null where another standard sets it.</summary>
    /// <param name="codec">Codec, as frames tell it.</param>
    /// <param name="channels">Channels.</param>
    public static long? Bits(string codec, int channels) => codec switch
    {
        Codecs.Aac or Codecs.HeAac or Codecs.HeAacV2 => channels switch // 2.4.2.3, BSn for ISO/IEC 13818-7 ADTS
        {
            <= 2 => 8 * 3584,
            <= 8 => 8 * 8976,
            <= 12 => 8 * 12804,
            <= 48 => 8 * 51216,
            _ => null,
        },
        _ when codec.StartsWith("MPEG-", StringComparison.Ordinal) => 8 * 3584, // 2.4.2.3: BSmux + BSdec + BSoh
        _ => null,
    };
}
