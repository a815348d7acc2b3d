using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Position;
using SignalWatch.Probe;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;
using SignalWatch.Simulation;
using SignalWatch.Tests.Probe;

namespace SignalWatch.Tests.Evidence;

/// <summary>Where a dossier says that the antenna was: from gpsd on a socket to the manifest.</summary>
public sealed class DossierPositionTests : IDisposable
{
    // What the night's band has at 91.0 MHz, from the beginning.
    private const string Scenario = """
        {
          "title": { "zh": "演练", "en": "drill" }, "clock": "2026-03-14T23:04:00+08:00", "multiplexes": [], "channels": [],
          "fm": { "center_hz": 91300000, "noise_dbfs": -52, "dc_dbfs": -46, "emitters": [
            { "name": { "zh": "疑似黑广播", "en": "pirate" }, "frequency_hz": 91000000, "level_dbfs": -26, "programme": { "style": "speech", "deviation_hz": 60000, "seed": 3 } } ] }
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("position").FullName;
    private readonly ManualTime time = new(new DateTimeOffset(2026, 3, 14, 15, 4, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("""{"class":"TPV","mode":3,"lat":23.1685,"lon":113.3311}""", 0, 23.1685, 113.3311, "gpsd")]
    [InlineData("""{"class":"TPV","mode":3,"lat":23.1685,"lon":113.3311}""", 60, 23.1685, 113.3311, "gpsd, stale: fix of 2026-03-14T15:04:00Z")]
    [InlineData("""{"class":"TPV","mode":1}""", 0, 23.185, 113.333, "configuration; gpsd has no position")]
    public async Task A_dossier_has_the_position_that_gpsd_gave_or_says_why_not(string report, double secondsBefore, double latitude, double longitude, string source)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var come = new TaskCompletionSource();
        await using var gps = GpsdClient.Start(new GpsdOptions { Port = ((IPEndPoint)listener.LocalEndpoint).Port, ConnectLimit = TimeSpan.FromHours(1), IdleLimit = TimeSpan.FromHours(1) }, time, _ => come.TrySetResult());
        using var server = await listener.AcceptSocketAsync().WaitAsync(Hang.Limit);
        await server.SendAsync(Encoding.ASCII.GetBytes($"{{\"class\":\"VERSION\",\"release\":\"3.25\"}}\r\n{report}\r\n"));
        await come.Task.WaitAsync(Hang.Limit);
        time.Advance(TimeSpan.FromSeconds(secondsBefore));
        var known = gps.Status;
        await gps.DisposeAsync(); // the clock is moved from timer to timer: the client's are not the band's

        await SuspectAsync(() => known);

        var dossier = Directory.GetDirectories(Path.Combine(folder, "fm-fm", "evidence")).Should().ContainSingle().Subject;
        var position = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dossier, "evidence.json"))).RootElement.GetProperty("position");
        (position.GetProperty("latitude").GetDouble(), position.GetProperty("longitude").GetDouble(), position.GetProperty("source").GetString()).Should().Be((latitude, longitude, source));
        var iq = JsonDocument.Parse(File.ReadAllBytes(Directory.GetFiles(dossier, "*.sigmf-meta").Should().ContainSingle().Subject)).RootElement.GetProperty("captures")[0].GetProperty("core:geolocation");
        iq.GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()).Should().StartWith([longitude, latitude]);
    }

    // A pirate is suspected at once: the dossier begins within the first seconds.
    private async Task SuspectAsync(Func<GpsdStatus> gps)
    {
        var city = City.Read(Encoding.UTF8.GetBytes(Scenario), "position.json", time);
        var mint = new ObservationMint(new ProbeId("GZ-03"), "440106", Language.Chinese);
        var register = FmRegister.Import(File.ReadAllBytes(Path.Combine(Checkout.Root, "probe", "Simulation", "scenarios", "night-licences.csv")), ImportMode.RefuseWhole).Register!;
        using var mover = new TimeMover(time, TimeSpan.FromSeconds(4));
        var watch = new FmBandWatch(new FmBandConfiguration(new("fm"), new("city", "fm")), _ => ValueTask.FromResult(mover.Drive(city.OpenFmBand())),
            new FmSite(folder, mint, new SignalWatch.Probe.Configuration.Position(23.185, 113.333), () => register, time, _ => { }, gps), mint, _ => { }, _ => { });
        try { await watch.RunAsync(() => { }, mover.Over); }
        catch (OperationCanceledException) { /* its time is over */ }
    }
}
