using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests;

/// <summary>
/// <c>rtp_impaired.pcap</c>: RTP of a real stream with known losses, reorders, duplicates, a stall and a wrap of the sequence numbers, by a generator of known seed.
/// <c>rtp_fec_2022_1.pcap</c>: media and FEC by GStreamer 1.22, with known losses; each recoverable packet was rebuilt by exclusive or and compared when the truth was made.
/// </summary>
public sealed class RtpRecordingTests
{
    private static readonly string[] Impaired = ["ts", "synth", "rtp_impaired.pcap"];
    private static readonly string[] Fec = ["ts", "synth", "rtp_fec_2022_1.pcap"];

    [RecordingFact]
    public void Losses_reorders_and_duplicates_are_those_of_the_truth()
    {
        var truth = Truth(Impaired);
        var output = new RtpOutput();
        var receiver = new RtpReceiver(new());
        foreach (var datagram in RtpCapture.Read(Recordings.File(Impaired))) receiver.Push(datagram.Payload, datagram.TimeNs, output.Handler);
        receiver.Flush(output.Handler);

        var statistics = receiver.Statistics;
        statistics.Sequences(RtpEventKind.Lost).Should().Equal(Numbers(truth, "lost_seq"));
        statistics.Sequences(RtpEventKind.Reordered).Should().Equal(Numbers(truth, "reordered_seq"));
        statistics.Sequences(RtpEventKind.Duplicate).Should().Equal(Numbers(truth, "duplicated_seq"));
        // One packet of the recording overtook fourteen in the burst behind the stall; the truth does not list it.
        statistics.Sequences(RtpEventKind.Early).Should().Equal(466);
        statistics.Should().BeEquivalentTo(new
        {
            Ssrc = truth.GetProperty("ssrc").GetUInt32(),
            PayloadType = 33,
            Datagrams = truth.GetProperty("rtp_packets_in_pcap").GetInt64(),
            Lost = truth.GetProperty("lost_rtp_packets").GetInt64(),
            Gaps = truth.GetProperty("loss_events").GetInt64(),
            Delivered = truth.GetProperty("rtp_packets_sent").GetInt64() - truth.GetProperty("lost_rtp_packets").GetInt64(),
            Recovered = 0,
            Late = 0,
            Strays = 0,
            Restarts = 0,
            Malformed = 0,
            IrregularPayloads = 0,
        });
        output.MissingBefore.Where(m => m > 0).Should().Equal(1, 1, 1, 1, 1, 4);
        output.TimesNs.Should().BeInAscendingOrder();
    }

    [RecordingFact]
    public void The_delay_factor_of_each_second_is_that_of_the_truth()
    {
        var truth = Truth(Impaired);
        var index = new MediaDeliveryIndex();
        var receiver = new RtpReceiver(new(), index);
        var output = new RtpOutput();
        index.SetMediaRate(truth.GetProperty("ts_bitrate").GetDouble(), MediaRateSource.Pcr);
        foreach (var datagram in RtpCapture.Read(Recordings.File(Impaired)))
        {
            index.Push(datagram.TimeNs, datagram.Payload.Length - 12);
            receiver.Push(datagram.Payload, datagram.TimeNs, output.Handler);
        }
        receiver.Flush(output.Handler);
        MdiSecond[] seconds = [.. index.Seconds, index.Current!.Value];
        var expected = truth.GetProperty("mdi_per_second").EnumerateArray().ToList();
        seconds.Should().HaveCount(expected.Count);
        foreach (var (second, of) in seconds.Zip(expected))
        {
            second.DelayFactorMs.Should().BeApproximately(of.GetProperty("DF_ms").GetDouble(), 0.001);
            second.Datagrams.Should().Be(of.GetProperty("packets").GetInt64());
            second.RateSource.Should().Be(MediaRateSource.Pcr);
        }
        index.Worst!.Value.Second.Should().Be(seconds[2].Second);
        // Lost, overtaken and early datagrams of seven packets each.
        index.LostOrOutOfOrder.Should().Be(truth.GetProperty("lost_ts_packets").GetInt64() + 3 * 7);
        seconds.Sum(s => s.MediaLossRate).Should().Be(index.LostOrOutOfOrder);
    }

    [RecordingFact]
    public void The_stall_is_the_largest_interval_and_has_its_time()
    {
        var stall = Truth(Impaired).GetProperty("stall");
        var intervals = new InterArrivalHistogram();
        var datagrams = RtpCapture.Read(Recordings.File(Impaired));
        foreach (var datagram in datagrams) intervals.Push(datagram.TimeNs);
        var calendar = datagrams[0].TimeNs / 1_000_000_000 * 1_000_000_000;
        var length = stall.GetProperty("length_ms").GetDouble();
        // The stall holds up what is due in it: from the packet before to the first behind is the stall and one interval.
        (intervals.MaxNs!.Value / 1e6).Should().BeInRange(length, length + 3);
        var ended = (intervals.MaxEndedNs!.Value - calendar) / 1e9;
        stall.GetProperty("at_s").GetDouble().Should().BeInRange(ended - intervals.MaxNs.Value / 1e9, ended);
        intervals.Bins.Sum(b => b.Count).Should().Be(datagrams.Count - 1);
    }

