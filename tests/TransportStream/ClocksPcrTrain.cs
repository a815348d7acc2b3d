namespace SignalWatch.TransportStream.Tests;

/// <summary>A train of PCRs of a stream of constant rate, with what a test does to it. Seeded: the same every time.</summary>
internal sealed class ClocksPcrTrain
{
    public double BitrateBps { get; init; } = 38_000_000;

    public double IntervalSeconds { get; init; } = 0.025;

    public double OffsetPpm { get; init; }

    public double DriftPpmPerSecond { get; init; }

    public double WhiteNs { get; init; }

    public double SwingNs { get; init; }

    public double SwingHz { get; init; } = 0.2;

    public long Start { get; init; } = 123_456_789;

    public int Seed { get; init; } = 7;

    /// <summary>Time, byte index and value of the PCRs: each on a packet of its own.</summary>
    public IEnumerable<(double Seconds, long ByteIndex, long Pcr)> Points(double seconds)
    {
        var random = new Random(Seed);
        for (var i = 0; i * IntervalSeconds < seconds; i++)
        {
            var packet = (long)Math.Round(i * IntervalSeconds * BitrateBps / 1504);
            var t = packet * 1504 / BitrateBps;
            var error = WhiteNs * (2 * random.NextDouble() - 1) + SwingNs * Math.Sin(2 * Math.PI * SwingHz * t);
            var ticks = ProgramClock.Hz * (t * (1 + OffsetPpm * 1e-6) + DriftPpmPerSecond * 1e-6 * t * t / 2 + error * 1e-9);
            yield return (t, packet * 188 + 10, Mod(Start + (long)Math.Round(ticks)));
        }
    }

    public static long Mod(long pcr) => (pcr % ProgramClock.Cycle + ProgramClock.Cycle) % ProgramClock.Cycle;
}

/// <summary>The PCRs of a recording, with what its packets say of losses.</summary>
internal static class ClocksRecording
{
    public static Dictionary<int, ClockMeter> Read(string path, Action<int, ClockSample, long>? sample = null)
    {
        var bytes = File.ReadAllBytes(path);
        var meters = new Dictionary<int, ClockMeter>();
        var counters = new Dictionary<int, int>();
        for (var packet = 0; packet < bytes.Length / 188; packet++)
        {
            var p = bytes.AsSpan(packet * 188, 188);
            if (p[0] != 0x47 || (p[1] & 0x80) != 0)
            {
                foreach (var meter in meters.Values) meter.Loss();
                continue;
            }
            var pid = (p[1] & 0x1F) << 8 | p[2];
            var hasAdaptation = (p[3] & 0x20) != 0;
            var discontinuity = hasAdaptation && p[4] > 0 && (p[5] & 0x80) != 0;
            if ((p[3] & 0x10) != 0 && pid != 0x1FFF)
            {
                var cc = p[3] & 15;
                if (counters.TryGetValue(pid, out var last) && cc != (last + 1 & 15) && cc != last && !discontinuity)
                    foreach (var meter in meters.Values) meter.Loss();
                counters[pid] = cc;
            }
            if (!hasAdaptation || p[4] < 7 || (p[5] & 0x10) == 0) continue;
            if (!meters.TryGetValue(pid, out var clock)) meters[pid] = clock = new ClockMeter(pid);
            var byteIndex = packet * 188L + 10;
            sample?.Invoke(pid, clock.Add(ProgramClock.ReadPcr(p.Slice(6, 6)), byteIndex, byteIndex * 1000, discontinuity), packet);
            if (sample is null) clock.Add(ProgramClock.ReadPcr(p.Slice(6, 6)), byteIndex, byteIndex * 1000, discontinuity);
        }
        return meters;
    }
}
