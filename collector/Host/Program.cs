using System.CommandLine;
using SignalWatch.Collector.Commands;

var root = new RootCommand("SignalWatch collector: journals what probes observe, judges it by rules, keeps alarms, feeds the wall. 星瞳采集器")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    BackupCommand.Create(),
    VerifyBackupCommand.Create(),
    RestoreCommand.Create(),
    RebuildCommand.Create(),
    RetentionCommand.Create(),
    DropBeforeCommand.Create(),
    SequencesCommand.Create(),
    VerifyCommand.Create(),
    SignalWatch.Collector.Rules.RulesCommand.Create(),
};
// The host handles SIGINT and SIGTERM itself, and needs its time to drain.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
