using System.CommandLine;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Backup;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>rebuild</c>: folds everything from the journal again and puts it in the place of what is stored. Only while nobody writes.</summary>
internal static class RebuildCommand
{
    private const int MostShown = 100;

    private static readonly Option<string> Data = new("--data") { Description = "data folder 数据目录", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database, where the journal is there 日志所在的 PostgreSQL" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "only say what differs 只列出差异，不改动" };

    public static Command Create()
    {
        var command = new Command("rebuild", "Makes alarms, cases, evidence records, registers, outbox, calendars and the ledger again from the journal. 由日志重做全部状态") { Data, Store, DryRun, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language => Task.FromResult(Run(parsed.GetValue(Data)!, parsed.GetValue(Store), parsed.GetValue(DryRun), language))));
        return command;
    }

    private static int Run(string data, string? server, bool dryRun, Language language)
    {
        var said = new CopyProgress(language);
        var progress = new BackupProgress(said.Say);
        progress.Begin(BackupStage.Entries);
        using var reading = Stores.OpenToRead(data, server); // before it is opened to write, which would begin an empty one
        if (dryRun)
        {
            using var there = reading.OpenView();
            var found = JournalRebuild.Plan(there, progress.AddEntry);
            said.End();
            Print(found, language);
            if (found.Differences.Count > 0) Console.WriteLine(new Text("没有改动任何数据（--dry-run）", "nothing was changed (--dry-run)").In(language));
            return found.Differences.Count == 0 && found.Faults.Count == 0 ? 0 : 1;
        }
        using var store = Stores.Open(data, server, TimeProvider.System.GetUtcNow());
        using var writer = store.OpenWriter();
        RebuildPlan plan;
        using (var view = store.OpenView())
        {
            plan = JournalRebuild.Plan(view, progress.AddEntry);
            said.End();
            Print(plan, language);
            if (plan.Faults.Count > 0) throw new ProblemException(BackupTexts.NotFolded(store.Place, plan.Faults.Count));
            if (plan.Differences.Count > 0) JournalRebuild.Carry(plan, writer, view.Months[^1].Month);
        }
        writer.Settle();
        if (MakeLogFiles(store, data)) Console.WriteLine(new Text("证据日志的文件已由日志重做，旧文件放在旁边", "the files of the evidence log were made anew from the journal; the old ones are beside them").In(language));
        using var after = store.OpenView();
        var check = JournalCheck.Run(after);
        foreach (var fault in check.Faults) Console.WriteLine(fault.In(language));
        Console.WriteLine((check.Sound
            ? new Text($"完好：{plan.Documents} 份文档与日志一致，改正 {plan.Differences.Count} 份", $"sound: {plan.Documents} documents are as the journal says, {plan.Differences.Count} were put right")
            : new Text("仍有以上问题：日志本身有损坏，不能由日志重做", "the faults above remain: the journal itself is damaged, and can't be made again from itself")).In(language));
        return check.Sound ? 0 : 1;
    }

    /// <summary>Tiles are served as they lie, so that they are put right here rather than at the next start.</summary>
    private static bool MakeLogFiles(IStore store, string data)
    {
        using var view = store.OpenView();
        var book = new EvidenceBook();
        book.Load(view);
        var folder = Path.Combine(new ObjectFiles(data).Folder, "log");
        if (book.Head.Tree is not { Size: > 0 } tree) return false;
        return new TileFiles(folder).Load(tree, Leaves, FormattableString.Invariant($"log.damaged-{TimeProvider.System.GetUtcNow():yyyyMMddTHHmmssfff}"));

        IEnumerable<LogEntry> Leaves(long position)
        {
            foreach (var row in view.Entries(new(position, Kinds: [EntryKind.Evidence])))
                if (EvidenceBook.LeafOf(row) is { } leaf) yield return leaf;
        }
    }

    private static void Print(RebuildPlan plan, Language language)
    {
        foreach (var fault in plan.Faults.Take(MostShown)) Console.WriteLine(fault.In(language));
        foreach (var difference in plan.Differences.Take(MostShown)) Console.WriteLine(difference.Describe().In(language));
        if (plan.Differences.Count > MostShown) Console.WriteLine(new Text($"…… 共 {plan.Differences.Count} 处", $"… {plan.Differences.Count} in all").In(language));
        if (plan.Differences.Count == 0 && plan.Faults.Count == 0) Console.WriteLine(new Text("没有差异", "nothing differs").In(language));
    }
}
