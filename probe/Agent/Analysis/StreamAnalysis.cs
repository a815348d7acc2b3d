using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>One transport stream from its first packet to its last: the analyser, what occurred by check, and who listens.</summary>
internal sealed class StreamAnalysis
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(200);

    private readonly TransportStreamAnalyzer analyzer;
    private readonly SortedDictionary<string, CheckTally> tallies = new(StringComparer.Ordinal);
    private readonly Action<TransportStreamOccurrence, double>? occurred;
    private readonly AlarmRecorder? recorder;
    private readonly DvbCharset charset;
    private DateTimeOffset? first;
    private DateTimeOffset lastTick;

    /// <param name="settings">How it is watched.</param>
    /// <param name="occurred">Is told of each occurrence and of its time, s since the first packet; or null.</param>
    /// <param name="recorder">Keeps clips, or null.</param>
    public StreamAnalysis(TransportStreamSettings settings, Action<TransportStreamOccurrence, double>? occurred = null, AlarmRecorder? recorder = null)
    {
        (this.occurred, this.recorder, charset) = (occurred, recorder, settings.DefaultCharset);
        analyzer = new TransportStreamAnalyzer(settings);
        analyzer.Occurred += Take;
    }

    /// <summary>When the last bytes arrived, or the last tick was.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>From the first bytes to now.</summary>
    public TimeSpan Duration => first is { } from ? Now - from : TimeSpan.Zero;

    /// <summary>When the first bytes arrived; null before them.</summary>
    public DateTimeOffset? First => first;

    /// <summary>Bytes of the stream, cut in any way.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">When the first of them arrived.</param>
    /// <param name="bitrateBps">They are spread evenly from <paramref name="at"/> on at this rate of packets of 188 bytes; 0: all arrived at once.</param>
    /// <param name="packetBytes">From one packet to the next: 188 or 204; a parity is no part of the rate.</param>
    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset at, double bitrateBps = 0, int packetBytes = PacketGrid.TransportBytes)
    {
        Begin(at);
        var bytesPerSecond = bitrateBps / 8 * packetBytes / PacketGrid.TransportBytes;
        recorder?.Push(bytes, at, bytesPerSecond);
        analyzer.Push(bytes, at, bitrateBps);
        Advance(bytesPerSecond > 0 ? at.AddTicks((long)(bytes.Length / bytesPerSecond * TimeSpan.TicksPerSecond)) : at);
    }

    /// <summary>One M2TS packet of 192 bytes, whose stamp the analyser reads itself.</summary>
    /// <param name="unit">Stamp and packet.</param>
    /// <param name="at">What the stamp says, on the same clock as before.</param>
    public void PushStamped(ReadOnlySpan<byte> unit, DateTimeOffset at)
    {
        Begin(at);
        recorder?.Push(unit, at, 0);
        analyzer.Push(unit, first!.Value); // its stamps carry it on from there
        Advance(at);
    }

    /// <summary>Time passed.</summary>
    public void Tick(DateTimeOffset at)
    {
        if (first is null) return;
        Advance(at);
    }

    /// <summary>The stream ended, or is no longer watched.</summary>
    public StreamResult Finish()
    {
        recorder?.Finish(Now);
        var report = analyzer.Report(first is null ? DateTimeOffset.UnixEpoch : Now);
        return new StreamResult(report, MultiplexSignalling.From(analyzer.Tables, charset), analyzer.Tables, tallies, Duration);
    }

    private void Begin(DateTimeOffset at)
    {
        if (first is null) (first, lastTick, Now) = (at, at, at);
    }

    private void Advance(DateTimeOffset at)
    {
        if (at > Now) Now = at;
        if (Now - lastTick < TickEvery) return;
        lastTick = Now;
        analyzer.Tick(Now);
        recorder?.Tick(Now);
    }

    private void Take(TransportStreamOccurrence occurrence)
    {
        var seconds = (occurrence.At - first!.Value).TotalSeconds;
        if (!tallies.TryGetValue(occurrence.Check.Id, out var tally)) tallies.Add(occurrence.Check.Id, tally = new CheckTally(occurrence.Check));
        tally.Add(occurrence, seconds);
        occurred?.Invoke(occurrence, seconds);
        recorder?.Occurred(occurrence);
    }
}

/// <summary>What became of a stream.</summary>
/// <param name="Report">The report over all of it.</param>
/// <param name="Signalling">What its tables say beside it.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Tallies">Occurrences by the id of their check.</param>
/// <param name="Duration">From the first byte to the last, by the stream's time base.</param>
internal sealed record StreamResult(MultiplexReport Report, MultiplexSignalling Signalling, IReadOnlyList<TableVersion> Tables, IReadOnlyDictionary<string, CheckTally> Tallies, TimeSpan Duration);

/// <summary>Occurrences of one check.</summary>
internal sealed class CheckTally(Check check)
{
    public Check Check => check;

    /// <summary>Occurrences.</summary>
    public long Count { get; private set; }

    /// <summary>The first and the last of them, s since the first packet.</summary>
    public double FirstSeconds { get; private set; }

    /// <summary>See <see cref="FirstSeconds"/>.</summary>
    public double LastSeconds { get; private set; }

    /// <summary>Its alarm stands at the end.</summary>
    public int Standing { get; private set; }

    public void Add(in TransportStreamOccurrence occurrence, double seconds)
    {
        if (occurrence.Change == OccurrenceChange.Clear)
        {
            Standing = Math.Max(0, Standing - 1);
            return;
        }
        if (Count++ == 0) FirstSeconds = seconds;
        LastSeconds = seconds;
        if (occurrence.Change == OccurrenceChange.Raise) Standing++;
    }
}
