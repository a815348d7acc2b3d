using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SignalWatch.Tests;

namespace SignalWatch.Reliability;

/// <summary>The collector as it is delivered: its own process, on its own data, that can be killed.</summary>
internal sealed class CollectorProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The pack that it is delivered with.</summary>
    public static string Pack { get; } = Path.Combine(Checkout.Root, "rules", "packs", "demonstration");

    private readonly Process process;

    private CollectorProcess(Process process, Uri address) => (this.process, Client) = (process, new HttpClient { BaseAddress = address, Timeout = Limit });

    public HttpClient Client { get; }

    /// <summary>Starts it and waits for the line that says it listens.</summary>
    public static async Task<CollectorProcess> Start(string data, int port)
    {
        var process = Launch(redirectError: false, "run", "--data", data, "--pack", Pack, "--port", port.ToString(CultureInfo.InvariantCulture), "--lang", "en");
        using var limit = new CancellationTokenSource(Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.StartsWith("listening on ", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // read on, or a full pipe would stop it
            return new(process, new Uri(line["listening on ".Length..]));
        }
        throw new InvalidOperationException("the collector ended before it listened");
    }

    /// <summary>Runs a command to its end; the output is what it wrote for its caller and for people.</summary>
    public static async Task<(int ExitCode, string Output)> Run(params string[] arguments)
    {
        using var process = Launch(redirectError: true, arguments);
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

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> Terminate()
    {
        var started = Stopwatch.GetTimestamp();
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
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
        process.Dispose();
        Client.Dispose();
    }

    private static Process Launch(bool redirectError, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "SignalWatch.Collector.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = redirectError, UseShellExecute = false };
        return Process.Start(start)!;
    }
}
