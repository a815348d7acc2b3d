using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SignalWatch.Hardware.Iq;

/// <summary>What SDR programs tell of a recording beside its samples: in the chunk <c>auxi</c>, or in the file's name.</summary>
/// <param name="CenterFrequencyHz">The frequency at 0 Hz of the baseband.</param>
/// <param name="StartedAt">Time of the first sample.</param>
internal readonly partial record struct WavRecording(double? CenterFrequencyHz, DateTimeOffset? StartedAt)
{
    /// <summary>Of a chunk <c>auxi</c>. SpectraVue, Winrad, HDSDR, SDRuno: two SYSTEMTIME, then the centre frequency in Hz as a 32-bit number (SpectraVue User Guide, "WAV file format").
    /// SDR-Console: an XML text, UTF-8 or UTF-16, with <c>RadioCenterFreq</c> and <c>UTCSeconds</c>.</summary>
    public static WavRecording OfAuxi(ReadOnlySpan<byte> auxi)
    {
        var text = auxi.StartsWith("<\0"u8) || auxi is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(auxi) : auxi.StartsWith("<"u8) ? Encoding.UTF8.GetString(auxi) : null;
        if (text is not null)
        {
            double? frequency = Number(RadioCenterFreq().Match(text), 1) is > 0 and { } hz ? hz : null;
            return new WavRecording(frequency, Number(UtcSeconds().Match(text), 1) is > 0 and < 253402300799 and { } seconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)(1000 * seconds)) : null);
        }
        if (auxi.Length < 36) return default;
        var center = BinaryPrimitives.ReadUInt32LittleEndian(auxi[32..]);
        return new WavRecording(center == 0 ? null : center, SystemTime(auxi));
    }

    /// <summary>Of a file's name: <c>…_20190504_163914Z_98000000Hz_…</c>, <c>…_98000kHz_…</c> (SDR#, HDSDR, SDR++), <c>20200813T065220Z_77500_…</c> (KiwiSDR). A time without Z is somebody's local one and not taken.</summary>
    public static WavRecording OfName(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var at = Stamp(NameTime().Match(name));
        var frequency = NameFrequency().Match(name);
        if (Number(frequency, 1) is not { } number) return new WavRecording(Number(KiwiName().Match(name), 1), at);
        return new WavRecording(number * frequency.Groups[2].Value switch { "MHz" => 1e6, "kHz" or "khz" => 1e3, _ => 1 }, at);
    }

    private static double? Number(Match match, int group) =>
        match.Success && double.TryParse(match.Groups[group].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static DateTimeOffset? Stamp(Match match) =>
        match.Success && DateTimeOffset.TryParseExact(match.Groups[1].Value + match.Groups[2].Value, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    // SYSTEMTIME: year, month, day of week, day, hour, minute, second, millisecond, 16 bits each.
    private static DateTimeOffset? SystemTime(ReadOnlySpan<byte> from)
    {
        Span<int> field = stackalloc int[8];
        for (var n = 0; n < 8; n++) field[n] = BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * n)..]);
        var valid = field[0] is >= 1990 and <= 9999 && field[1] is >= 1 and <= 12 && field[3] >= 1 && field[3] <= DateTime.DaysInMonth(field[0], field[1]) && field[4] < 24 && field[5] < 60 && field[6] < 60 && field[7] < 1000;
        return valid ? new DateTimeOffset(field[0], field[1], field[3], field[4], field[5], field[6], field[7], TimeSpan.Zero) : null;
    }

    [GeneratedRegex(@"RadioCenterFreq\s*=\s*""(\d{1,12})""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RadioCenterFreq();

    [GeneratedRegex(@"UTCSeconds\s*=\s*""(\d{1,12}(?:\.\d{1,9})?)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UtcSeconds();

    [GeneratedRegex(@"(?:^|[_\-])(\d{1,12}(?:\.\d{1,9})?)(Hz|kHz|khz|MHz)(?:[_\-]|$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NameFrequency();

    [GeneratedRegex(@"(?:^|_)(\d{8})[T_](\d{6})Z(?:_|$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NameTime();

    [GeneratedRegex(@"^\d{8}T\d{6}Z_(\d{1,12})_", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KiwiName();
}
