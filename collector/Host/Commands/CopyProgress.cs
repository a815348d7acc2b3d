using System.Diagnostics;
using System.Globalization;
using SignalWatch.Collector.Storage.Backup;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary>Says on the terminal how far a long copy is: once a second where somebody watches, once in ten seconds where it goes into a file.</summary>
internal sealed class CopyProgress(Language language)
{
    private readonly long often = Stopwatch.Frequency * (Console.IsErrorRedirected ? 10 : 1);
    private long saidAt = Stopwatch.GetTimestamp();
    private bool isShown;

    /// <summary>Takes the place of what was said before.</summary>
    public void Say(BackupProgress progress)
    {
        if (Stopwatch.GetTimestamp() - saidAt < often) return;
        saidAt = Stopwatch.GetTimestamp();
        var line = Line(progress).In(language);
        if (Console.IsErrorRedirected) Console.Error.WriteLine(line);
        else Console.Error.Write($"\r\u001b[K{line}");
        isShown = !Console.IsErrorRedirected;
    }

    /// <summary>Leaves the line to what comes next.</summary>
    public void End()
    {
        if (isShown) Console.Error.Write("\r\u001b[K");
        isShown = false;
    }

    /// <summary>Bytes as people read them: binary units.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.00} GiB"),
    };

    private static Text Line(BackupProgress p)
    {
        var stage = p.Stage switch
        {
            BackupStage.Files => new Text("复制文件", "copying files"),
            BackupStage.Journal => new Text("复制日志", "copying the journal"),
            BackupStage.Entries => new Text("读取日志", "reading the journal"),
            BackupStage.Evidence => new Text("复制证据和密钥", "copying evidence and keys"),
            _ => new Text("核对文件", "verifying files"),
        };
        return new($"{stage.Zh}：{p.Files} 个文件，{Size(p.Bytes)}，{p.Entries} 条日志", $"{stage.En}: {p.Files} files, {Size(p.Bytes)}, {p.Entries} entries");
    }
}
