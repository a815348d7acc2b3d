using SignalWatch.Contracts;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;
using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary>A receiver behind rtl_tcp, from the socket to what a person or the collector gets.</summary>
public sealed class RtlTcpTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rtl-tcp").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_command_line_measures_the_station_that_an_rtl_tcp_gives()
    {
        using var beat = new PeriodicTimer(RtlTcpStation.Chunk); // in real time, as the command runs
        await using var station = new RtlTcpStation(250_000, 0, async cancel => await beat.WaitForNextTickAsync(cancel), accepting => accepting);
        var document = await DocumentAsync($"rtl_tcp://127.0.0.1:{station.Port}?rate=250k&center=98.2M&gain=29.7", "--duration", "1.3");
        document.Words("source", "origin").Should().Be("live");
        var carrier = document.GetProperty("carriers").EnumerateArray().Should().ContainSingle().Subject;
        carrier.Number("frequencyHz").Should().Be(98_200_000);
        carrier.Number("offsetHz").Should().BeApproximately(0, 200);
        carrier.Number("levelDbfs").Should().BeApproximately(20 * Math.Log10(40 / 127.5), 0.5);
        station.Commands.Should().Contain([((byte)2, 250_000u), ((byte)1, 98_200_000u), ((byte)4, 297u)]);
    }

    [Fact]
    public async Task The_command_line_says_what_is_wrong_where_nobody_listens()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var (code, text, error) = await RunAsync("fm", $"rtl_tcp://127.0.0.1:{port}?center=98M", "--lang", "en");
        (code, text).Should().Be((1, ""));
        error.Should().Contain($"127.0.0.1:{port}").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_watch_in_a_probes_configuration_hears_the_station_and_goes_on_after_the_stream_was_cut()
    {
        var time = new ManualTime();
        var heard = time.GetUtcNow().UtcTicks;

        // No more is sent than 0.6 s beyond what was heard: a buffer of the receiver holds one second. But for ever it is not waited: what was sent before the client settled is not heard at all.
        async ValueTask Pace(CancellationToken cancel)
        {
            using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            for (var beats = 0; beats < 200 && time.GetUtcNow().UtcTicks - Volatile.Read(ref heard) > 6 * TimeSpan.TicksPerSecond / 10; beats++) await beat.WaitForNextTickAsync(cancel);
            time.Advance(RtlTcpStation.Chunk);
        }

        // A client that was cut off waits before it comes again. Time passes for that and not while it connects: it takes that for the way to the server, and drops as much. What was on its way to it nobody hears.
        var connections = 0;
        async Task Connecting(Task<System.Net.Sockets.Socket> accepting)
        {
            using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!accepting.IsCompleted)
            {
                if (connections > 0) time.AdvanceToNext(within: TimeSpan.FromMilliseconds(500));
                await Task.WhenAny(accepting, beat.WaitForNextTickAsync().AsTask()); // whoever was woken acts in real time
            }
            connections++;
            Volatile.Write(ref heard, time.GetUtcNow().UtcTicks);
        }

        await using var station = new RtlTcpStation(1_000_000, 200_000, Pace, Connecting);
        var configuration = ConfigurationReader.Read(new StringReader($$"""
            probe: { id: GZ-03, name: 广州, area: "440106" }
            watches:
              - { id: fm, kind: fm-band, source: "rtl_tcp:127.0.0.1:{{station.Port}}", options: { center_hz: 98e6, sample_rate_hz: 1000000, gain_db: 29.7, spectrum_lines_per_s: 25 } }
            """), "probe.yaml", new Dictionary<string, string>());
        var mint = new ObservationMint(configuration.Id, configuration.Area, Language.Chinese);
        var observed = new List<Observation>();
        using var enough = new CancellationTokenSource();
        void Take(Observation o)
        {
            observed.Add(o);
            if (o.Kind != "fm.band") return;
            var lost = Lost(observed);
            if (lost.Count == 3) station.Cut();
            if (lost.Count > 6 && lost.TakeLast(3).All(l => l == 0)) enough.Cancel(); // it is whole again
        }
        using var http = new HttpClient();
        var watch = new WatchFactory(folder, mint, Take, f => Volatile.Write(ref heard, Math.Max(heard, f.At.UtcTicks)), http, time, _ => { }, "night", new FmSite(folder, mint, null, () => FmRegister.None, time, _ => { })).Create(configuration.Watches[0]);

        await FluentActions.Awaiting(() => watch.RunAsync(() => { }, enough.Token).WaitAsync(Hang.Limit)).Should().ThrowAsync<OperationCanceledException>();

        connections.Should().Be(2);
        // The new connection is set as the first one was.
        (byte, uint)[] settings = [(2, 1_000_000u), (1, 98_000_000u), (4, 297u)];
        station.Commands.Where(c => c.Id is 1 or 2 or 4).Should().StartWith(settings).And.EndWith(settings);
        station.Commands.Count(c => c.Id == 2).Should().Be(2);
        Lost(observed).Sum().Should().BeGreaterThan(400_000, "a client waits for half a second before it comes again");
        var carriers = observed.Where(o => o.Kind == "fm.carrier" && o.Facts["on_air"].AsBoolean).ToList();
        carriers.Select(o => o.Subject).Distinct().Should().Equal(Subject.Frequency("440106", 98_200_000));
        carriers.Should().OnlyContain(o => o.Origin == Origin.Live);
        carriers.Count(o => o.At > observed.Last(b => b.Kind == "fm.band" && b.Facts["samples_lost"].AsNumber > 0).At).Should().BeGreaterThanOrEqualTo(3);
    }

    private static List<double> Lost(List<Observation> observed) => [.. observed.Where(o => o.Kind == "fm.band").Select(o => o.Facts["samples_lost"].AsNumber)];
}
