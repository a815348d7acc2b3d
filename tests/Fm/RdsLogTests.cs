using System.Globalization;
using SignalWatch.Fm;
using SignalWatch.Fm.Rds;

namespace SignalWatch.Tests;

/// <summary>The stages from groups and from bits on. fm/rds_logs: 47 logs of real stations of 18 countries, received off the air 2015 to 2022 with RDS Spy;
/// redsea's reading of each beside it.</summary>
public sealed class RdsLogTests
{
    // USA 4569 sends the words of a song's title one after the other; redsea, which wants the parts in order, misses this one of "Puddle Of Mudd Blurry".
    private static readonly string[] Ours = ["Blurry  "];

    private static IEnumerable<string> Logs() =>
        Directory.EnumerateFiles(Recordings.File("fm", "rds_logs")).Where(f => f.EndsWith(".spy", StringComparison.Ordinal) || f.EndsWith(".rds", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [RecordingFact]
    public void Pi_and_names_of_every_log_agree_with_redsea()
    {
        foreach (var log in Logs())
        {
            var (station, names) = Read(log);
            var redsea = Redsea.Groups(log + ".redsea.json");
            station.Pi.Should().Be(redsea.GroupBy(g => g.Pi).MaxBy(g => g.Count())!.Key, log);
            var theirs = redsea.Where(g => g.Ps is not null).GroupBy(g => g.Ps!).ToDictionary(g => g.Key, g => g.Count());
            // The name that redsea gave most often is one of ours; and all of ours are its.
            if (theirs.Count > 0 && theirs.Values.Max() >= 5) names.Should().Contain(theirs.MaxBy(p => p.Value).Key, log);
            names.Except(Ours).Should().BeSubsetOf(theirs.Keys, log);
        }
    }

    [RecordingFact]
    public void Bits_give_the_groups_that_they_were_made_of()
    {
        var groups = Groups(Recordings.File("fm", "rds_logs", "Netherlands_8201_-_2019-05-04_23-11-49.spy")).Where(g => g.Received == 4).Take(200).ToList();
        var decoded = new List<RdsGroup>();
        var sync = new RdsBlockSync(decoded.Add);
        foreach (var symbol in RdsBits.Symbols(groups.SelectMany(RdsBits.Of))) sync.Accept(symbol, 1, 0.1);
        decoded.Should().Equal(groups);
        sync.BlocksWithErrors.Should().Be(0);
    }

    internal static (RdsStation Station, HashSet<string> Names) Read(string log)
    {
        var station = new RdsStation();
        var names = new HashSet<string>();
        foreach (var group in Groups(log))
        {
            station.Accept(group);
            if (station.Ps is { } ps) names.Add(ps);
        }
        return (station, names);
    }

    private static IEnumerable<RdsGroup> Groups(string log)
    {
        foreach (var line in File.ReadLines(log))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || words.Take(4).Any(w => w.Length != 4)) continue;
            var blocks = words.Take(4).Select(Block).ToArray();
            if (words.Take(4).All(w => w == "----" || Block(w).HasValue)) yield return new RdsGroup(blocks[0], blocks[1], blocks[2], blocks[3]);
        }
    }

    private static ushort? Block(string word) => ushort.TryParse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) ? value : null;
}
