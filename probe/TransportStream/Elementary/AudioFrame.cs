namespace SignalWatch.TransportStream;

/// <summary>What the header of a sound frame says.</summary>
/// <param name="Bytes">From its sync word to the next one; <see cref="UnknownLength"/> where the header does not say.</param>
/// <param name="Codec">Codec as people write it.</param>
/// <param name="Profile">Profile or layer; null where the header has none.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">Channels, low-frequency one included.</param>
/// <param name="Layout">Layout; null where the number alone is known.</param>
/// <param name="BitrateBps">Declared rate; null where the header has none.</param>
internal readonly record struct AudioFrame(int Bytes, string Codec, string? Profile, int SampleRate, int Channels, string? Layout, int? BitrateBps)
{
    public const int UnknownLength = 0;

    /// <summary>Both describe the same sound; their lengths may differ.</summary>
    public bool SameFormat(in AudioFrame other) => this with { Bytes = 0 } == other with { Bytes = 0 };
}

/// <summary>Reads a frame header where its sync word is expected.</summary>
/// <param name="bytes">From the sync word on, as far as they are there.</param>
/// <param name="frame">What it says.</param>
/// <returns>False where there is no frame, or not enough of it to tell.</returns>
internal delegate bool AudioFrameReader(ReadOnlySpan<byte> bytes, out AudioFrame frame);

/// <summary>How frames of a codec are found.</summary>
/// <param name="Read">Reads a frame header.</param>
/// <param name="Sync">Sync word with which the next frame begins, for codecs whose header is not in each frame; 0 for the others.</param>
/// <param name="SyncMask">Its bits among the first 16 of a frame.</param>
internal readonly record struct AudioSyntax(AudioFrameReader Read, int Sync = 0, int SyncMask = 0)
{
    public static readonly AudioSyntax Mpeg = new(MpegAudio.Read);
    public static readonly AudioSyntax Adts = new(AacAudio.ReadAdts);
    public static readonly AudioSyntax Loas = new(AacAudio.ReadLoas, 0x56E0, 0xFFE0);
    public static readonly AudioSyntax Ac3 = new(Ac3Audio.Read);
    public static readonly AudioSyntax Dts = new(DtsAudio.Read);
    public static readonly AudioSyntax Dra = new(DraAudio.Read);
    public static readonly AudioSyntax Vivid = new(AudioVivid.Read);

    /// <summary>Bytes begin with a frame that may follow another.</summary>
    /// <param name="bytes">From behind the other frame on.</param>
    /// <param name="frame">The other frame.</param>
    /// <param name="more">Frames that must follow behind that one: two alone are found by chance once in months of noise.</param>
    public bool Follows(ReadOnlySpan<byte> bytes, in AudioFrame frame, int more)
    {
        if (!Read(bytes, out var following)) return more == 0 && SyncMask != 0 && bytes.Length >= 2 && ((bytes[0] << 8 | bytes[1]) & SyncMask) == Sync;
        if (!following.SameFormat(frame)) return false;
        return more == 0 || following.Bytes > 0 && following.Bytes < bytes.Length && Follows(bytes[following.Bytes..], frame, more - 1);
    }
}

/// <summary>Layouts as people write them.</summary>
internal static class AudioLayout
{
    public const string Mono = "mono";
    public const string Stereo = "2.0";
    public const string DualMono = "1+1";

    /// <summary>By channels in front, at the sides and behind, and low-frequency ones, where only their numbers are known.</summary>
    public static string? OfCounts(int fullBand, int lowFrequency) => (fullBand, lowFrequency) switch
    {
        (1, 0) => Mono,
        (2, 0) => Stereo,
        (3, 0) => "3.0",
        (4, 0) => "4.0",
        (5, 0) => "5.0",
        (2, 1) => "2.1",
        (5, 1) => "5.1",
        (6, 1) => "6.1",
        (7, 1) => "7.1",
        _ => null,
    };
}
