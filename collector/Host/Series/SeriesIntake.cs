using System.Runtime.InteropServices;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Series.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>Takes the numbers out of observations. What it does not take is counted with the reason.</summary>
internal sealed class SeriesIntake(SeriesSettings settings)
{
    private const int Unknown = -1, Refused = -2;

    private const int MostShapes = 4_096;

    private readonly Dictionary<Source, int[]> sources = [];
    private readonly Dictionary<FactNames, (MetricGroup Group, int[] Indexes)> shapes = [];
    private readonly List<(int Series, double Value)> taken = [];
    private long points, wrongTime, tooMany;

    /// <summary>Values taken.</summary>
    public long Points => Volatile.Read(ref points);

    /// <summary>Observations whose time is farther in the future, or in the past, than is kept.</summary>
    public long WrongTime => Volatile.Read(ref wrongTime);

    /// <summary>Values of series for which there was no number left.</summary>
    public long TooMany => Volatile.Read(ref tooMany);

    /// <summary>Takes an observation's numbers, or none of them.</summary>
    /// <param name="observation">What was measured.</param>
    /// <param name="now">When it was received.</param>
    /// <param name="future">How far ahead a probe's clock may be.</param>
    /// <param name="store">Where they go.</param>
    /// <returns>False where there is no room: nothing of it was taken.</returns>
    public bool Add(Observation observation, DateTimeOffset now, TimeSpan future, SeriesStore store)
    {
        if (MetricGroup.Of(observation.Kind) is not { } group) return true;
        if (observation.At > now + future || observation.At < now - settings.Keep[^1])
        {
            Interlocked.Increment(ref wrongTime);
            return true;
        }
        if (store.Waiting + group.Metrics.Count > settings.MostPoints) return false;
        var source = new Source(group, observation.Subject, observation.Probe, observation.Watch, observation.Origin, group.ApartOf(observation));
        if (!sources.TryGetValue(source, out var numbers)) sources[source] = numbers = NewNumbers(group);
        var ms = observation.At.ToUnixTimeMilliseconds();
        taken.Clear();
        if (observation.Facts is FactTable table)
        {
            var indexes = IndexesOf(table.Names, group);
            var facts = table.Span;
            for (var i = 0; i < facts.Length; i++) Take(indexes[i], facts[i], source, numbers, store);
        }
        else
        {
            foreach (var (name, fact) in observation.Facts) Take(group.IndexOf(name), fact, source, numbers, store);
        }
        var added = store.Add(CollectionsMarshal.AsSpan(taken), ms);
        Interlocked.Add(ref points, added);
        if (added < taken.Count) Interlocked.Add(ref tooMany, taken.Count - added);
        return true;
    }

    private void Take(int index, in Fact fact, in Source source, int[] numbers, SeriesStore store)
    {
        if (index < 0 || fact.Type != FactType.Number) return;
        var metric = source.Group.Metrics[index];
        if (numbers[index] == Unknown)
        {
            var number = store.Names.NumberOf(new(metric.Name, source.Subject, source.Probe, source.Watch, source.Origin, source.Apart));
            numbers[index] = number < 0 ? Refused : number;
        }
        if (numbers[index] == Refused) Interlocked.Increment(ref tooMany);
        else taken.Add((numbers[index], metric.Round(fact.AsNumber)));
    }

    /// <summary>Which metric each of the names is.</summary>
    private int[] IndexesOf(FactNames names, MetricGroup group)
    {
        if (shapes.TryGetValue(names, out var known) && known.Group == group) return known.Indexes;
        if (shapes.Count >= MostShapes) shapes.Clear();
        var indexes = new int[names.Count];
        for (var i = 0; i < indexes.Length; i++) indexes[i] = group.IndexOf(names.All[i]);
        shapes[names] = (group, indexes);
        return indexes;
    }

    private int[] NewNumbers(MetricGroup group)
    {
        if (sources.Count >= settings.MostSeries) sources.Clear(); // only a cache: the list of names knows them
        var numbers = new int[group.Metrics.Count];
        Array.Fill(numbers, Unknown);
        return numbers;
    }

    private readonly record struct Source(MetricGroup Group, Subject Subject, ProbeId Probe, WatchId Watch, Origin Origin, string Apart);
}
