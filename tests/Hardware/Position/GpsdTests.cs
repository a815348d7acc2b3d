using System.Net;
using System.Net.Sockets;
using System.Text;
using SignalWatch.Hardware.Position;

namespace SignalWatch.Tests;

/// <summary>gpsd's reports, and a client that outlives its server.</summary>
public sealed class GpsdTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static GpsdReport? Parse(string line) => GpsdReport.Parse(Encoding.UTF8.GetBytes(line));

    [Fact]
    public void A_full_report_is_read()
    {
        // gpsd 3.22 of bu303-moving.log, 2005-06-09, near Thun.
        var fix = Parse("""{"class":"TPV","device":"/dev/ttyUSB0","mode":3,"time":"2005-06-09T14:34:45.280Z","ept":0.005,"lat":46.498293369,"lon":7.567411672,"altHAE":1391.3096,"altMSL":1345.7200,"alt":1345.7200,"epx":25.475,"epy":25.404,"epv":80.249,"track":10.3788,"speed":0.091,"climb":-0.085,"eph":45.600}""")!.Fix;
        fix.Should().Be(new GpsFix(GpsMode.ThreeDimensional, new DateTimeOffset(2005, 6, 9, 14, 34, 45, 280, TimeSpan.Zero), 46.498293369, 7.567411672, 1391.3096, 1345.72, 0.091, 10.3788, -0.085, 45.6, 25.475, 25.404, 80.249, 0.005, "/dev/ttyUSB0"));
        fix!.HasPosition.Should().BeTrue();
    }

    [Fact]
    public void All_but_the_mode_may_be_absent()
    {
        Parse("""{"class":"TPV","mode":1}""")!.Fix.Should().Be(new GpsFix(GpsMode.NoFix, null, null, null, null, null, null, null, null, null, null, null, null, null, null));
        Parse("""{"class":"TPV","mode":2,"lat":"46","lon":7.5,"alt":null}""")!.Fix!.HasPosition.Should().BeFalse("its latitude is a text");
        Parse("""{"class":"TPV","mode":3,"lat":146.0,"lon":7.5}""")!.Fix!.LatitudeDeg.Should().BeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("$GPGGA,143444.28,4629.8972,N")]
    [InlineData("{\"class\":\"TPV\",\"mode\":3")]
    [InlineData("[1,2]")]
    [InlineData("{\"mode\":3}")]
    [InlineData("{\"class\":5}")]
    [InlineData("{\"class\":\"TPV\",\"mode\":9}")]
    [InlineData("{\"class\":\"\\ud800\"}")]
    public void What_is_no_report_is_none(string line) => Parse(line).Should().BeNull();

    [Fact]
    public void The_sky_is_counted()
    {
        Parse("""{"class":"SKY","hdop":2.4,"nSat":8,"uSat":5,"satellites":[]}""")!.Sky.Should().Be(new GpsSky(8, 5, 2.4));
        Parse("""{"class":"SKY","satellites":[{"used":true},{"used":false},{},7]}""")!.Sky.Should().Be(new GpsSky(4, 1, null));
        Parse("""{"class":"SKY","hdop":2.4}""")!.Sky.Should().BeNull();
    }

    [Fact]
    public void Lines_are_found_however_they_come_and_those_that_never_end_are_left_out()
    {
        var lines = new LineSplitter(10);
        var found = new List<string>();
        void Feed(string text) => lines.Feed(Encoding.ASCII.GetBytes(text), line => found.Add(Encoding.ASCII.GetString(line.Span)));
        Feed("on");
        Feed("e\r\n\r\ntwo\nthr");
        Feed("ee\n0123456789\n0123456789");
        Feed("0\nx\n" + new string('y', 1000));
        Feed("\nend\n");
        found.Should().Equal("one", "two", "three", "0123456789", "x", "end");
        lines.TooLong.Should().Be(2);
    }

    [RecordingTheory]
    [InlineData("bu303-moving.log.chk", 3)]
    [InlineData("bu303-nofix.log.chk", 1)]
    [InlineData("sirfstarv-nmea.log.chk", 3)]
    [InlineData("trimble-lassen_iq-playacar.log.chk", 3)]
    public void What_gpsd_made_of_real_receivers_is_read(string file, int best)
    {
        var text = File.ReadAllLines(Recordings.File("fm", "gpsd", file));
        var reports = text.Where(l => l.StartsWith('{')).Select(Parse).ToList();
        reports.Should().NotContainNulls();
        var fixes = reports.Where(r => r!.Fix is not null).Select(r => r!.Fix!).ToList();
        fixes.Should().HaveCount(text.Count(l => l.Contains("\"class\":\"TPV\"", StringComparison.Ordinal)));
        ((int)fixes.Max(f => f.Mode)).Should().Be(best);
        fixes.Should().NotContain(f => f.Mode >= GpsMode.TwoDimensional && !f.HasPosition);
        fixes.Count(f => f.LatitudeDeg is not null).Should().Be(text.Count(l => l.Contains("\"lat\":", StringComparison.Ordinal)));
        // The NMEA between them is no report.
        text.Where(l => !l.StartsWith('{')).Select(Parse).Should().NotContain(r => r != null);
    }

    private static async Task Until(Func<bool> holds)
    {
        var limit = DateTime.UtcNow + Patience;
        while (!holds())
        {
            if (DateTime.UtcNow > limit) throw new TimeoutException();
            await Task.Yield();
        }
    }

    private static async Task<string> ReadLine(Socket from)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (await from.ReceiveAsync(one) == 1 && one[0] != '\n') text.Append((char)one[0]);
        return text.ToString();
    }

    [Fact]
    public async Task A_client_asks_reads_tells_what_is_stale_and_comes_back()
    {
        var time = new ManualTime();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var fixes = new List<GpsFix>();
        await using var client = GpsdClient.Start(new GpsdOptions { Port = ((IPEndPoint)listener.LocalEndpoint).Port, ConnectLimit = TimeSpan.FromHours(1) }, time, fixes.Add);
        client.Status.IsStale.Should().BeTrue();
        using (var socket = await listener.AcceptSocketAsync().WaitAsync(Patience))
        {
            await socket.SendAsync("{\"class\":\"VERSION\",\"release\":\"3.22\"}\r\n"u8.ToArray());
            (await ReadLine(socket)).Should().Be("?WATCH={\"enable\":true,\"json\":true}");
            await socket.SendAsync("$GPGGA,noise\r\n{\"class\":\"TPV\",\"mode\":1}\r\n{\"class\":\"SKY\",\"nSat\":8,\"uSat\":5}\r\n"u8.ToArray());
            await Until(() => client.Status.Sky is not null);
            client.Status.Should().Match<GpsdStatus>(s => s.Fix!.Mode == GpsMode.NoFix && !s.IsStale && s.JunkLines == 1 && s.State.En.Contains("no fix"));
            await socket.SendAsync("{\"class\":\"TPV\",\"mode\":3,\"lat\":23.13,\"lon\":113.26}\r\n"u8.ToArray());
            await Until(() => client.Status.Reports == 2);
            client.Status.Should().Match<GpsdStatus>(s => s.Fix!.HasPosition && !s.IsStale && s.ReceivedAt == time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(4.9));
            client.Status.IsStale.Should().BeFalse();
            time.Advance(TimeSpan.FromSeconds(0.1));
            client.Status.Should().Match<GpsdStatus>(s => s.IsStale && s.State.En.Contains("stale") && s.Fix!.LatitudeDeg == 23.13);
        }
        // The server went: the client comes again.
        await Until(() => client.Status.State.En.Contains("away", StringComparison.Ordinal));
        var accepting = listener.AcceptSocketAsync();
        await Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return accepting.IsCompleted;
        });
        using var again = await accepting;
        await again.SendAsync("{\"class\":\"TPV\",\"mode\":2,\"lat\":1,\"lon\":2}\n"u8.ToArray());
        await Until(() => client.Status.Reports == 3);
        client.Status.Should().Match<GpsdStatus>(s => !s.IsStale && s.Reconnects == 1);
        fixes.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left()
    {
        var time = new ManualTime();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = GpsdClient.Start(new GpsdOptions { Port = ((IPEndPoint)listener.LocalEndpoint).Port, ConnectLimit = TimeSpan.FromHours(1) }, time);
        using var socket = await listener.AcceptSocketAsync().WaitAsync(Patience);
        await ReadLine(socket);
        var accepting = listener.AcceptSocketAsync();
        await Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return accepting.IsCompleted;
        });
        (await accepting).Dispose();
    }
}
