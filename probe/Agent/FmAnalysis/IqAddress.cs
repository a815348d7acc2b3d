using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>What gives the signal.</summary>
internal enum IqKind
{
    /// <summary>A SigMF recording or archive.</summary>
    SigMf,

    /// <summary>A WAV file: two channels are IQ, one is a multiplex signal.</summary>
    Wav,

    /// <summary>Bare samples.</summary>
    Raw,

    /// <summary>A receiver behind <c>rtl_tcp</c>.</summary>
    RtlTcp,

    /// <summary>A receiver at this machine, by librtlsdr.</summary>
    RtlSdr,

    /// <summary>A receiver at this machine, by SoapySDR.</summary>
    Soapy,

    /// <summary>The simulated city's band.</summary>
    City,

    /// <summary>A text of RDS groups; <c>-</c> is standard input.</summary>
    Groups,
}

/// <summary>Where FM comes from, as a person writes it.</summary>
/// <param name="Written">As it was written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Target">Path, address, serial number or arguments without the prefix.</param>
internal sealed record IqAddress(string Written, IqKind Kind, string Target)
{
    private static readonly string[] RawEndings = [".cu8", ".cs8", ".cs16", ".cf32", ".iq"];
    private static readonly string[] GroupEndings = [".spy", ".rds", ".txt"];
    private static readonly string[] SigMfEndings = [".sigmf-meta", ".sigmf-data", ".sigmf"];

    /// <summary>It has an end and can be read again from its beginning.</summary>
    public bool IsFile => Kind is IqKind.SigMf or IqKind.Wav or IqKind.Raw;

    /// <summary>Reads what a person wrote.</summary>
    /// <param name="written">The source.</param>
    /// <param name="format">The format of bare samples where one was given: then a file of any name is such a one.</param>
    /// <exception cref="ProblemException"><c>fm.source-unknown</c>, <c>fm.source-missing</c>, <c>fm.source-city</c>: nothing can be read there.</exception>
    public static IqAddress Parse(string written, string? format = null)
    {
        bool Begins(string prefix) => written.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        IqAddress After(string prefix, IqKind kind) => new(written, kind, written[prefix.Length..]);
        if (written == "-") return new(written, IqKind.Groups, written);
        if (Begins("rtl_tcp://")) return new(written, IqKind.RtlTcp, written);
        if (Begins("rtlsdr:")) return After("rtlsdr:", IqKind.RtlSdr);
        if (Begins("soapy:")) return After("soapy:", IqKind.Soapy);
        if (Begins("city:")) return string.Equals(written, "city:fm", StringComparison.OrdinalIgnoreCase) ? After("city:", IqKind.City) : throw new ProblemException(FmTexts.UnknownCitySource(written));
        var path = Begins("file:") ? written["file:".Length..] : written;
        return File(written, path, format) ?? throw new ProblemException(Missing(written, path));
    }

    private static IqAddress? File(string written, string path, string? format)
    {
        bool Ends(IEnumerable<string> endings) => endings.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));
        if (Directory.Exists(path)) throw new ProblemException(FmTexts.Folder(path));
        if (Ends(SigMfEndings)) return new(written, IqKind.SigMf, path);
        var isThere = System.IO.File.Exists(path);
        if (format is not null && isThere) return new(written, IqKind.Raw, path);
        if (System.IO.File.Exists(path + ".sigmf-meta")) return new(written, IqKind.SigMf, path);
        if (!isThere) return null;
        if (Ends([".wav"])) return new(written, IqKind.Wav, path);
        if (Ends(RawEndings)) return new(written, IqKind.Raw, path);
        if (Ends(GroupEndings)) return new(written, IqKind.Groups, path);
        throw new ProblemException(FmTexts.UnknownFile(path));
    }

    // "hackrf:0" is no file that is missing.
    private static Problem Missing(string written, string path)
    {
        var colon = written.IndexOf(':', StringComparison.Ordinal);
        var looksLikeScheme = colon > 1 && written[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-') && !written[..colon].Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return looksLikeScheme ? FmTexts.UnknownScheme(written[..colon]) : FmTexts.Missing(path);
    }
}

/// <summary>What a person says of a source that it does not say itself.</summary>
internal sealed record IqOptions
{
    /// <summary>Samples a second.</summary>
    public double? RateHz { get; init; }

    /// <summary>The frequency in the middle, Hz.</summary>
    public double? CenterHz { get; init; }

    /// <summary>How bare samples stand in the file: <c>cu8</c>, <c>cs8</c>, <c>cs16</c>, <c>cf32</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Tuner gain, dB; null leaves it to the receiver.</summary>
    public double? GainDb { get; init; }

    /// <summary>Correction of the receiver's clock, parts in a million.</summary>
    public double? Ppm { get; init; }

    /// <summary>Voltage on the antenna socket; null says nothing of it to the receiver.</summary>
    public bool? BiasTee { get; init; }

    /// <summary>Deviation that gives full scale in a file of the multiplex signal, Hz.</summary>
    public double? FullScaleHz { get; init; }

    /// <summary>Number as people write frequencies and rates: 98.2M, 2.4e6, 2400k, 98_200_000.</summary>
    public static bool TryParseHz(string? text, out double hz)
    {
        hz = 0;
        if (text is null) return false;
        var digits = text.Trim().Replace("_", "", StringComparison.Ordinal);
        var factor = 1.0;
        foreach (var (ending, value) in ((string, double)[])[("MHz", 1e6), ("kHz", 1e3), ("Hz", 1), ("M", 1e6), ("k", 1e3)])
        {
            if (!digits.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            (digits, factor) = (digits[..^ending.Length], value);
            break;
        }
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return false;
        hz = number * factor;
        return true;
    }
}
