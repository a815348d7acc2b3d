using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SignalWatch.Probe.Commands;
using SignalWatch.TransportStream.Tests;

namespace SignalWatch.Probe.Tests;

/// <summary>Addresses that the command listens to, on the loopback.</summary>
public sealed class TsLiveTests
{
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static byte[] Stream(int groups)
    {
        var stream = new StreamBuilder();
        for (var group = 0; group < groups; group++)
            stream.Pat(7, 0, (101, 256)).Pmt(256, 101, 0, 257, 257).Sdt(7, 9, 0, (101, "中央一套")).Packet(257, pcr: group * 27_000_000L / 25).Video(257, 3);
        return stream.ToArray();
    }

    // Sends again and again until the command has ended: nobody knows when it has opened its port.
    private static async Task<(int Code, string Out, string Error)> ListenAsync(string[] args, int port, Func<int, byte[], byte[]> datagram)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var command = Task.Run(() => ProbeCommandLine.RunAsync(["ts", .. args], output, error));
        using var sender = new UdpClient();
        var packets = Stream(7);
        for (var number = 0; !command.IsCompleted; number++)
        {
            var part = packets.AsSpan(number * 7 % (packets.Length / 188 / 7 * 7) * 188, 7 * 188).ToArray();
            await sender.SendAsync(datagram(number, part), new IPEndPoint(IPAddress.Loopback, port));
            if (number % 8 == 0) await Task.Yield();
            if (number % 64 == 0) await Task.WhenAny(command, Task.Delay(1));
        }
        return (await command, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task Plain_datagrams_are_analysed_until_the_time_is_over()
    {
        var port = FreePort();
        var (code, text, error) = await ListenAsync([$"udp://127.0.0.1:{port}", "--duration", "1", "--json"], port, (_, packets) => packets);

        code.Should().Be(0, error);
        var document = JsonDocument.Parse(text).RootElement;
        document.GetProperty("packets").GetInt64().Should().BePositive();
        document.GetProperty("services")[0].GetProperty("name").GetString().Should().Be("中央一套");
        document.GetProperty("timeBase").GetProperty("kind").GetString().Should().Be("arrival");
        document.GetProperty("source").GetProperty("start").GetDateTimeOffset().Should().BeAfter(DateTimeOffset.UnixEpoch);
        var stream = document.GetProperty("streams").EnumerateArray().Should().ContainSingle().Which;
        stream.GetProperty("protocol").GetString().Should().Be("udp");
        stream.GetProperty("mdi").GetArrayLength().Should().BePositive();
    }

    [Fact]
    public async Task RTP_is_put_in_order_and_its_losses_are_told_apart_from_those_of_the_multiplex()
    {
        var port = FreePort();
        var sent = 0;
        byte[] Rtp(int number, byte[] packets)
        {
            // Each pair is sent the wrong way round; each hundredth number is left out.
            var sequence = sent++ ^ 1;
            if (sequence % 100 >= 98) sequence -= 2;
            return [0x80, 33, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 0, 0, 0, 0, 1, .. packets];
        }

        var (code, text, error) = await ListenAsync([$"rtp://127.0.0.1:{port}", "--duration", "1", "--json", "--lang", "en"], port, Rtp);

        code.Should().Be(0, error);
        var document = JsonDocument.Parse(text).RootElement;
        var rtp = document.GetProperty("streams")[0].GetProperty("rtp");
        rtp.GetProperty("reordered").GetInt64().Should().BePositive();
        rtp.GetProperty("lost").GetInt64().Should().BePositive();
        document.GetProperty("warnings").EnumerateArray().Should().Contain(w => w.GetProperty("code").GetString() == "ts.lost-on-the-way");
    }

    [Fact]
    public async Task Silence_is_a_problem_that_says_what_to_check()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await ProbeCommandLine.RunAsync(["ts", $"udp://127.0.0.1:{FreePort()}", "--duration", "0.2", "--lang", "en"], output, error);

        code.Should().Be(1);
        error.ToString().Should().Contain("multicast route");
    }

    [Fact]
    public async Task A_port_that_is_taken_and_an_address_that_is_none_are_problems()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var address in (string[])[$"udp://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}", "udp://127.0.0.1", "udp://127.0.0.1:99999", "live:no-such-interface"])
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            (await ProbeCommandLine.RunAsync(["ts", address, "--duration", "1", "--lang", "zh"], output, error)).Should().Be(1, address);
            error.ToString().Should().NotBeEmpty();
        }
    }
}
