using SignalWatch.Tests;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>Captures with damage of every kind: whatever the bytes, reading ends, nothing is thrown, and memory does not grow.</summary>
public sealed class CaptureMutationTests
{
    private const int Copies = 10_000;

    [RecordingFact]
    public void Ten_thousand_mutated_captures_are_read_to_their_end()
    {
        byte[][] originals = [.. Originals()];
        long frames = 0, given = 0, warnings = 0;
        for (var seed = 0; seed < Copies; seed++)
        {
            var random = new Random(seed);
            var file = Mutate(originals[random.Next(originals.Length)], random);
            CaptureFileSource source;
            try
            {
                source = Frames.Open(file);
            }
            catch (Contracts.ProblemException refused) when (refused.Problem.Code == "capture-file.not-a-capture")
            {
                continue;
            }
            using (source)
            {
                var tap = new IpTap(new() { MostFlows = 64, MostStreams = 16, MostReports = 16, Handler = (_, payload, _) => given += Touch(payload) });
                while (source.Read(out var frame) == CaptureStatus.Frame)
                {
                    frames++;
                    tap.Push(frame);
                }
                tap.Flush();
                warnings += source.Warnings.Count;
                source.Offset.Should().BeLessThanOrEqualTo(file.Length);
                tap.Streams.Count.Should().BeLessThanOrEqualTo(16);
            }
        }
        frames.Should().BeGreaterThan(Copies, "most of them still hold frames");
        given.Should().BePositive();
        warnings.Should().BeGreaterThan(Copies / 20, "many are cut or corrupt");
    }

    // Each kind of frame and payload, small enough that a mutation is likely to hit something that matters.
    private static IEnumerable<byte[]> Originals()
    {
        foreach (var (folder, name) in ((string, string)[])[("pcap", "udp_vlan123.pcap"), ("pcap", "srt_loss10.pcap"), ("pcap", "rist_a.pcap"), ("synth", "rtp_fec_2022_1.pcap")])
            yield return Head(Recordings.File("ts", folder, name));
        byte[] report = [0x22, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 2, 232, 1, 1, 3, 10, 0, 0, 7, 10, 0, 0, 8];
        var mirrored = Frames.Ethernet(Frames.IPv4(17, Frames.Udp(Frames.Packets(5))), vlans: [100, 200]);
        byte[][] frames =
        [
            mirrored,
            Frames.Ethernet(Frames.IPv4(2, report)),
            Frames.Ethernet(Frames.IPv4(47, [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, .. new byte[12], .. mirrored])),
            Frames.Ethernet(Frames.IPv6(0, [60, 0, 5, 2, 0, 0, 1, 0, 44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 9, .. new byte[64]]), type: 0x86DD),
            Frames.Ethernet(Frames.IPv4(17, new byte[64], fragment: 0x2000)),
            Frames.Ethernet(Frames.IPv4(17, new byte[64], fragment: 8)),
            Frames.Datagram(Frames.Rtp(Frames.Packets(3), 1)),
            Frames.Datagram([0x81, 205, 0, 3, 0, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, 0, 1, 0, 0], port: 5001),
        ];
        yield return Frames.Pcap(frames, bigEndian: true);
        yield return
        [
            .. Frames.Section(true), .. Frames.Interface(true, options: [0, 9, 0, 1, 9, 0, 0, 0]), .. frames.SelectMany((f, i) => Frames.Enhanced(true, 0, (ulong)i, f)),
            .. Frames.Block(5, true, Frames.Word(0), new byte[8], [0, 5, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]), .. Frames.Section(false), .. Frames.Interface(false), .. Frames.Enhanced(false, 0, 9, frames[0]),
        ];
    }

    private static byte[] Head(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[24_000];
        return bytes[..file.Read(bytes)];
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            // Half of them in the first bytes of a record: that is where lengths and types are.
            var at = random.Next(bytes.Length);
            if (random.Next(2) == 0) at = Math.Min(bytes.Length - 1, at / 1_400 * 1_400 % bytes.Length + random.Next(100));
            bytes[at] = random.Next(4) switch { 0 => 0, 1 => 0xFF, 2 => (byte)random.Next(256), _ => (byte)(bytes[at] ^ 1 << random.Next(8)) };
        }
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    // Every byte is read, so that a slice past its buffer would show.
    private static int Touch(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var one in bytes) sum |= one;
        return sum > 0 ? 1 : 0;
    }
}