    [RecordingFact]
    public void FEC_recovers_what_can_be_recovered_and_nothing_else()
    {
        var truth = Truth(Fec);
        var (receiver, output) = PlayFec();
        var statistics = receiver.Statistics;
        statistics.Sequences(RtpEventKind.Recovered).Should().BeEquivalentTo(Numbers(truth, "recoverable_seq"));
        statistics.Sequences(RtpEventKind.Lost).Should().Equal(Numbers(truth, "unrecoverable_seq"));
        statistics.Sequences(RtpEventKind.Lost, RtpEventKind.Recovered).Should().BeEquivalentTo(Numbers(truth, "lost_media_seq"));
        statistics.Should().BeEquivalentTo(new { Lost = 38, Recovered = 24, LostAfterFec = 14, Reordered = 0, Duplicates = 0, Late = 0, Restarts = 0 });
        statistics.Fec.Should().BeEquivalentTo(new { Columns = truth.GetProperty("L").GetInt32(), Rows = truth.GetProperty("D").GetInt32(), Lost = 1, Unsupported = 0 });
        (output.Payloads.Count + 14).Should().Be(truth.GetProperty("media_packets_sent").GetInt32());
        output.MissingBefore.Where(m => m > 0).Should().Equal(5, 5, 1, 1, 1, 1);
    }

    [RecordingFact]
    public void The_stream_behind_FEC_is_continuous_but_at_the_unrecoverable_packets()
    {
        var (_, output) = PlayFec();
        var counters = new Dictionary<int, int>();
        var errorsWithoutLoss = 0;
        var afterGap = new HashSet<int>();
        for (var i = 0; i < output.Payloads.Count; i++)
        {
            if (output.MissingBefore[i] > 0) afterGap = [.. counters.Keys];
            for (var at = 0; at < output.Payloads[i].Length; at += 188)
            {
                var packet = output.Payloads[i].AsSpan(at, 188);
                packet[0].Should().Be(0x47);
                var pid = (packet[1] & 0x1F) << 8 | packet[2];
                if (pid == 0x1FFF || (packet[3] & 0x10) == 0) continue;
                var counter = packet[3] & 15;
                if (counters.TryGetValue(pid, out var last) && counter != (last + 1 & 15) && !afterGap.Contains(pid)) errorsWithoutLoss++;
                afterGap.Remove(pid);
                counters[pid] = counter;
            }
        }
        errorsWithoutLoss.Should().Be(0);
        counters.Should().HaveCountGreaterThan(5);
    }

    /// <summary>The media of the capture is <c>mpeg2_tdt_dvbsub.ts</c>; the sender left out some packets before it knew the programme.</summary>
    [RecordingFact]
    public void Behind_FEC_every_packet_is_byte_for_byte_the_one_that_was_sent()
    {
        const int BeforeProgramme = 100;
        var sent = File.ReadAllBytes(Recordings.File("ts", "real", "mpeg2_tdt_dvbsub.ts"));
        var (_, output) = PlayFec();
        var (position, skipped) = (0, 0);
        for (var i = 0; i < output.Payloads.Count; i++)
        {
            var may = output.MissingBefore[i] * 7;
            for (var at = 0; at < output.Payloads[i].Length; at += 188)
            {
                var packet = output.Payloads[i].AsSpan(at, 188);
                var limit = position < BeforeProgramme ? BeforeProgramme : may;
                for (; limit > 0 && !sent.AsSpan(188 * position, 188).SequenceEqual(packet); limit--)
                {
                    position++;
                    if (position > BeforeProgramme) skipped++;
                }
                sent.AsSpan(188 * position, 188).SequenceEqual(packet).Should().BeTrue($"packet {at / 188} of datagram {i} is packet {position} of the file");
                position++;
                may = 0;
            }
        }
        skipped.Should().BeInRange(14, 14 * 7);
        position.Should().BeGreaterThan(6_000);
    }

    private static (RtpReceiver Receiver, RtpOutput Output) PlayFec()
    {
        var receiver = new RtpReceiver(new());
        var output = new RtpOutput();
        foreach (var datagram in RtpCapture.Read(Recordings.File(Fec)))
        {
            if (datagram.Port == 5000) receiver.Push(datagram.Payload, datagram.TimeNs, output.Handler);
            else receiver.PushFec(datagram.Payload, datagram.TimeNs, output.Handler);
        }
        receiver.Flush(output.Handler);
        return (receiver, output);
    }

    private static JsonElement Truth(string[] capture) =>
        JsonDocument.Parse(File.ReadAllBytes(Recordings.File([.. capture[..^1], Path.ChangeExtension(capture[^1], ".truth.json")]))).RootElement;

    private static IEnumerable<int> Numbers(JsonElement truth, string name) => truth.GetProperty(name).EnumerateArray().Select(n => n.GetInt32());
}
