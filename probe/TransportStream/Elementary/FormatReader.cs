namespace SignalWatch.TransportStream;

/// <summary>
/// Reads the format of one component from its elementary bytes.
/// <see cref="Start"/> is to be called for the first payload of each PES packet; the payloads that follow are wanted only while <see cref="Wants"/>.
/// Once a format is known it looks for a sequence header again each second, in each PES packet until the first coded picture.
/// </summary>
internal sealed class FormatReader
{
    private const long LookAgainNs = 1_000_000_000;
    private const int UnitsToTell = 3;          // PES packets in a row
    private const int BytesToTell = 1024;       // a PES packet with less proves nothing by having no start code
    private const int AlignedBytes = 8;         // a start code within these is no accident
    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    private readonly VideoHeaders? video;
    private readonly StartCodeUnits? units;
    private readonly AudioFrames? audio;
    private readonly ComponentFormat declared;
    private readonly bool unsignalled; // nothing says that it is sound: that there is none in it means nothing
    private AudioFrame? lastFrame;
    private long lookAgainNs = long.MinValue;
    private long startedAtNs;
    private bool looked;          // the PES packet that ends was taken from its start on, without loss
    private long bytesLooked;
    private long bytesExpected;   // by PES_packet_length: the packet need not wait for the next one to end
    private bool startedWithCode;
    private int implausible;      // PES packets in a row

    /// <param name="declared">What the PMT says, from <see cref="ComponentClassifier"/>.</param>
    /// <param name="streamType">stream_type of the PMT.</param>
    public FormatReader(ComponentFormat declared, int streamType)
    {
        this.declared = Format = declared;
        (video, var nal) = VideoOf(declared);
        if (video is not null) units = new StartCodeUnits(video, nal);
        audio = AudioOf(declared, streamType);
        unsignalled = audio is not null && declared.Kind == ComponentKind.Unknown;
    }

    /// <summary>It needs the bytes of this PES packet.</summary>
    public bool Wants { get; private set; }

    /// <summary>What is known of the component; a new record only where something changed.</summary>
    public ComponentFormat Format { get; private set; }

    /// <summary>What the payload looks like although transport_scrambling_control says clear: true where at 3 unit starts in a row the PES header is missing, or the pictures' start codes, or sound has no frame and is like noise; null where it can't be told.</summary>
    public bool? LooksScrambled { get; private set; }

    /// <summary>Takes the first payload of a PES packet.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="elementary">What follows the header in that payload.</param>
    /// <param name="timeNs">Time of the packet.</param>
    public void Start(in PesHeader header, ReadOnlySpan<byte> elementary, long timeNs)
    {
        EndOfPes();
        if (header.ScramblingControl != 0)
        {
            (LooksScrambled, Wants, looked) = (true, false, false); // scrambled at PES level: marked as such, and not readable
            return;
        }
        if (units is null && audio is null) LooksScrambled = false; // nothing but the PES start code can be checked
        // A time base that began anew lies before the last look.
        if (units is null && audio is null || timeNs < lookAgainNs && timeNs >= startedAtNs && LooksScrambled == false)
        {
            Wants = false;
            return;
        }
        startedAtNs = timeNs;
        units?.Begin();
        audio?.Begin();
        (Wants, looked, bytesLooked) = (true, true, 0);
        bytesExpected = header.PacketLength is { } length ? length - (header.HeaderBytes - PesHeader.PrefixBytes) : long.MaxValue;
        Take(elementary);
        startedWithCode = units is { Found: > 0 } && elementary.Length >= 4 && elementary[..Math.Min(AlignedBytes, elementary.Length)].IndexOf(StartCode) >= 0;
    }

    /// <summary>Takes a payload that follows, while <see cref="Wants"/>.</summary>
    public void Continue(ReadOnlySpan<byte> elementary)
    {
        if (Wants) Take(elementary);
    }

    /// <summary>A unit start of the component at which <see cref="PesHeader.TryRead"/> found no header, although its packet is not marked as scrambled.</summary>
    public void NoHeader(PesParse why)
    {
        Loss();
        if (why is not (PesParse.NoStartCode or PesParse.BadMarker)) return;
        if (declared.Kind is ComponentKind.Unknown or ComponentKind.Data) return; // private data need not be PES packets
        Judge(false);
    }

    /// <summary>Packets of the component are missing: what was begun can't be read to its end.</summary>
    public void Loss()
    {
        units?.Drop();
        audio?.Drop();
        (Wants, looked) = (false, false);
    }

    private void Take(ReadOnlySpan<byte> elementary)
    {
        bytesLooked += elementary.Length;
        if (units is not null)
        {
            var (known, headers) = (video!.Format is not null, video.SequenceHeaders);
            units.Push(elementary, known);
            if (known && units.PictureBegan) Wants = false;
            AdoptVideo(headers);
        }
        else if (audio is not null)
        {
            audio.Push(elementary);
            if (audio.Full || bytesLooked >= bytesExpected) EndOfAudio();
        }
    }

