using System.Net;
using System.Net.Sockets;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>A receiver behind rtl_tcp: what it is told, what is read, what happens when the server misbehaves.</summary>
public sealed class RtlTcpTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();
    private readonly FakeRtlTcp server;
    private readonly float[] buffer = new float[40_000];

    public RtlTcpTests() => server = new FakeRtlTcp(time);

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private async Task<IqRead> Read(RtlTcpSource source) => await server.While(source.ReadAsync(buffer, default).AsTask());

    private void OnlySettledSamplesOf(int mhz, IqRead read)
    {
        float Value(byte b) => (b - 127.5f) * (1 / 127.5f);
        buffer.Take(2 * read.Samples).Where((_, n) => n % 2 == 0).Distinct().Should().Equal(Value(FakeRtlTcp.Level(mhz)));
        buffer.Take(2 * read.Samples).Where((_, n) => n % 2 == 1).Distinct().Should().Equal(Value(FakeRtlTcp.Settled));
    }

    private Task<bool> Tune(RtlTcpSource source, int mhz)
    {
        async Task<bool> TuneAsync()
        {
            await source.TuneAsync(mhz * 1e6, default);
            return true;
        }
        return server.While(TuneAsync());
    }

    private async Task ReadUntil(RtlTcpSource source, Func<IqRead, bool> found)
    {
        for (var n = 0; n < 2000; n++)
            if (found(await Read(source))) return;
        false.Should().BeTrue("it was never read");
    }

    private static async Task<Problem> Refused(Func<Task> act) => (await FluentActions.Awaiting(() => act().WaitAsync(Patience)).Should().ThrowAsync<ProblemException>()).Which.Problem;

    [Fact]
    public async Task The_receiver_is_set_and_settled_samples_come_with_the_times_of_their_taking()
    {
        await using var source = await server.ConnectAsync(o => o with { Ppm = -3, Agc = true });
        source.Stream.Should().Be(new IqStream($"rtl_tcp 127.0.0.1:{server.Port} (R820T)", 1e6, 98e6, Origin.Live));
        (source.MinHz, source.MaxHz).Should().Be((24e6, 1766e6));
        var first = await Read(source);
        first.Discontinuity.Should().BeTrue();
        OnlySettledSamplesOf(98, first);
        var at = first.At + TimeSpan.FromSeconds(first.Samples / 1e6);
        for (var n = 0; n < 50; n++)
        {
            var read = await Read(source);
            read.Discontinuity.Should().BeFalse();
            read.At.Should().BeCloseTo(at, TimeSpan.FromMilliseconds(0.01));
            at += TimeSpan.FromSeconds(read.Samples / 1e6);
        }
        // Without the bias tee, which nobody asked for.
        server.Commands.Should().Equal((0, 0), (2, 1_000_000), (5, unchecked((uint)-3)), (1, 98_000_000), (3, 1), (4, 297), (8, 1));
        source.State.En.Should().Be("receiving");
    }

    [Fact]
    public async Task What_is_not_asked_for_is_left_to_the_receiver()
    {
        await using var source = await server.ConnectAsync(o => o with { GainDb = null, BiasTee = false });
        await Read(source);
        server.Commands.Should().Equal((0, 0), (2, 1_000_000), (1, 98_000_000), (3, 0), (8, 0), (14, 0));
    }

    [Fact]
    public async Task After_a_tuning_there_is_not_one_sample_of_before_it()
    {
        await using var source = await server.ConnectAsync();
        OnlySettledSamplesOf(98, await Read(source));
        foreach (var mhz in (int[])[88, 107, 98, 101])
        {
            await Tune(source, mhz);
            source.Stream.CenterFrequencyHz.Should().Be(mhz * 1e6);
            for (var n = 0; n < 5; n++)
            {
                var read = await Read(source);
                read.Discontinuity.Should().Be(n == 0);
                OnlySettledSamplesOf(mhz, read);
            }
        }
        source.Statistics.SamplesLost.Should().Be(0, "a tuning is no loss");
        (await Refused(() => source.TuneAsync(10e6, default).AsTask())).Code.Should().Be("receiver.frequency-range");
        source.Stream.CenterFrequencyHz.Should().Be(101e6);
    }

    [Fact]
    public async Task A_tuning_that_is_cancelled_happens_all_the_same()
    {
        await using var source = await server.ConnectAsync();
        await Read(source);
        using var cancel = new CancellationTokenSource();
        var tuning = source.TuneAsync(88e6, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => tuning).Should().ThrowAsync<OperationCanceledException>();
        OnlySettledSamplesOf(88, await Read(source));
    }

    [Fact]
    public async Task A_broken_connection_is_made_anew_with_the_frequency_of_now_and_a_discontinuity()
    {
        await using var source = await server.ConnectAsync();
        await Tune(source, 88);
        await Read(source);
        server.Break();
        await ReadUntil(source, r => r.Discontinuity);
        OnlySettledSamplesOf(88, await Read(source));
        source.Statistics.Reconnects.Should().Be(1);
        source.Statistics.Discontinuities.Should().Be(1);
        server.Commands.SkipWhile((c, n) => n == 0 || c.Id != 0).Should().Equal((0, 0), (2, 1_000_000), (1, 88_000_000), (3, 1), (4, 297), (8, 0));
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_connected_anew()
    {
        await using var source = await server.ConnectAsync();
        await Read(source);
        server.Mute = true;
        var read = source.ReadAsync(buffer, default).AsTask();
        await server.While(Task.Run(async () =>
        {
            while (server.Commands.Count(c => c.Id == 0) < 2) await Task.Yield();
            return true;
        }));
        server.Mute = false;
        if (!(await server.While(read)).Discontinuity) await ReadUntil(source, r => r.Discontinuity);
        source.Statistics.Reconnects.Should().BePositive();
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_and_only_then()
    {
        await using var source = await server.ConnectAsync(o => o with { MaxDownTime = TimeSpan.FromSeconds(60) });
        await Read(source);
        server.Refuse = true;
        var broken = time.GetUtcNow();
        server.Break();
        var problem = await Refused(() => ReadUntil(source, _ => false));
        problem.Code.Should().Be("rtl-tcp.closed");
        (time.GetUtcNow() - broken).Should().BeGreaterThan(TimeSpan.FromSeconds(45));
        source.State.Should().Be(problem.Title);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task The_drop_test_counts_what_is_missing_and_samples_come_again(int skips)
    {
        server.CounterSkips = skips;
        await using var source = await server.ConnectAsync();
        await Read(source);
        var result = await server.While(source.TestDropsAsync(TimeSpan.FromMilliseconds(200), default));
        result.BytesReceived.Should().Be(400_000);
        result.Drops.Should().BeInRange(skips == 0 ? 0 : 18, skips == 0 ? 0 : 20); // one after each 20,000 bytes
        result.BytesLost.Should().Be(result.Drops * skips);
        result.Places.Should().HaveCount(result.Drops);
        var read = await Read(source);
        server.Commands.Should().Contain((7, 1)).And.Contain((7, 0));
        read.Discontinuity.Should().BeTrue();
        OnlySettledSamplesOf(98, read);
    }

    [Fact]
    public async Task Nobody_there_is_told()
    {
        var port = RunningProgram.FreePort();
        (await Refused(() => Connect(port))).Code.Should().Be("rtl-tcp.unreachable");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "rtl-tcp.not-rtl-tcp")]
    [InlineData("SSH", "rtl-tcp.not-rtl-tcp")]
    [InlineData("RTL0\0\0", "rtl-tcp.closed")]
    [InlineData("", "rtl-tcp.closed")]
    public async Task What_is_no_rtl_tcp_is_told(string greeting, string code)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var connecting = Connect(((IPEndPoint)other.LocalEndpoint).Port);
        using (var socket = await other.AcceptSocketAsync()) await socket.SendAsync(Encoding.ASCII.GetBytes(greeting));
        (await Refused(() => connecting)).Code.Should().Be(code);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_told_after_the_limit()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var connecting = Connect(((IPEndPoint)other.LocalEndpoint).Port);
        using var socket = await other.AcceptSocketAsync();
        while (!connecting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        (await Refused(() => connecting)).Code.Should().BeOneOf("rtl-tcp.silent", "rtl-tcp.unreachable");
    }

    [Fact]
    public async Task Rates_and_frequencies_that_the_receiver_does_not_have_are_refused()
    {
        (await Refused(() => RtlTcpSource.ConnectAsync("127.0.0.1", server.Port, new RtlTcpOptions { CenterFrequencyHz = 98e6, SampleRateHz = 500_000 }, time, default))).Code.Should().Be("receiver.sample-rate");
        (await Refused(() => RtlTcpSource.ConnectAsync("127.0.0.1", server.Port, new RtlTcpOptions { CenterFrequencyHz = 10e9 }, time, default))).Code.Should().Be("receiver.frequency-range");
    }

    private async Task Connect(int port)
    {
        await using var source = await RtlTcpSource.ConnectAsync("127.0.0.1", port, new RtlTcpOptions { CenterFrequencyHz = 98e6 }, time, default);
    }
}
