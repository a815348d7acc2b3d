using FluentAssertions;
using SignalWatch.Contracts;
using Xunit;
using Xunit.Abstractions;

namespace SignalWatch.TransportStream.Tests;

public sealed class ClocksSyntheticTests(ITestOutputHelper output)
{
    private static readonly ClockReference Given = new(601_600, null, false, new Text("无", "none"));

    [Theory]
    [InlineData(448, 0)]
    [InlineData(1497, 3000)]
    public void Spread(double white, double swing)
    {
        List<double> max = [], offset = [], wander = [];
        for (var seed = 0; seed < 100; seed++)
        {
            var train = new ClocksPcrTrain { BitrateBps = 601_600, OffsetPpm = 27, WhiteNs = white, SwingNs = swing, Seed = seed };
            var meter = new ClockMeter(1);
            var pts = train.Points(12).ToList();
            foreach (var (t, b, p) in pts)
            {
                var x = meter.Add(p, b, 0, false);

            }
            var r = meter.Report(Given);
            max.Add(r.AccuracyMaxNs.Value!.Value);
            offset.Add(r.OffsetPpm.Value!.Value);
            wander.Add(r.WanderNs.Value!.Value);
        }
        foreach (var l in new[] { max, offset, wander })
        {
            l.Sort();
            output.WriteLine(string.Join(" ", new[] { 0, 5, 25, 50, 75, 90, 95, 99 }.Select(i => l[i].ToString("0.000"))) + " >500: " + l.Count(v => v > 500));
        }
    }
}