    private void EndOfPes()
    {
        if (!looked) return;
        looked = false;
        if (units is not null)
        {
            var (found, headers) = (units.Found, video!.SequenceHeaders);
            units.Begin(); // what was collected at the end of the PES packet is whole
            AdoptVideo(headers);
            if (startedWithCode || found >= 2) Judge(true);
            else if (found == 0 && bytesLooked >= BytesToTell) Judge(false); // one start code in the middle may be chance, or the first slice of a packet that is not aligned
        }
        else if (Wants) EndOfAudio();
    }

    private void EndOfAudio()
    {
        if (audio!.Empty) return;
        Wants = false;
        audio.End();
        if (audio.Frame is { } frame)
        {
            lookAgainNs = startedAtNs + LookAgainNs;
            if (lastFrame is not { } last || last != frame) Adopt(frame);
            lastFrame = frame;
        }
        if (unsignalled) lookAgainNs = startedAtNs + LookAgainNs;
        if (audio.Plausible || unsignalled) Judge(true);
        else if (audio.LooksLikeNoise) Judge(false);
    }

    private void Judge(bool plausible)
    {
        implausible = plausible ? 0 : Math.Min(implausible + 1, UnitsToTell);
        if (plausible) LooksScrambled = false;
        else if (implausible == UnitsToTell) LooksScrambled = true;
    }

    private void AdoptVideo(int headersBefore)
    {
        if (video!.Format is not { } read) return;
        if (video.SequenceHeaders != headersBefore) lookAgainNs = startedAtNs + LookAgainNs;
        if (!ReferenceEquals(read, Format)) Format = read;
    }

    private void Adopt(in AudioFrame frame)
    {
        // SBR that only the descriptors tell doubles the rate of the core that ADTS shows (ISO/IEC 14496-3 1.6.5.3).
        var hidden = frame.Codec == Codecs.Aac && declared.Codec is Codecs.HeAac or Codecs.HeAacV2;
        var doubled = hidden && frame.SampleRate <= 24000;
        var stereo = hidden && declared.Codec == Codecs.HeAacV2 && frame.Channels == 1;
        var read = declared with
        {
            Kind = ComponentKind.Audio,
            Codec = hidden ? declared.Codec : frame.Codec,
            Profile = hidden ? declared.Profile : frame.Profile ?? declared.Profile,
            DecoderBufferBits = AudioBuffers.Bits(frame.Codec, frame.Channels),
            Audio = new AudioFormat
            {
                SampleRate = doubled ? 2 * frame.SampleRate : frame.SampleRate,
                Channels = stereo ? 2 : frame.Channels,
                Layout = stereo ? AudioLayout.Stereo : frame.Layout,
                BitrateBps = frame.BitrateBps,
            },
        };
        if (Format != read) Format = read;
    }

    private static (VideoHeaders?, bool IsNal) VideoOf(ComponentFormat declared) => declared.Codec switch
    {
        Codecs.Mpeg1Video or Codecs.Mpeg2Video => (new MpegVideoHeaders(declared), false),
        Codecs.Avc => (new AvcHeaders(declared), true),
        Codecs.Hevc => (new HevcHeaders(declared), true),
        Codecs.Vvc => (new VvcHeaders(declared), true),
        Codecs.Avs or Codecs.AvsPlus => (new AvsHeaders(declared, AvsGeneration.Avs), false),
        Codecs.Avs2 => (new AvsHeaders(declared, AvsGeneration.Avs2), false),
        Codecs.Avs3 => (new AvsHeaders(declared, AvsGeneration.Avs3), false),
        _ => (null, false),
    };

    private static AudioFrames? AudioOf(ComponentFormat declared, int streamType) => declared.Codec switch
    {
        Codecs.Mpeg1Audio or Codecs.Mpeg2Audio => new AudioFrames(AudioSyntax.Mpeg),
        Codecs.Aac or Codecs.HeAac or Codecs.HeAacV2 => new AudioFrames(streamType == ComponentClassifier.AacLatm ? AudioSyntax.Loas : AudioSyntax.Adts),
        Codecs.Ac3 or Codecs.EAc3 => new AudioFrames(AudioSyntax.Ac3),
        Codecs.Dts => new AudioFrames(AudioSyntax.Dts),
        Codecs.Dra => new AudioFrames(AudioSyntax.Dra),
        Codecs.AudioVivid => new AudioFrames(AudioSyntax.Vivid),
        null when declared.Kind == ComponentKind.Unknown => new AudioFrames(AudioSyntax.Dra, isSound: false), // private data that nothing explains: it may be
        _ => null,
    };
}
