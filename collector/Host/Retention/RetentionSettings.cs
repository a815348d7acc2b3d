using System.Globalization;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Retention;

/// <summary>How long what may be removed is kept. Verdicts, acts, registers, cases and evidence are not here: alarms and cases are folded from them, so they go only with a whole month, which a person drops.</summary>
internal sealed record RetentionSettings
{
    /// <summary>网络安全法 §21: network logs for not less than six months.</summary>
    public const int LogDays = 184;

    /// <summary>Observations are no logs; a clip of an abnormal event is kept 30 days in the field's own systems, and what a case names is kept for ever.</summary>
    public const int LeastObservationDays = 30;

    private const long NearlyFullBytes = 2L << 30;
    private const int NearlyFullPart = 20;

    public int ObservationDays { get; init; } = LogDays;

    /// <summary>Gaps: what was missing is asked about longer than what was there.</summary>
    public int GapDays { get; init; } = 1_096;

    public int DeadLetterDays { get; init; } = LogDays;

    /// <summary>Free and whole size of the disk of a folder, bytes.</summary>
    public Func<string, (long Free, long Whole)> Room { get; init; } = folder =>
    {
        var drive = new DriveInfo(Path.GetFullPath(folder));
        return (drive.AvailableFreeSpace, drive.TotalSize);
    };

    /// <summary>Reads <c>observation=184d,gap=1096d,dead-letter=184d</c>; what is not named keeps its default.</summary>
    /// <exception cref="ProblemException">It is not understood, or shorter than the law permits.</exception>
    public static RetentionSettings Parse(string text)
    {
        var settings = new RetentionSettings();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=') is not [var name, [.. var number, 'd']] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days > 36_530) throw new ProblemException(RetentionTexts.BadSetting(part));
            settings = name switch
            {
                "observation" => settings with { ObservationDays = AtLeast(days, LeastObservationDays, part) },
                "gap" => settings with { GapDays = AtLeast(days, LogDays, part) },
                "dead-letter" => settings with { DeadLetterDays = AtLeast(days, LogDays, part) },
                _ => throw new ProblemException(RetentionTexts.BadSetting(part)),
            };
        }
        return settings;
    }

    /// <summary>What is over at a time.</summary>
    public RetentionLimits Limits(DateTimeOffset now) => new(
        new Dictionary<EntryKind, DateTimeOffset> { [EntryKind.Observation] = now.AddDays(-ObservationDays), [EntryKind.Gap] = now.AddDays(-GapDays) }, now.AddDays(-DeadLetterDays));

    /// <summary>True where less than 2 GiB or a twentieth of the disk is free, whichever is less: a small disk is not nearly full from its first day.</summary>
    public static bool IsNearlyFull(long free, long whole) => free < Math.Min(NearlyFullBytes, whole / NearlyFullPart);

    private static int AtLeast(int days, int least, string part) => days >= least ? days : throw new ProblemException(RetentionTexts.TooShort(part, least));
}
