using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What a WAV file holds.</summary>
/// <param name="Channels">Two mean I and Q for a receiver's recording, one an MPX composite.</param>
/// <param name="SampleRateHz">Samples a second.</param>
/// <param name="BitsPerSample">Bits of a value.</param>
/// <param name="Length">Length by what is really in the file.</param>
public readonly record struct WavDescription(int Channels, double SampleRateHz, int BitsPerSample, TimeSpan Length);

/// <summary>The header of a WAV file: RIFF (Multimedia Programming Interface 1.0), RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088). Lengths that do not fit what is in the file, as torn recordings have, are put right.</summary>
public sealed class WavFile
{
    private const int PcmTag = 1;              // WAVE_FORMAT_PCM
    private const int FloatTag = 3;            // WAVE_FORMAT_IEEE_FLOAT
    private const int ExtensibleTag = 0xFFFE;  // WAVE_FORMAT_EXTENSIBLE: the true tag begins its SubFormat
    private const uint InDs64 = 0xFFFFFFFF;    // the length is in the ds64 chunk
    private const int MaxAuxiBytes = 64 << 10;
    private const int MaxPieces = 4_000_000;   // of a file in pieces of 2 KiB as KiwiSDRs write it: 8 GB

    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly long length;
    private readonly List<Problem> warnings = [];
    private long dataLength64 = -1;
    private bool hasFormat;

    private WavFile(string path, SafeFileHandle file)
    {
        (this.path, this.file) = (path, file);
        length = RandomAccess.GetLength(file);
    }

    internal int Channels { get; private set; }

    internal double SampleRateHz { get; private set; }

    internal int BitsPerSample { get; private set; }

    internal SampleEncoding Encoding { get; private set; }

    /// <summary>Bytes of one value of each channel.</summary>
    internal int FrameBytes => Channels * Encoding.Bytes();

    internal SampleExtents Samples { get; } = new();

    /// <summary>The chunk of SDR programs: centre frequency and start; null where there is none.</summary>
    internal byte[]? Auxi { get; private set; }

    internal IReadOnlyList<Problem> Warnings => warnings;

    internal TimeSpan Length => TimeSpan.FromSeconds(Samples.Length / FrameBytes / SampleRateHz);

    /// <summary>Tells what a WAV file holds: how a recording of IQ and one of MPX are told apart.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ProblemException"><c>wav.missing</c>, <c>wav.not-wav</c>, <c>wav.format</c>, <c>wav.empty</c>, <c>wav.unreadable</c>.</exception>
    public static WavDescription Describe(string path)
    {
        var (wav, file) = Open(path);
        using (file) return new WavDescription(wav.Channels, wav.SampleRateHz, wav.BitsPerSample, wav.Length);
    }

