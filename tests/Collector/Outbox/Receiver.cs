using System.Collections.Concurrent;
using System.Net;
using System.Text;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests.Outbox;

/// <summary>Somebody who is told of alarms, on loopback: it answers as the test says, and can be gone.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener listener = new();

    public Receiver(int? port = null)
    {
        Port = port ?? RunningProgram.FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        listener.Start();
        _ = Listen();
    }

    public int Port { get; }

    /// <summary>What was taken, in order: answered with 200.</summary>
    public ConcurrentQueue<Received> Taken { get; } = new();

    /// <summary>Requests so far, whatever the answer was.</summary>
    public int Requests { get; private set; }

    public Func<int> Answer { get; set; } = () => 200;

    /// <summary>Where it redirects to with 302.</summary>
    public string? Location { get; set; }

    public Uri Address => new($"http://127.0.0.1:{Port}/alarms");

    public void Dispose() => listener.Close();

    private async Task Listen()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var status = Answer();
            if (status == 200) Taken.Enqueue(new(body.ToArray(), context.Request.Headers["SignalWatch-Signature"], context.Request.Headers["SignalWatch-Delivery"]));
            Requests++;
            if (Location is not null) context.Response.RedirectLocation = Location;
            context.Response.StatusCode = status;
            context.Response.Close();
        }
    }
}

internal sealed record Received(byte[] Body, string? Signature, string? Delivery)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
