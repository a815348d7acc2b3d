using System.CommandLine;
using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary>The source and its options, which <c>fm</c>, <c>rds</c> and <c>listen</c> have in common.</summary>
internal sealed class FmSourceOptions
{
    private const double MostGainDb = 100, MostPpm = 1000;

    private readonly Argument<string?> source;
    private readonly Option<string?> rate;
    private readonly Option<string?> center;
    private readonly Option<string?> format;
    private readonly Option<string?> gain;
    private readonly Option<string?> ppm;
    private readonly Option<string?> fullScale;
    private readonly Option<string?> duration;

    public FmSourceOptions(Language language, Text sources)
    {
        Option<string?> Of(string name, Text text, string value) => new(name) { Description = text.In(language), HelpName = value };
        source = new Argument<string?>("SOURCE") { Description = sources.In(language), Arity = ArgumentArity.ZeroOrOne };
        rate = Of("--rate", FmTexts.RateOption, "HZ");
        center = Of("--center", FmTexts.CenterOption, "HZ");
        format = Of("--format", FmTexts.FormatOption, "FORMAT");
        format.AcceptOnlyFromAmong("cu8", "cs8", "cs16", "cf32");
        gain = Of("--gain", FmTexts.GainOption, "DB");
        ppm = Of("--ppm", FmTexts.PpmOption, "PPM");
        fullScale = Of("--full-scale", FmTexts.FullScaleOption, "HZ");
        duration = Of("--duration", FmTexts.DurationOption, "S");
    }

    public void AddTo(Command command)
    {
        command.Add(source);
        foreach (var option in (Option[])[rate, center, format, gain, ppm, fullScale, duration]) command.Add(option);
    }

    /// <exception cref="ProblemException">There is none, or it can't be read.</exception>
    public IqAddress Address(ParseResult parsed) => IqAddress.Parse(parsed.GetValue(source) ?? throw new ProblemException(FmTexts.NoSource), parsed.GetValue(format));

    /// <exception cref="ProblemException"><c>usage.number</c>.</exception>
    public IqOptions Options(ParseResult parsed) => new()
    {
        RateHz = Positive("--rate", parsed.GetValue(rate)),
        CenterHz = Positive("--center", parsed.GetValue(center)),
        Format = parsed.GetValue(format),
        GainDb = parsed.GetValue(gain) is "auto" ? null : Number("--gain", parsed.GetValue(gain), 0, MostGainDb),
        Ppm = Number("--ppm", parsed.GetValue(ppm), -MostPpm, MostPpm),
        FullScaleHz = Positive("--full-scale", parsed.GetValue(fullScale)),
    };

    /// <exception cref="ProblemException"><c>usage.number</c>.</exception>
    public TimeSpan? Duration(ParseResult parsed) => Number("--duration", parsed.GetValue(duration), 0.001, 366 * 86_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A frequency or a rate.</summary>
    /// <exception cref="ProblemException"><c>usage.number</c>.</exception>
    public static double? Positive(string option, string? text)
    {
        if (text is null) return null;
        return IqOptions.TryParseHz(text, out var hz) && hz is > 0 and < 1e11 ? hz : throw new ProblemException(FmTexts.BadFrequency(option, text));
    }

    private static double? Number(string option, string? text, double least, double most)
    {
        if (text is null) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : throw new ProblemException(FmTexts.BadNumber(option, text, least, most));
    }
}
