using SignalWatch.Fm;
using SignalWatch.Signal;

namespace SignalWatch.Tests;

/// <summary>No block is received that was not sent. Where the log that a recording was made of is at hand, each block is held against the one sent in its place;
/// where it is not, each group against redsea's groups in the order they came.</summary>
public sealed class RdsRecordingTests
{
    private const double GroupSeconds = 104 / 1187.5;

    [RecordingTheory]
    [InlineData("mpx/tone1k_left_only_rds.wav", 0, "Netherlands_8201")]
    [InlineData("mpx/programme_over_dev_95k.wav", 0, "Netherlands_1000")]
    [InlineData("iq/band_98M_2400k.sigmf-data", 200_000, "Netherlands_8201")]
    public void Each_block_is_the_one_sent_in_its_place(string recording, double offsetHz, string log)
    {
        var sent = RdsLogs.Read(RdsLogs.Path(log)).Groups.Select(g => g.Group).Where(g => g.Received == 4).ToArray();
        var received = Receive(recording, offsetHz);

        // Which group of the log was the first is not known; one beginning must do for all.
        var begin = Enumerable.Range(0, sent.Length).MaxBy(first => received.Sum(r => Right(r.Group, sent[(first + r.Index) % sent.Length])));
        received.Should().HaveCountGreaterThan(25);
        foreach (var (index, group) in received)
        {
            var there = sent[(begin + index) % sent.Length];
            Right(group, there).Should().Be(group.Received, $"{RdsGroupText.Write(group)} came where {RdsGroupText.Write(there)} was sent");
        }
    }

    [RecordingTheory]
    [InlineData("mpx/programme_ok_75k.wav", 0, "mpx/programme_ok_75k.wav", true)]
    [InlineData("mpx/programme_weak_rds_noise.wav", 0, "mpx/programme_weak_rds_noise.wav", true)]
    [InlineData("mpx/tone1k_left_only_rds.wav", 0, "mpx/tone1k_left_only_rds.wav", true)]
    [InlineData("mpx/programme_over_dev_95k.wav", 0, "mpx/programme_over_dev_95k.wav", true)]
    [InlineData("iq/band_98M_2400k.sigmf-data", -600_000, "iq/band_98M_2400k.sigmf-data.97400000", true)]
    [InlineData("iq/band_98M_2400k.sigmf-data", 200_000, "iq/band_98M_2400k.sigmf-data.98200000", true)]
    [InlineData("iq/band_98M_2400k.sigmf-data", 800_000, "iq/band_98M_2400k.sigmf-data.98800000", true)]
    [InlineData("iq/station_256k_cnr16.sigmf-data", 0, "iq/station_256k_cnr16.sigmf-data", false)]
    public void Groups_are_those_of_redsea_in_its_order(string recording, double offsetHz, string reference, bool clean)
    {
        var expected = Redsea.Groups(Recordings.File(["fm", .. (reference + ".redsea.json").Split('/')]));
        var received = Receive(recording, offsetHz).Select(r => r.Group).ToList();

        received.Should().HaveCountGreaterThanOrEqualTo(expected.Count);
        var stations = expected.Select(g => g.Pi).ToHashSet();
        received.Where(g => g.A.HasValue).Should().OnlyContain(g => stations.Contains(g.A!.Value));
        // What redsea has of type, ours have in the same order; where it lost block B, ours may have any. In noise redsea corrects amiss now and then.
        var types = received.Where(g => g.Type.HasValue).Select(g => $"{g.Type}{(g.IsVersionB == true ? 'B' : 'A')}").ToList();
        var theirs = expected.Where(g => g.Type is not null).Select(g => g.Type!).ToList();
        var at = 0;
        var found = theirs.Count(type => types.IndexOf(type, at) is var next && next >= 0 && (at = next + 1) > 0);
        found.Should().BeGreaterThanOrEqualTo(clean ? theirs.Count : theirs.Count - 2);
    }

    private static int Right(RdsGroup got, RdsGroup sent) =>
        (got.A.HasValue && got.A == sent.A ? 1 : 0) + (got.B.HasValue && got.B == sent.B ? 1 : 0) + (got.C.HasValue && got.C == sent.C ? 1 : 0) + (got.D.HasValue && got.D == sent.D ? 1 : 0);

    // Each group with its place: how many groups' time after the first one it began.
    private static List<(int Index, RdsGroup Group)> Receive(string recording, double offsetHz)
    {
        var received = new List<(double At, RdsGroup Group)>();
        MpxDecoder? decoder = null;
        var tap = new StationTap
        {
            OnGroup = group =>
            {
                if (group.Received > 0) received.Add((decoder!.RdsGroupSeconds, group));
            },
        };
        var path = Recordings.File(["fm", .. recording.Split('/')]);
        if (recording.EndsWith(".wav", StringComparison.Ordinal))
        {
            decoder = new MpxDecoder(192_000, tap);
            decoder.Process(RawIq.Wav(path, 150_000));
        }
        else
        {
            var isBand = recording.Contains("band", StringComparison.Ordinal);
            var channelizer = new Channelizer(isBand ? 2_400_000 : 252_000, isBand ? 8 : 1, 512);
            var demodulator = new CarrierDemodulator(channelizer, offsetHz, new ChannelFilter(120_000, default), tap);
            decoder = demodulator.Mpx;
            ReadOnlySpan<float> rest = isBand ? RawIq.Cu8(path) : RawIq.Ci16(path);
            while (channelizer.Take(ref rest)) demodulator.ProcessBlock();
        }
        return [.. received.Select(r => ((int)Math.Round((r.At - received[0].At) / GroupSeconds), r.Group))];
    }
}
