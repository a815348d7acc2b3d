using System.Buffers.Binary;
using System.Text;

namespace SignalWatch.TransportStream;

/// <summary>The descriptors of a PMT entry that say what a component is.</summary>
internal ref struct ComponentDescriptors
{
    private const int Registration = 0x05;        // ISO/IEC 13818-1 table 2-45
    private const int ConditionalAccess = 0x09;
    private const int Language639 = 0x0A;
    private const int Mpeg4Audio = 0x1C;
    private const int VbiTeletext = 0x46;         // EN 300 468 table 12
    private const int Teletext = 0x56;
    private const int Subtitling = 0x59;
    private const int DataBroadcastId = 0x66;
    private const int Ac3 = 0x6A;
    private const int ApplicationSignalling = 0x6F;
    private const int EnhancedAc3 = 0x7A;
    private const int Dts = 0x7B;
    private const int Aac = 0x7C;
    private const int Extension = 0x7F;

    private const int ExtensionDtsHd = 0x0E;      // EN 300 468 table 109
    private const int ExtensionT2Mi = 0x11;
    private const int ExtensionAc4 = 0x15;
    private const int ExtensionTtml = 0x20;

    /// <summary>format_identifier; 0 where there is none.</summary>
    public uint Format;

    /// <summary>What a private stream carries by the DVB descriptors; null where they do not say.</summary>
    public ComponentKind? Kind;

    /// <summary>Its codec.</summary>
    public string? Codec;

    /// <summary>Codec of AAC by its profile_and_level.</summary>
    public string? AacCodec;

    /// <summary>Language by ISO 639.</summary>
    public string? Language;

    /// <summary>audio_type of the language.</summary>
    public int? AudioType;

    /// <summary>A CA_descriptor is there.</summary>
    public bool IsScrambled;

    /// <summary>application_signalling_descriptor (TS 102 809).</summary>
    public bool HasApplications;

    /// <summary>data_broadcast_id_descriptor.</summary>
    public bool HasDataBroadcast;

    /// <summary>Reads a descriptor loop; what is cut at its end is left out.</summary>
    public static ComponentDescriptors Read(ReadOnlySpan<byte> loop)
    {
        var read = new ComponentDescriptors();
        while (loop.Length >= 2 && loop[1] <= loop.Length - 2)
        {
            read.Take(loop[0], loop.Slice(2, loop[1]));
            loop = loop[(2 + loop[1])..];
        }
        return read;
    }

    private void Take(int tag, ReadOnlySpan<byte> body)
    {
        switch (tag)
        {
            case Registration when body.Length >= 4 && Format == 0: Format = BinaryPrimitives.ReadUInt32BigEndian(body); break;
            case ConditionalAccess: IsScrambled = true; break;
            case Language639 when body.Length >= 4: SetLanguage(body); AudioType ??= body[3]; break;
            case VbiTeletext or Teletext: Is(ComponentKind.Teletext, null); SetLanguage(body); break;
            case Subtitling: Is(ComponentKind.Subtitle, null); SetLanguage(body); break;
            case DataBroadcastId: HasDataBroadcast = true; break;
            case Ac3: Is(ComponentKind.Audio, Codecs.Ac3); break;
            case ApplicationSignalling: HasApplications = true; break;
            case EnhancedAc3: Is(ComponentKind.Audio, Codecs.EAc3); break;
            case Dts: Is(ComponentKind.Audio, Codecs.Dts); break;
            case Aac: Is(ComponentKind.Audio, Codecs.Aac); AacCodec = body.IsEmpty ? null : AacOf(body[0]); break;
            case Mpeg4Audio when body.Length >= 1: AacCodec ??= AacOf(body[0]); break;
            case Extension when body.Length >= 1: TakeExtension(body[0], body[1..]); break;
        }
    }

    private void TakeExtension(int tag, ReadOnlySpan<byte> body)
    {
        switch (tag)
        {
            case ExtensionDtsHd: Is(ComponentKind.Audio, Codecs.DtsHd); break;
            case ExtensionT2Mi: Is(ComponentKind.T2Mi, null); break;
            case ExtensionAc4: Is(ComponentKind.Audio, Codecs.Ac4); break;
            case ExtensionTtml: Is(ComponentKind.Subtitle, "TTML"); SetLanguage(body); break;
        }
    }

    // The first of them decides: a stream is one thing.
    private void Is(ComponentKind kind, string? codec)
    {
        if (Kind is null) (Kind, Codec) = (kind, codec);
    }

    private void SetLanguage(ReadOnlySpan<byte> body)
    {
        if (Language is not null || body.Length < 3) return;
        foreach (var letter in body[..3])
            if (letter is < 0x20 or > 0x7E) return;
        Language = Encoding.ASCII.GetString(body[..3]);
    }

    // Profile_and_level of the AAC_descriptor (EN 300 468 annex H) is MPEG-4_audio_profile_and_level, ISO/IEC 13818-1 table 2-72.
    private static string? AacOf(int profileAndLevel) => profileAndLevel switch
    {
        >= 0x50 and <= 0x53 => Codecs.Aac,
        >= 0x58 and <= 0x5B => Codecs.HeAac,
        >= 0x60 and <= 0x63 => Codecs.HeAacV2,
        _ => null,
    };
}
