using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>The programme clocks of a multiplex over ten seconds. Accuracy and jitter are those of the worst second; frequency and drift look further back by themselves.</summary>
internal sealed class ClockSpan
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<int, Figures> clocks = [];
    private DateTimeOffset? began;

    /// <summary>Takes the clocks of a second.</summary>
    public void Take(MultiplexReport report)
    {
        began ??= report.At;
        foreach (var clock in report.Clocks)
        {
            if (clocks.TryGetValue(clock.Pid, out var figures)) figures.Add(clock);
            else clocks.Add(clock.Pid, new Figures(clock));
        }
    }

    /// <summary>The clocks, where ten seconds are over: the next ten begin.</summary>
    public IReadOnlyList<Figures> Due(DateTimeOffset at)
    {
        if (at - began < Every) return [];
        began = at;
        List<Figures> due = [.. clocks.Values];
        clocks.Clear();
        return due;
    }

    /// <summary>One clock.</summary>
    internal sealed class Figures
    {
        private Text? accuracyMethod;

        public Figures(ClockReport first)
        {
            Last = first;
            Add(first);
        }

        /// <summary>Its latest report.</summary>
        public ClockReport Last { get; private set; }

        public double? AccuracyMaxNs { get; private set; }

        public double? AccuracyP99Ns { get; private set; }

        public double? OverallJitterNs { get; private set; }

        /// <summary>How it was measured, or why it was not.</summary>
        public Text Method
        {
            get
            {
                var accuracy = accuracyMethod ?? Last.AccuracyMaxNs.Method;
                var offset = Last.OffsetPpm.Method;
                return new($"精度：{accuracy.Zh}；频率：{offset.Zh}", $"accuracy: {accuracy.En}; frequency: {offset.En}");
            }
        }

        public void Add(ClockReport clock)
        {
            Last = clock;
            if (clock.AccuracyMaxNs.Value is not null) accuracyMethod = clock.AccuracyMaxNs.Method;
            AccuracyMaxNs = Larger(AccuracyMaxNs, clock.AccuracyMaxNs.Value);
            AccuracyP99Ns = Larger(AccuracyP99Ns, clock.AccuracyP99Ns.Value);
            OverallJitterNs = Larger(OverallJitterNs, clock.OverallJitterNs.Value);
        }

        private static double? Larger(double? a, double? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
    }
}
