using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SignalWatch.Tests;

namespace SignalWatch.Reliability;

/// <summary>The collector as it is delivered: its own process, on its own data, that can be killed.</summary>
internal sealed class CollectorProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120); // only against waiting for ever, on a machine that does much else

    private const string Filler = "filler";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "SignalWatch.Collector.dll");

    /// <summary>The pack that it is delivered with.</summary>
    public static string Pack { get; } = Path.Combine(Checkout.Root, "rules", "packs", "demonstration");

    private readonly Process process;

    private readonly string data;

    private CollectorProcess(Process process, string data, Uri address) => (this.process, this.data, Client) = (process, data, new HttpClient { BaseAddress = address, Timeout = Limit });

    public HttpClient Client { get; }

    /// <summary>Starts it and waits for the line that says it listens.</summary>
    public static Task<CollectorProcess> Start(string data, int port, params string[] more) => Listening(Launch("dotnet", ["exec", Program, .. Arguments(data, port), .. more], redirectError: false), data);

    /// <summary>One node of several.</summary>
    public static Task<CollectorProcess> StartNode(string data, int port, string name, string store, string broker, string evidence) =>
        Listening(Launch("dotnet", ["exec", Program, .. Arguments(data, port), "--node", name, "--store", store, "--broker", broker, "--evidence", evidence], redirectError: false), data);

    /// <summary>As <see cref="Start"/>, with a small file system over the data folder, part of it taken by a file. It is in a mount namespace of the process: nothing is left to unmount, however a test ends.</summary>
    public static Task<CollectorProcess> StartOnSmallDisk(string data, int port, int megabytes, int takenMegabytes)
    {
        var mount = $"mount -t tmpfs -o size={megabytes}m tmpfs \"$0\" && head -c {takenMegabytes}M /dev/zero > \"$0/{Filler}\" && exec dotnet exec \"$@\"";
        return Listening(Launch("unshare", ["--mount", "--propagation", "private", "sh", "-c", mount, data, Program, .. Arguments(data, port)], redirectError: false), data);
    }

    /// <summary>As <see cref="Start"/>, with what it asks of the disk written down, or made to fail, by strace.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="port">The port to listen on.</param>
    /// <param name="trace">Where the calls are written down.</param>
    /// <param name="options">More for strace.</param>
    public static Task<CollectorProcess> StartTraced(string data, int port, string trace, params string[] options) =>
        Listening(Launch(Strace.Program, ["-D", "-f", "-y", "-o", trace, "-e", $"trace={string.Join(',', DiskTrace.Calls)}", .. options, "dotnet", "exec", Program, .. Arguments(data, port)], redirectError: false), data);

    /// <summary>Removes the file that takes part of the small disk.</summary>
    public void MakeRoom() => File.Delete($"/proc/{process.Id}/root{data}/{Filler}");

    /// <summary>Runs a command to its end, which sees the file systems that this collector sees.</summary>
    public Task<(int ExitCode, string Output)> RunBeside(params string[] arguments) =>
        ToItsEnd(Launch("nsenter", ["--mount", "--target", process.Id.ToString(CultureInfo.InvariantCulture), "dotnet", "exec", Program, .. arguments], redirectError: true));

    private static string[] Arguments(string data, int port) => ["run", "--data", data, "--pack", Pack, "--port", port.ToString(CultureInfo.InvariantCulture), "--lang", "en"];

    private static async Task<CollectorProcess> Listening(Process process, string data)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (!line.StartsWith("listening on ", StringComparison.Ordinal)) continue;
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // read on, or a full pipe would stop it
                return new(process, data, new Uri(line["listening on ".Length..]));
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(); // it would outlive the test
            throw;
        }
        throw new InvalidOperationException("the collector ended before it listened");
    }

    /// <summary>Runs a command to its end; the output is what it wrote for its caller and for people.</summary>
    public static Task<(int ExitCode, string Output)> Run(params string[] arguments) => ToItsEnd(Launch("dotnet", ["exec", Program, .. arguments], redirectError: true));

    private static async Task<(int ExitCode, string Output)> ToItsEnd(Process started)
    {
        using var process = started;
        using var limit = new CancellationTokenSource(Limit);
        var complaint = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output + await complaint);
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends it a signal, by its name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> Terminate()
    {
        var started = Stopwatch.GetTimestamp();
        Signal("TERM");
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, Stopwatch.GetElapsedTime(started));
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit(); // its folder is deleted next
        process.Dispose();
        Client.Dispose();
    }

    private static Process Launch(string program, string[] arguments, bool redirectError) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = redirectError, UseShellExecute = false })!;
}