    /// <summary>Opens a file and reads its header. The caller closes the handle.</summary>
    internal static (WavFile Wav, SafeFileHandle File) Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = OpenHandle(path);
        try
        {
            var wav = new WavFile(path, file);
            wav.ReadChunks();
            return (wav, file);
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is IOException) throw new ProblemException(WavTexts.Unreadable(path, e.Message), e);
            throw;
        }
    }

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(WavTexts.Missing(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(WavTexts.Unreadable(path, e.Message), e);
        }
    }

    private void ReadChunks()
    {
        Span<byte> head = stackalloc byte[12];
        if (!Read(0, head) || !head[8..].SequenceEqual("WAVE"u8) || !(head[..4].SequenceEqual("RIFF"u8) || head[..4].SequenceEqual("RF64"u8) || head[..4].SequenceEqual("BW64"u8)))
            throw new ProblemException(WavTexts.NotWav(path));
        long at = 12;
        var pieces = 0;
        while (TryChunk(at, out var id, out var said) && pieces < MaxPieces)
        {
            var body = at + 8;
            if (id == Id("data"u8))
            {
                if (!hasFormat) throw new ProblemException(WavTexts.Format(path, "data < fmt"));
                pieces++;
                said = DataLength(body, said);
                Samples.Add(body, said);
            }
            else if (id == Id("fmt "u8)) ReadFormat(body, said);
            else if (id == Id("ds64"u8)) ReadDs64(body);
            else if (id == Id("auxi"u8)) Auxi = ReadAuxi(body, said);
            at = body + said + (said & 1); // chunks begin at even places
        }
        if (!hasFormat) throw new ProblemException(WavTexts.NotWav(path));
        if (Samples.Length % FrameBytes is not 0 and var rest) warnings.Add(WavTexts.Torn(path, rest));
        Samples.Limit(Samples.Length / FrameBytes * FrameBytes);
        if (Samples.Length == 0) throw new ProblemException(WavTexts.Empty(path));
    }

    private bool TryChunk(long at, out uint id, out long said)
    {
        Span<byte> head = stackalloc byte[8];
        (id, said) = (0, 0);
        if (at < 0 || at > length - 8 || !Read(at, head)) return false;
        id = BinaryPrimitives.ReadUInt32BigEndian(head);
        said = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        return true;
    }

    // A recording that was torn off says 0, the length of its first block, or 2^32 − 1; one above 4 GiB says its length modulo 2^32. Its samples go to the end of the file.
    private long DataLength(long body, long said)
    {
        var there = length - body;
        if (said == InDs64 && dataLength64 >= 0) said = dataLength64;
        if (said > there)
        {
            warnings.Add(WavTexts.WrongLength(path, said, there));
            return there;
        }
        if (said == there || EndsWell(body + said + (said & 1))) return said;
        warnings.Add(WavTexts.WrongLength(path, said, there));
        return there;
    }

    // What follows is the end of the file, or a chunk that has a name and fits.
    private bool EndsWell(long at)
    {
        if (at >= length - 1) return true;
        if (!TryChunk(at, out var id, out var said)) return false;
        for (var shift = 0; shift < 32; shift += 8)
            if ((byte)(id >> shift) is < 0x20 or > 0x7E) return false;
        return id == Id("data"u8) || at + 8 + said <= length + 1;
    }

    private void ReadFormat(long body, long said)
    {
        Span<byte> format = stackalloc byte[40];
        format = format[..(int)Math.Min(said, 40)];
        if (said < 16 || !Read(body, format)) throw new ProblemException(WavTexts.Format(path, "fmt"));
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        if (tag == ExtensibleTag && format.Length >= 26) tag = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        Channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        SampleRateHz = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        BitsPerSample = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        Encoding = (tag, BitsPerSample) switch
        {
            (PcmTag, 8) => SampleEncoding.U8Wav,
            (PcmTag, 16) => SampleEncoding.I16Le,
            (PcmTag, 24) => SampleEncoding.I24Le,
            (PcmTag, 32) => SampleEncoding.I32Le,
            (FloatTag, 32) => SampleEncoding.F32Le,
            (FloatTag, 64) => SampleEncoding.F64Le,
            _ => throw new ProblemException(WavTexts.Format(path, $"tag {tag}, {BitsPerSample} bit")),
        };
        if (Channels is < 1 or > 64) throw new ProblemException(WavTexts.Format(path, $"{Channels} channels"));
        if (SampleRateHz <= 0) throw new ProblemException(WavTexts.Format(path, "0 Hz"));
        hasFormat = true;
    }

    // EBU Tech 3306, 3.2: lengths of the whole and of the data, 64 bits each.
    private void ReadDs64(long body)
    {
        Span<byte> lengths = stackalloc byte[16];
        if (Read(body, lengths)) dataLength64 = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(lengths[8..]), long.MaxValue / 4);
    }

    private byte[]? ReadAuxi(long body, long said)
    {
        var auxi = new byte[(int)Math.Min(said, MaxAuxiBytes)];
        return Read(body, auxi) ? auxi : null;
    }

    private bool Read(long at, Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            var read = RandomAccess.Read(file, to, at);
            if (read == 0) return false;
            at += read;
            to = to[read..];
        }
        return true;
    }

    private static uint Id(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);
}
