using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>The address of a receiver: <c>rtl_tcp://HOST:PORT?rate=…&amp;center=…&amp;gain=…&amp;ppm=…&amp;agc=…&amp;bias=…</c>. What it says goes before the command's options.</summary>
internal static class ReceiverAddress
{
    private const int UsualPort = 1234;
    private const double MostPpm = 1000, MostGainDb = 100;

    /// <summary>Reads one.</summary>
    /// <exception cref="ProblemException"><c>usage.address</c>, <c>usage.needs</c>.</exception>
    public static (string Host, int Port, RtlTcpOptions Options) RtlTcp(string written, IqOptions options)
    {
        if (!Uri.TryCreate(written.Replace('_', '-'), UriKind.Absolute, out var address) || address.Host.Length == 0) throw new ProblemException(FmTexts.BadAddress(written, "rtl_tcp://"));
        var read = options;
        var (agc, bias) = (false, options.BiasTee);
        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals > 0 ? (pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..])) : (pair, "");
            switch (name.ToLowerInvariant())
            {
                case "rate" or "samplerate" when IqOptions.TryParseHz(value, out var hz) && hz > 0:
                    read = read with { RateHz = hz };
                    break;
                case "center" or "centre" or "freq" when IqOptions.TryParseHz(value, out var hz) && hz > 0:
                    read = read with { CenterHz = hz };
                    break;
                case "gain" when value == "auto":
                    read = read with { GainDb = null };
                    break;
                case "gain" when IqOptions.TryParseHz(value, out var db) && db is >= 0 and <= MostGainDb:
                    read = read with { GainDb = db };
                    break;
                case "ppm" when IqOptions.TryParseHz(value, out var ppm) && Math.Abs(ppm) <= MostPpm:
                    read = read with { Ppm = ppm };
                    break;
                case "agc" when value is "0" or "1":
                    agc = value == "1";
                    break;
                case "bias" when value is "0" or "1":
                    bias = value == "1";
                    break;
                default:
                    throw new ProblemException(FmTexts.BadAddress(written, pair));
            }
        }
        return (address.Host, address.IsDefaultPort || address.Port < 0 ? UsualPort : address.Port, new RtlTcpOptions
        {
            CenterFrequencyHz = read.CenterHz ?? throw new ProblemException(FmTexts.Needs("rtl_tcp://", "center=HZ / --center HZ")),
            SampleRateHz = read.RateHz ?? 2_400_000,
            GainDb = read.GainDb,
            Ppm = (int)Math.Round(read.Ppm ?? 0),
            Agc = agc,
            BiasTee = bias,
        });
    }

    /// <summary>A receiver by librtlsdr: a number of one or two digits is an index, all else a serial number.</summary>
    /// <exception cref="ProblemException"><c>usage.needs</c>.</exception>
    public static RtlSdrOptions RtlSdr(string target, IqOptions options)
    {
        var isIndex = target.Length is 1 or 2 && target.All(char.IsAsciiDigit);
        return new RtlSdrOptions
        {
            Serial = isIndex ? null : target,
            Index = isIndex ? int.Parse(target, CultureInfo.InvariantCulture) : 0,
            CenterFrequencyHz = options.CenterHz ?? throw new ProblemException(FmTexts.Needs("rtlsdr:", "--center HZ")),
            SampleRateHz = options.RateHz ?? 2_400_000,
            GainDb = options.GainDb,
            Ppm = (int)Math.Round(options.Ppm ?? 0),
            BiasTee = options.BiasTee ?? false,
        };
    }

    /// <summary>A receiver by SoapySDR.</summary>
    /// <exception cref="ProblemException"><c>usage.needs</c>.</exception>
    public static SoapyOptions Soapy(string target, IqOptions options) => new()
    {
        Device = target,
        CenterFrequencyHz = options.CenterHz ?? throw new ProblemException(FmTexts.Needs("soapy:", "--center HZ")),
        SampleRateHz = options.RateHz ?? throw new ProblemException(FmTexts.Needs("soapy:", "--rate HZ")),
        GainDb = options.GainDb,
        Ppm = options.Ppm ?? 0,
    };
}
