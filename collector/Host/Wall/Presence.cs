using System.Collections.Concurrent;

namespace SignalWatch.Collector.Wall;

/// <summary>Somebody who has a wall open.</summary>
/// <param name="Name">As they gave it; the collector does not know better until there is a sign-in.</param>
/// <param name="Looking">What they look at: an alarm's id, a page; null for the wall itself.</param>
/// <param name="Since">Since when.</param>
internal sealed record PresentViewer(string Name, string? Looking, DateTimeOffset Since);

/// <summary>Who is at the walls, so that two people do not work on one alarm without knowing of each other.</summary>
internal sealed class Presence
{
    private const int LongestName = 64;

    private readonly ConcurrentDictionary<string, PresentViewer> viewers = new(StringComparer.Ordinal);
    private int version;

    /// <summary>Rises with each change.</summary>
    public int Version => Volatile.Read(ref version);

    /// <summary>Everybody who said who they are.</summary>
    public IReadOnlyList<PresentViewer> Everybody => [.. viewers.Values.OrderBy(v => v.Name, StringComparer.Ordinal).ThenBy(v => v.Since)];

    /// <summary>A viewer says who they are and what they look at.</summary>
    public void Say(string connection, string? name, string? looking, DateTimeOffset now)
    {
        if (Short(name) is not { } known)
        {
            Leave(connection);
            return;
        }
        var viewer = new PresentViewer(known, Short(looking), now);
        if (viewers.TryGetValue(connection, out var before) && before with { Since = now } == viewer) return;
        viewers[connection] = viewer;
        Interlocked.Increment(ref version);
    }

    /// <summary>A viewer has gone.</summary>
    public void Leave(string connection)
    {
        if (viewers.TryRemove(connection, out _)) Interlocked.Increment(ref version);
    }

    private static string? Short(string? text) => text?.Trim() is { Length: > 0 } said ? said[..Math.Min(said.Length, LongestName)] : null;
}
