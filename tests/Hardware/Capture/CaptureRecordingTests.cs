using System.Globalization;
using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>Real and exactly-known captures, against TSDuck's lists of streams and the generators' truth.</summary>
public sealed class CaptureRecordingTests
{
    private readonly List<byte> bytes = [];
    private readonly Dictionary<int, int> datagrams = [];

    [RecordingTheory]
    [InlineData("rist_a", TapProtocol.Rist)]
    [InlineData("srt_loss10", TapProtocol.Srt)]
    [InlineData("srt_stream", TapProtocol.Srt)]
    [InlineData("udp_vlan123", TapProtocol.RtpTs)]
    public void The_list_of_streams_equals_the_reference(string name, TapProtocol protocol)
    {
        var tap = Look("pcap", name + ".pcap");
        var columns = File.ReadAllLines(Recordings.File("ts", "ref", name + ".pcap.tsduck340.tspcap.txt")).Where(l => l.Contains("UDP", StringComparison.Ordinal))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Should().ContainSingle().Which;
        var stream = tap.Streams.Should().ContainSingle().Which;
        tap.OtherFlows.Should().BeEmpty();
        string[] ours =
        [
            .. stream.Flow.Vlan > 0 ? [stream.Flow.Vlan.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
            FlowKey.End(stream.Flow.Source, stream.Flow.SourcePort), FlowKey.End(stream.Flow.Destination, stream.Flow.DestinationPort), "UDP",
            stream.Packets.ToString("N0", CultureInfo.InvariantCulture), stream.Bytes.ToString("N0", CultureInfo.InvariantCulture),
        ];
        ours.Should().Equal(columns[..^1]);
        stream.Protocol.Should().Be(protocol);
        var rate = double.Parse(columns[^1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        stream.BitrateBps.Should().BeApproximately(rate, rate * 1e-6);
    }

    [RecordingFact]
    public void The_stream_in_the_VLAN_equals_the_reference_byte_by_byte()
    {
        var tap = Look("pcap", "udp_vlan123.pcap");
        tap.Streams[0].Should().BeEquivalentTo(new { Protocol = TapProtocol.RtpTs, PayloadType = (byte)33, PacketSize = 188 });
        var expected = File.ReadAllBytes(Recordings.File("ts", "ref", "test-162.1.ts"));
        bytes.Should().Equal(expected);
    }

    [RecordingFact]
    public void Loss_in_SRT_is_counted_and_what_was_sent_again_makes_up_for_it()
    {
        Look("pcap", "srt_stream.pcap").Streams[0].Srt.Should().BeEquivalentTo(new { DataPackets = 388, Missing = 0, Recovered = 0, Lost = 0, Retransmitted = 0, LatencyMs = 125, IsEncrypted = false });
        Look("pcap", "srt_loss10.pcap").Streams[0].Srt.Should().BeEquivalentTo(new { DataPackets = 271, Missing = 23, Recovered = 23, Lost = 0, Retransmitted = 23, Duplicates = 0 });
        bytes.Should().BeEmpty("the payload is bare video");
    }

    [RecordingFact]
    public void Impaired_RTP_is_one_stream_with_all_its_datagrams()
    {
        using var truth = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "synth", "rtp_impaired.truth.json")));
        var stream = Look("synth", "rtp_impaired.pcap").Streams.Should().ContainSingle().Which;
        stream.Packets.Should().Be(truth.RootElement.GetProperty("rtp_packets_in_pcap").GetInt64());
        stream.Ssrc.Should().Be(truth.RootElement.GetProperty("ssrc").GetUInt32());
        stream.Flow.Destination.ToString().Should().Be(truth.RootElement.GetProperty("group").GetString());
        datagrams.Should().BeEquivalentTo(new Dictionary<int, int> { [1] = (int)stream.Packets });
    }

    [RecordingFact]
    public void Error_correction_is_recognised_and_related()
    {
        using var truth = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "synth", "rtp_fec_2022_1.truth.json")));
        var ports = truth.RootElement.GetProperty("ports");
        var tap = Look("synth", "rtp_fec_2022_1.pcap");
        var media = tap.Streams.Single(s => s.Protocol == TapProtocol.RtpTs);
        media.Packets.Should().Be(truth.RootElement.GetProperty("media_packets_sent").GetInt64() - truth.RootElement.GetProperty("lost_media_seq").GetArrayLength());
        tap.Streams.Select(s => (s.Protocol, (int)s.Flow.DestinationPort, s.Media == media)).Should().BeEquivalentTo(
        [
            (TapProtocol.RtpTs, ports.GetProperty("media").GetInt32(), false),
            (TapProtocol.Fec2022Column, ports.GetProperty("column_fec").GetInt32(), true),
            (TapProtocol.Fec2022Row, ports.GetProperty("row_fec").GetInt32(), true),
        ]);
        datagrams.Values.Sum().Should().Be((int)tap.Streams.Sum(s => s.Packets), "every datagram is handed on, error correction too");
    }

    private IpTap Look(string folder, string name)
    {
        using var source = CaptureFileSource.Open(Recordings.File("ts", folder, name), new());
        var tap = new IpTap(new()
        {
            Handler = (stream, payload, _) =>
            {
                datagrams[stream.Number] = datagrams.GetValueOrDefault(stream.Number) + 1;
                bytes.AddRange(payload[RtpHeader.Payload(payload)]);
            },
        });
        while (source.Read(out var frame) == CaptureStatus.Frame) tap.Push(frame);
        tap.Flush();
        source.Warnings.Should().BeEmpty();
        return tap;
    }
}
