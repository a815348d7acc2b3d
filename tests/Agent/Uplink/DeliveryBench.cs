using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Tests.Probe.Uplink;

/// <summary>A probe's spool, its uplink and a collector, in virtual time.</summary>
internal sealed class DeliveryBench : IDisposable
{
    private readonly HttpClient http;
    private ObservationUplink? uplink;
    private EvidenceUplink? evidence;
    private int minted;

    public DeliveryBench(SpoolFolderSettings? settings = null, string? folder = null)
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("delivery").FullName;
        Collector = new FakeCollector(Time);
        http = new HttpClient(Collector);
        Spool = new SpoolFolder(Path.Combine(Folder, "spool"), settings ?? new SpoolFolderSettings(), Time, gap => Mint.Gap(gap, Time.GetUtcNow()), Say);
    }

    public ManualTime Time { get; } = new();

    public ObservationMint Mint { get; } = new(new ProbeId("GZ-03"), "440106", Language.Chinese);

    public string Folder { get; }

    public FakeCollector Collector { get; }

    public SpoolFolder Spool { get; private set; }

    public DeliverySettings Settings { get; init; } = new();

    public List<Text> Said { get; } = [];

    public ClockOffset Clock { get; } = new();

    public HttpClient Http => http;

    public static Uri Address { get; } = new("http://collector/");

    public void Dispose()
    {
        Spool.Dispose();
        http.Dispose();
        Collector.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public void Say(Text text)
    {
        lock (Said) Said.Add(text);
    }

    /// <summary>One that alarms are judged from.</summary>
    public Observation Carrier(long hz = 98_000_000) =>
        Mint.Measured(new WatchId("fm"), Subject.Frequency("440106", hz), Vocabulary.FmCarrier, Time.GetUtcNow(), Origin.Live, ("frequency_hz", Fact.Of(hz)), ("score", Fact.Of(++minted)));

    /// <summary>Telemetry.</summary>
    public Observation Band() => Mint.Measured(new WatchId("fm"), Subject.Watch(Mint.Probe, new WatchId("fm")), Vocabulary.FmBand, Time.GetUtcNow(), Origin.Live, ("carriers", Fact.Of(++minted)));

    public List<Observation> Fill(int alarms, int telemetry = 0)
    {
        List<Observation> made = [.. Enumerable.Range(0, alarms).Select(_ => Carrier()), .. Enumerable.Range(0, telemetry).Select(_ => Band())];
        made.ForEach(Spool.Append);
        Spool.Flush();
        return made;
    }

    public void Start(EvidenceUplink? with = null) =>
        (evidence, uplink) = (with, new ObservationUplink(http, Address, Spool, Settings, Time, new Random(1), Say, Clock, with));

    /// <summary>Lets the sender work, and moves time only while it has nothing else to do but wait for it.</summary>
    public async Task RunUntilAsync(Func<bool> done, TimeSpan? step = null)
    {
        for (var turns = 0; !done(); turns++)
        {
            turns.Should().BeLessThan(100_000);
            await TurnAsync(step ?? TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Lets time go by.</summary>
    public async Task PassAsync(TimeSpan by, TimeSpan step)
    {
        var end = Time.GetUtcNow() + by;
        while (Time.GetUtcNow() < end) await TurnAsync(step);
    }

    private async Task TurnAsync(TimeSpan step)
    {
        if (await uplink!.StepAsync(CancellationToken.None)) return;
        if (evidence?.Preparing is { IsCompleted: false } preparing) await preparing;
        else Time.Advance(step);
    }
}
