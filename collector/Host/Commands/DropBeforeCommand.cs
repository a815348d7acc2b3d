using System.CommandLine;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>drop-before</c>: a person drops whole months of the journal, while no collector runs. The present state of alarms, cases and evidence stays; so do the files of evidence.</summary>
internal static class DropBeforeCommand
{
    private static readonly Argument<string> Before = new("YYYY-MM") { Description = "the first month that stays 最早保留的月份" };
    private static readonly Option<string> Data = new("--data") { Description = "data folder 数据目录", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database" };
    private static readonly Option<string> Actor = new("--actor") { Description = "who does it, for the record 操作人", Required = true };
    private static readonly Option<bool> Yes = new("--yes") { Description = "do it 确认删除" };

    public static Command Create()
    {
        var command = new Command("drop-before", "Drops whole months of the journal; refused where a case that is not archived has records in them. 删除旧月份") { Before, Data, Store, Actor, Yes, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language =>
        {
            if (!Month.TryParse(parsed.GetValue(Before)!, out var month)) throw new ProblemException(RetentionTexts.BadMonth(parsed.GetValue(Before)!));
            var now = DateTimeOffset.UtcNow;
            using var store = Stores.Open(new CollectorOptions { DataFolder = parsed.GetValue(Data)!, Store = parsed.GetValue(Store) }, now);
            foreach (var dropped in Drop(store, month, parsed.GetValue(Actor)!, parsed.GetValue(Yes), now))
                Console.WriteLine(new Text($"{dropped.Month} 已删除（{dropped.Count} 条）", $"{dropped.Month} is gone ({dropped.Count} entries)").In(language));
            return Task.FromResult(0);
        }));
        return command;
    }

    /// <summary>Journals what goes, then drops it: a kill between the two leaves months that are said to be gone, and go with the next command.</summary>
    /// <exception cref="ProblemException">It is not confirmed, or an open case has records there.</exception>
    public static IReadOnlyList<RemovedByRule> Drop(IStore store, Month month, string actor, bool confirmed, DateTimeOffset now)
    {
        var going = new List<RemovedByRule>();
        using (var view = store.OpenView())
        {
            var months = view.Months;
            for (var i = 0; i + 1 < months.Count && months[i].Month.CompareTo(month) < 0; i++) going.Add(Count(view, months[i], months[i + 1].First, actor, now));
        }
        if (going.Count == 0) return [];
        if (!confirmed) throw new ProblemException(RetentionTexts.NotConfirmed(string.Join(", ", going.Select(g => $"{g.Month} ({g.Count})"))));
        using (var writer = store.OpenWriter())
        {
            var book = new RetentionBook();
            book.Load(writer);
            // To the millisecond, as it is stored.
            var group = new Group(writer, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()));
            writer.Begin(group.Now);
            foreach (var one in going) book.Record(one with { At = group.Now }, group);
            book.Save(writer);
            writer.Commit();
            writer.Settle();
        }
        store.DropBefore(month);
        return going;
    }

    /// <summary>Counts a month's entries by kind, and looks for what an open case needs.</summary>
    private static RemovedByRule Count(IStoreView view, StoredMonth month, long end, string actor, DateTimeOffset now)
    {
        var cases = new DocumentBook<CaseRecord>("case");
        cases.Load(view);
        var held = cases.Committed.Where(c => c.Open).SelectMany(c => c.Evidence.Concat(c.Alarms).Append(c.Id).Select(id => (Id: id, Case: c.Id))).GroupBy(h => h.Id).ToDictionary(g => g.Key, g => g.First().Case, StringComparer.Ordinal);
        var entries = new SortedDictionary<EntryKind, long>();
        foreach (var row in view.Entries(new(month.First - 1)))
        {
            if (row.Position >= end) break;
            if (row.About is { } about && held.TryGetValue(about, out var open)) throw new ProblemException(RetentionTexts.UnderCase(month.Month.ToString(), about, open));
            entries[row.Kind] = entries.GetValueOrDefault(row.Kind) + 1;
        }
        return new(month.Month.ToString(), entries, 0, view.Letters(month.Month).LongCount(), true, actor, now);
    }
}
