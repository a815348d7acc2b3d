using System.Net;
using System.Net.Sockets;

namespace SignalWatch.Reliability;

/// <summary>A line to a server on this machine that can be cut as a cable is: bytes no longer come through, and neither side is told.</summary>
internal sealed class CuttableLine : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private volatile TaskCompletionSource passes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CuttableLine(int to)
    {
        listener.Start();
        Mend();
        _ = Take(to);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From here on nothing comes through.</summary>
    public void Cut() => passes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held back comes through, and all that follows.</summary>
    public void Mend() => passes.TrySetResult();

    /// <summary>The address with this line in place of its own port.</summary>
    public string Instead(string url) => new UriBuilder(url) { Port = Port }.Uri.AbsoluteUri;

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
    }

    private async Task Take(int to)
    {
        try
        {
            while (true) _ = Join(await listener.AcceptTcpClientAsync(ended.Token), to);
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task Join(TcpClient caller, int to)
    {
        using var one = caller;
        using var other = new TcpClient();
        try
        {
            await passes.Task.WaitAsync(ended.Token);
            await other.ConnectAsync(IPAddress.Loopback, to, ended.Token);
            await Task.WhenAny(Pass(one.GetStream(), other.GetStream()), Pass(other.GetStream(), one.GetStream()));
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // One side has ended, and the other is told by the end of this.
        }
    }

    private async Task Pass(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await from.ReadAsync(buffer, ended.Token);
            await passes.Task.WaitAsync(ended.Token); // an end does not come through either
            if (read == 0) return;
            await to.WriteAsync(buffer.AsMemory(0, read), ended.Token);
        }
    }
}
