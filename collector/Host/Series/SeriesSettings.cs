using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>How long series are kept, and what they may take.</summary>
internal sealed record SeriesSettings
{
    /// <summary>How long each roll-up is kept: 1 s, 1 min, 1 h.</summary>
    public IReadOnlyList<TimeSpan> Keep { get; init; } = [TimeSpan.FromDays(2), TimeSpan.FromDays(90), TimeSpan.FromDays(3653)];

    /// <summary>Different series at most. One more is refused and counted: a stream of made-up subjects must not fill the memory.</summary>
    public int MostSeries { get; init; } = 250_000;

    /// <summary>Values that wait in memory for the disk at most, 20 B each.</summary>
    public int MostPoints { get; init; } = 4_000_000;

    /// <summary>Observations that wait for the recorder at most. Beyond it they are read from the journal again, later.</summary>
    public int MostQueued { get; init; } = 40_000;

    /// <summary>How long values stay in memory alone at most.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads <c>2d,90d,3653d</c>: how long 1 s, 1 min and 1 h are kept, in days or hours.</summary>
    /// <exception cref="ProblemException">It can't be read.</exception>
    public static IReadOnlyList<TimeSpan> ParseKeep(string text)
    {
        var keep = text.Split(',').Select(Span).ToList();
        return keep.Count == Rollup.All.Count && keep.TrueForAll(k => k is { } span && span >= TimeSpan.FromHours(1)) && keep[0] <= keep[1] && keep[1] <= keep[2]
            ? [.. keep.Select(k => k!.Value)]
            : throw new ProblemException(SeriesTexts.BadKeep(text));
    }

    private static TimeSpan? Span(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length < 2 || !int.TryParse(trimmed[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 40_000) return null;
        return trimmed[^1] switch { 'd' => TimeSpan.FromDays(number), 'h' => TimeSpan.FromHours(number), _ => null };
    }
}
