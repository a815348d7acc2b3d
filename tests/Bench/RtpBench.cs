using System.Buffers.Binary;
using System.Diagnostics;
using SignalWatch.Hardware;

namespace SignalWatch.Bench;

/// <summary>The RTP receiver on one core: in order, with every hundredth packet overtaken, with a lost packet in each row that FEC rebuilds, and as the second path of a pair;
/// and what the delivery index and the intervals cost beside it.</summary>
internal static class RtpBench
{
    private const int Columns = 10;
    private const int Rows = 10;
    private const int Matrix = Columns * Rows;
    private const int DatagramBytes = 12 + 7 * 188;
    private const long IntervalNs = 10_000;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    internal static IEnumerable<BenchLine> Run()
    {
        yield return Line("rtp.in-order", new RtpReceiver(new()), (stream, receiver) => stream.InOrder(receiver), s => s is { Lost: 0, Reordered: 0 });
        yield return Line("rtp.reordered-1%", new RtpReceiver(new()), (stream, receiver) => stream.Reordered(receiver), s => s is { Lost: 0, Reordered: > 0 });
        yield return Line("rtp.fec-no-loss", new RtpReceiver(new() { ExpectsFec = true }), (stream, receiver) => stream.Fec(receiver, loss: false), s => s is { Lost: 0, Fec.RowPackets: > 0 });
        yield return Line("rtp.fec-loss-10%", new RtpReceiver(new() { ExpectsFec = true }), (stream, receiver) => stream.Fec(receiver, loss: true), s => s is { LostAfterFec: 0, Recovered: > 0 });
        yield return Line("rtp.pair", new RtpReceiver(new() { ExpectsPair = true }), (stream, receiver) => stream.Pair(receiver), s => s is { Lost: 0, Skew.Packets: > 0 });
        yield return Delivery();
    }

    private static BenchLine Line(string name, RtpReceiver receiver, Action<Stream, RtpReceiver> play, Func<RtpStatistics, bool> isRight)
    {
        var stream = new Stream();
        for (var i = 0; i < 20; i++) play(stream, receiver); // compiled, memory taken
        stream.Given = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Long) play(stream, receiver);
        var seconds = watch.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (!isRight(receiver.Statistics)) throw new InvalidOperationException($"{name}: what was measured is not what it says: {receiver.Statistics}");
        if (allocated > 1 << 16) throw new InvalidOperationException($"{name} allocates: {allocated} bytes");
        return new BenchLine(name, stream.Given * 8 / seconds / 1e9, "Gb/s of packets on one core");
    }

    private static BenchLine Delivery()
    {
        var (index, intervals) = (new MediaDeliveryIndex(), new InterArrivalHistogram());
        var (timeNs, datagrams) = (0L, 0L);
        var random = new Random(1);
        var steps = Enumerable.Range(0, 4096).Select(_ => random.NextInt64(2 * IntervalNs)).ToArray();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Long)
        {
            foreach (var step in steps)
            {
                index.Push(timeNs += step, 7 * 188);
                intervals.Push(timeNs);
            }
            datagrams += steps.Length;
        }
        return new BenchLine("rtp.mdi+intervals", datagrams * 7 * 188 * 8 / watch.Elapsed.TotalSeconds / 1e9, "Gb/s of packets on one core");
    }

    // A matrix of datagrams that is renumbered from round to round; its parities stay right because numbers are not under the parity.
    private sealed class Stream
    {
        private readonly byte[][] media = [.. Enumerable.Range(0, Matrix).Select(Datagram)];
        private readonly byte[][] rows;
        private readonly byte[][] columns;
        private readonly PacketsHandler handler;
        private int number;
        private long timeNs;

        public Stream()
        {
            rows = [.. Enumerable.Range(0, Rows).Select(r => Parity(isRow: true, [.. Enumerable.Range(0, Columns).Select(c => media[r * Columns + c])]))];
            columns = [.. Enumerable.Range(0, Columns).Select(c => Parity(isRow: false, [.. Enumerable.Range(0, Rows).Select(r => media[r * Columns + c])]))];
            handler = (packets, _, _) => Given += packets.Length;
        }

        public long Given { get; set; }

        public void InOrder(RtpReceiver receiver)
        {
            for (var i = 0; i < Matrix; i++) receiver.Push(Numbered(i), timeNs += IntervalNs, handler);
            number += Matrix;
        }

        public void Reordered(RtpReceiver receiver)
        {
            for (var i = 0; i < Matrix; i++) receiver.Push(Numbered(i switch { 50 => 51, 51 => 50, _ => i }), timeNs += IntervalNs, handler);
            number += Matrix;
        }

        public void Fec(RtpReceiver receiver, bool loss)
        {
            for (var row = 0; row < Rows; row++)
            {
                for (var column = 0; column < Columns; column++)
                    if (!loss || column != row) receiver.Push(Numbered(row * Columns + column), timeNs += IntervalNs, handler);
                receiver.PushFec(Based(rows[row], row * Columns), timeNs, handler);
            }
            for (var column = 0; column < Columns; column++) receiver.PushFec(Based(columns[column], column), timeNs, handler);
            number += Matrix;
        }

        public void Pair(RtpReceiver receiver)
        {
            for (var i = 0; i < Matrix; i++)
            {
                receiver.Push(Numbered(i), timeNs += IntervalNs, handler);
                receiver.PushPair(Numbered(i), timeNs + 1000, handler);
            }
            number += Matrix;
        }

        private byte[] Numbered(int index)
        {
            BinaryPrimitives.WriteUInt16BigEndian(media[index].AsSpan(2), (ushort)(number + index));
            return media[index];
        }

        private byte[] Based(byte[] parity, int index)
        {
            BinaryPrimitives.WriteUInt16BigEndian(parity.AsSpan(12), (ushort)(number + index));
            return parity;
        }

        private static byte[] Datagram(int index)
        {
            var datagram = new byte[DatagramBytes];
            new Random(index).NextBytes(datagram.AsSpan(12));
            (datagram[0], datagram[1]) = (0x80, 33);
            for (var at = 12; at < datagram.Length; at += 188) datagram[at] = 0x47;
            return datagram;
        }

        private static byte[] Parity(bool isRow, byte[][] packets)
        {
            var parity = new byte[16 + DatagramBytes];
            (parity[0], parity[1]) = (0x80, 96);
            foreach (var packet in packets)
                for (var i = 12; i < packet.Length; i++) parity[16 + i] ^= packet[i];
            // An even count of equal lengths and types cancels out: rows and columns have ten.
            (parity[16], parity[24], parity[25], parity[26]) = (0x80, (byte)(isRow ? 0x40 : 0), (byte)(isRow ? 1 : Columns), (byte)packets.Length);
            return parity;
        }
    }
}
