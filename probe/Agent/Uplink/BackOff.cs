using System.Net.Http.Headers;

namespace SignalWatch.Probe.Uplink;

/// <summary>How long to wait after failures in a row: doubling from half a second to 30 s, spread by chance, so that a hundred probes do not return to a restarted collector in one moment.</summary>
internal sealed class BackOff(Random random)
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    public void Reset() => Failures = 0;

    /// <param name="atLeast">What the collector asked for, or null.</param>
    public TimeSpan Next(TimeSpan? atLeast)
    {
        var doubled = Math.Min(Most.TotalSeconds, 0.5 * Math.Pow(2, Math.Min(Failures, 10)));
        Failures++;
        var wait = TimeSpan.FromSeconds(doubled * (0.5 + 0.5 * random.NextDouble()));
        return atLeast is { } asked && asked > wait ? asked : wait;
    }

    /// <summary>What Retry-After asks for (RFC 9110 10.2.3), at most ten minutes: a wrong clock must not silence a probe for days.</summary>
    public static TimeSpan? Asked(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var asked = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        if (asked is not { } wait || wait <= TimeSpan.Zero) return null;
        return wait < TimeSpan.FromMinutes(10) ? wait : TimeSpan.FromMinutes(10);
    }
}
