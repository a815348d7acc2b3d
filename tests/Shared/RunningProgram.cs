using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace SignalWatch.Tests;

/// <summary>A program of the product that a test started: its lines are kept, and it is gone when the test is.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    private RunningProgram(Process process) => this.process = process;

    public ConcurrentQueue<string> Output { get; } = new();

    public int Id => process.Id;

    /// <summary>Starts <c>./signalwatch</c> with these arguments, as a person would.</summary>
    public static RunningProgram Launcher(string language, params string[] arguments) =>
        Start("bash", [Path.Combine(Checkout.Root, "signalwatch"), .. arguments], language);

    public static RunningProgram Start(string program, string[] arguments, string language = "en")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Checkout.Root };
        start.Environment["SIGNALWATCH_LANG"] = language;
        start.Environment.Remove("CI"); // a user's machine
        var running = new RunningProgram(new Process { StartInfo = start });
        running.process.OutputDataReceived += (_, e) => running.Take(e.Data);
        running.process.ErrorDataReceived += (_, e) => running.Take(e.Data);
        running.process.Start();
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        return running;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The next line that holds <paramref name="text"/>; fails with all output where the program ends or the time is up.</summary>
    public async Task<string> LineAsync(string text, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        _ = process.WaitForExitAsync(limit.Token).ContinueWith(_ => ended.Cancel(), TaskScheduler.Default);
        try
        {
            while (true)
            {
                var line = await lines.Reader.ReadAsync(ended.Token);
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }
        }
        catch (OperationCanceledException)
        {
            while (lines.Reader.TryRead(out var line)) if (line.Contains(text, StringComparison.Ordinal)) return line;
            throw new InvalidOperationException($"no line with '{text}' within {within.TotalSeconds} s{(process.HasExited ? $"; the program ended with {process.ExitCode}" : "")}:\n{string.Join('\n', Output)}");
        }
    }

    /// <summary>Waits until each of the texts was in some line, in any order.</summary>
    public async Task OutputHasAsync(string[] texts, TimeSpan within)
    {
        while (!texts.All(text => Output.Any(line => line.Contains(text, StringComparison.Ordinal)))) await LineAsync("", within);
    }

    public async Task<int> ExitCodeAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>Completes when all output of a program that has ended was taken.</summary>
    public async Task OutputEndedAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        await process.WaitForExitAsync(limit.Token);
        process.WaitForExit(); // with the readers of the redirected streams
    }

    /// <summary>As the power going: SIGKILL.</summary>
    public void Kill() => Signal("KILL");

    /// <summary>As Ctrl-C or a service manager's stop: SIGTERM; the exit code.</summary>
    public Task<int> StopAsync(TimeSpan within)
    {
        Signal("TERM");
        return ExitCodeAsync(within);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Signal("TERM"); // the launcher ends its own children
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try { await process.WaitForExitAsync(limit.Token); }
            catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
        }
        process.Dispose();
    }

    private void Signal(string name)
    {
        if (process.HasExited) return;
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        Output.Enqueue(line);
        lines.Writer.TryWrite(line);
    }
}
