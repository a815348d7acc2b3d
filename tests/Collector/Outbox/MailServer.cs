using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace SignalWatch.Collector.Tests.Outbox;

/// <summary>A mail server on loopback, as much of RFC 5321 as a sender sees: it answers as the test says.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public MailServer()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = Listen();
    }

    public int Port { get; }

    /// <summary>Mails that were taken, with whom each was for.</summary>
    public ConcurrentQueue<(MimeMessage Mail, string[] Recipients)> Taken { get; } = new();

    /// <summary>Commands so far, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>The answer to a recipient.</summary>
    public Func<string, string> Recipient { get; set; } = _ => "250 ok";

    public void Dispose() => listener.Dispose();

    private async Task Listen()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            using (client)
            {
                try
                {
                    await Serve(client.GetStream());
                }
                catch (IOException)
                {
                    // It hung up.
                }
            }
        }
    }

    private async Task Serve(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1); // a byte is a character: the mail is read from its bytes
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        var recipients = new List<string>();
        await writer.WriteLineAsync("220 mail.test");
        while (await reader.ReadLineAsync() is { } command)
        {
            Commands.Enqueue(command);
            var verb = command.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "RCPT")
            {
                var (address, answer) = (command.Split('<', '>')[1], Recipient(command));
                if (answer[0] == '2') recipients.Add(address);
                await writer.WriteLineAsync(answer);
            }
            else if (verb == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                Taken.Enqueue((await Mail(reader), [.. recipients]));
                await writer.WriteLineAsync("250 taken");
            }
            else
            {
                await writer.WriteLineAsync(verb == "EHLO" ? "250 8BITMIME" : verb == "QUIT" ? "221 bye" : "250 ok");
                if (verb == "QUIT") return;
            }
        }
    }

    private static async Task<MimeMessage> Mail(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line and not ".") text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()));
        return await MimeMessage.LoadAsync(bytes);
    }
}
