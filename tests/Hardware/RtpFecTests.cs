using FsCheck;
using FsCheck.Fluent;

namespace SignalWatch.Hardware.Tests;

/// <summary>SMPTE ST 2022-1 with parities that the tests compute themselves.</summary>
public sealed class RtpFecTests
{
    private readonly RtpOutput output = new();
    private readonly RtpReceiver receiver = new(new());
    private long nowNs;

    [Fact]
    public void A_row_rebuilds_length_payload_type_marker_and_time_stamp()
    {
        // Packets of 1 to 7 transport packets, so the parity is longer than what is lost.
        byte[][] row = [.. Enumerable.Range(100, 5).Select(n => Rtp.Packet(n, packets: 1 + n % 7, type: (byte)(n % 2 == 0 ? 33 : 0xA1)))];
        foreach (var lost in Enumerable.Range(1, 3))
        {
            var (sut, got) = (new RtpReceiver(new()), new RtpOutput());
            foreach (var packet in row.Where((_, i) => i != lost)) sut.Push(packet, nowNs += 1000, got.Handler);
            sut.PushFec(Rtp.Fec(0, isRow: true, 1, row), nowNs += 1000, got.Handler);
            got.Payloads.Should().HaveCount(5);
            got.Bytes.Should().Equal(row.SelectMany(p => p[12..]));
            sut.Flush(got.Handler);
            sut.Statistics.Should().BeEquivalentTo(new { Lost = 1, Recovered = 1, LostAfterFec = 0, Gaps = 0, IrregularPayloads = 0, PayloadTypeChanges = row.Where((_, i) => i != lost).Select(p => p[1] & 0x7F).Aggregate((changes: 0, last: row[0][1] & 0x7F), (a, t) => (a.changes + (t != a.last ? 1 : 0), t)).changes });
        }
    }

    [Fact]
    public void Padding_and_extension_of_a_lost_packet_are_rebuilt_too()
    {
        byte[][] row = [.. Enumerable.Range(1, 4).Select(n => Rtp.Packet(n))];
        row[2] = [0xB1, .. row[2][1..12], 1, 2, 3, 4, 0, 0, 0, 1, 9, 9, 9, 9, .. row[2][12..(12 + 188)], 0, 0, 3];
        Media(row, lost: 2);
        receiver.PushFec(Rtp.Fec(0, isRow: true, 1, row), nowNs, output.Handler);
        output.Payloads[2].Should().Equal(Rtp.Packet(3)[12..200]);
    }

    [Fact]
    public void A_column_alone_rebuilds_a_burst_as_long_as_the_row()
    {
        const int Columns = 10;
        var media = Enumerable.Range(0, 100).Select(n => Rtp.Packet(n, packets: 1 + n % 7)).ToArray();
        foreach (var (packet, i) in media.Select((p, i) => (p, i)))
            if (i is < 13 or >= 23) receiver.Push(packet, nowNs += 1000, output.Handler);
            else if (i == 13) receiver.PushFec(Rtp.Fec(65_535, isRow: false, Columns, [.. Enumerable.Range(0, 5).Select(r => media[r * Columns])]), nowNs, output.Handler);
        for (var column = 1; column < Columns; column++)
            receiver.PushFec(Rtp.Fec(column - 1, isRow: false, Columns, [.. Enumerable.Range(0, 5).Select(r => media[r * Columns + column])]), nowNs, output.Handler);
        receiver.Flush(output.Handler);
        // The first column's FEC came before what it protects was missing; all ten are whole again.
        output.Bytes.Should().Equal(media.SelectMany(p => p[12..]));
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 10, Recovered = 10, Gaps = 0 });
        receiver.Statistics.Fec.Should().BeEquivalentTo(new { Columns = 10, Rows = 5, ColumnPackets = 10, RowPackets = 0, Lost = 0 });
    }

    /// <summary>Against an exhaustive solver: rows and columns are applied until nothing changes.</summary>
    [Fact]
    public void Rows_and_columns_recover_exactly_what_can_be_recovered() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var (columns, rows) = (random.Next(2, 11), random.Next(2, 11));
            var start = random.Next(65_536);
            var matrix = columns * rows;
            var media = Enumerable.Range(start, 3 * matrix + 5).Select(n => Rtp.Packet(n, packets: random.Next(1, 8))).ToArray();
            var lost = Enumerable.Range(1, 3 * matrix).Where(_ => random.Next(100) < 15).ToHashSet();
            var (sut, got) = (new RtpReceiver(new() { ExpectsFec = true }), new RtpOutput());
            var groups = new List<int[]>();
            var fecNumber = 0;
            var timeNs = 0L;
            for (var i = 0; i < media.Length; i++)
            {
                if (!lost.Contains(i)) sut.Push(media[i], timeNs += 10_000, got.Handler);
                if (i < 3 * matrix && (i + 1) % columns == 0) Protect(Enumerable.Range(i + 1 - columns, columns), isRow: true, 1);
                if (i < 3 * matrix && (i + 1) % matrix == 0)
                    for (var column = 0; column < columns; column++) Protect(Enumerable.Range(0, rows).Select(r => i + 1 - matrix + r * columns + column), isRow: false, columns);
            }
            sut.Flush(got.Handler);
            var unrecoverable = lost.ToHashSet();
            for (var before = -1; before != unrecoverable.Count;)
            {
                before = unrecoverable.Count;
                foreach (var group in groups)
                    if (group.Count(unrecoverable.Contains) == 1) unrecoverable.ExceptWith(group);
            }
            return got.Bytes.SequenceEqual(media.Where((_, i) => !unrecoverable.Contains(i)).SelectMany(p => p[12..]))
                && sut.Statistics.LostAfterFec == unrecoverable.Count && sut.Statistics.Recovered == lost.Count - unrecoverable.Count;

            void Protect(IEnumerable<int> indices, bool isRow, int offset)
            {
                int[] group = [.. indices];
                if (random.Next(20) == 0) return; // FEC is lost too
                groups.Add(group);
                sut.PushFec(Rtp.Fec(fecNumber++, isRow, offset, [.. group.Select(i => media[i])]), timeNs += 1000, got.Handler);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_packet_that_was_only_overtaken_is_not_a_loss_though_FEC_was_faster()
    {
        byte[][] row = [.. Enumerable.Range(1, 6).Select(n => Rtp.Packet(n))];
        foreach (var index in (int[])[0, 1, 2, 4, 5]) receiver.Push(row[index], nowNs += 1000, output.Handler);
        receiver.PushFec(Rtp.Fec(0, isRow: true, 1, row[..5]), nowNs += 1000, output.Handler);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5, 6);
        receiver.Push(row[3], nowNs += 1000, output.Handler);
        receiver.Flush(output.Handler);
        output.Numbers.Should().Equal(1, 2, 3, 4, 5, 6);
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 0, Recovered = 0, Late = 0, Duplicates = 0, Reordered = 1 });
    }

    [Fact]
    public void Column_FEC_that_comes_a_matrix_later_is_waited_for()
    {
        const int Columns = 10;
        const int Rows = 10;
        var media = Enumerable.Range(0, 300).Select(n => Rtp.Packet(n)).ToArray();
        // Known from the matrix before.
        for (var i = 0; i < 100; i++) receiver.Push(media[i], nowNs += Rtp.MillisecondNs, output.Handler);
        receiver.PushFec(Rtp.Fec(0, isRow: false, Columns, [.. Enumerable.Range(0, Rows).Select(r => media[r * Columns])]), nowNs, output.Handler);
        for (var i = 100; i < 290; i++)
            if (i != 101) receiver.Push(media[i], nowNs += Rtp.MillisecondNs, output.Handler);
        output.Payloads.Should().HaveCount(101);
        receiver.PushFec(Rtp.Fec(1, isRow: false, Columns, [.. Enumerable.Range(0, Rows).Select(r => media[101 + r * Columns])]), nowNs, output.Handler);
        output.Numbers.Should().Equal(Enumerable.Range(0, 290));
    }

    [Fact]
    public void FEC_that_never_comes_keeps_nothing_back_for_ever()
    {
        receiver.Push(Rtp.Packet(1), nowNs, output.Handler);
        receiver.PushFec(Rtp.Fec(0, isRow: true, 1, Rtp.Packet(0), Rtp.Packet(1)), nowNs, output.Handler);
        receiver.Push(Rtp.Packet(3), nowNs, output.Handler);
        receiver.Tick(nowNs + 2900 * Rtp.MillisecondNs, output.Handler);
        output.Numbers.Should().Equal(1);
        receiver.Tick(nowNs + 3100 * Rtp.MillisecondNs, output.Handler);
        output.Numbers.Should().Equal(1, 3);
    }

    [Theory]
    [InlineData(16, 0, FecUnsupported.OtherScheme)] // E
    [InlineData(17, 1, FecUnsupported.OtherScheme)] // mask
    [InlineData(24, 8, FecUnsupported.Hamming)]
    [InlineData(24, 16, FecUnsupported.ReedSolomon)]
    [InlineData(24, 56, FecUnsupported.ReservedType)]
    [InlineData(25, 0, FecUnsupported.Matrix)]
    [InlineData(26, 0, FecUnsupported.Matrix)]
    [InlineData(0, 0, FecUnsupported.NotFec)]
    public void Other_FEC_is_recognised_and_said_to_be_unsupported(int at, byte value, FecUnsupported expected)
    {
        byte[][] row = [.. Enumerable.Range(1, 4).Select(n => Rtp.Packet(n))];
        Media(row, lost: 2);
        var fec = Rtp.Fec(0, isRow: false, 1, row);
        fec[at] = value;
        receiver.PushFec(fec, nowNs, output.Handler);
        receiver.Statistics.Fec.Should().BeEquivalentTo(new { Unsupported = 1, UnsupportedReason = expected, Columns = (int?)null });
        output.Payloads.Should().HaveCount(2);
    }

    [Fact]
    public void A_parity_that_contradicts_itself_rebuilds_nothing()
    {
        byte[][] row = [.. Enumerable.Range(1, 4).Select(n => Rtp.Packet(n))];
        Media(row, lost: 2);
        var fec = Rtp.Fec(0, isRow: true, 1, row);
        fec[14] ^= 0x40; // the length
        receiver.PushFec(fec, nowNs, output.Handler);
        receiver.Flush(output.Handler);
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 1, Recovered = 0 });
    }

    [Fact]
    public void FEC_before_any_media_does_no_harm()
    {
        receiver.PushFec(Rtp.Fec(0, isRow: true, 1, Rtp.Packet(1), Rtp.Packet(2)), nowNs, output.Handler);
        receiver.Push(Rtp.Packet(3), nowNs, output.Handler);
        output.Numbers.Should().Equal(3);
        receiver.Statistics.Recovered.Should().Be(0);
    }

    [Fact]
    public void Packets_from_before_the_beginning_are_not_invented()
    {
        // The receiver joins at 3; the row says what 2 was, but nobody lost it.
        byte[][] row = [.. Enumerable.Range(2, 4).Select(n => Rtp.Packet(n))];
        foreach (var packet in row[1..]) receiver.Push(packet, nowNs, output.Handler);
        receiver.PushFec(Rtp.Fec(0, isRow: true, 1, row), nowNs, output.Handler);
        receiver.Flush(output.Handler);
        output.Numbers.Should().Equal(3, 4, 5);
        receiver.Statistics.Should().BeEquivalentTo(new { Lost = 0, Recovered = 0 });
    }

    private void Media(byte[][] packets, int lost)
    {
        for (var i = 0; i < packets.Length; i++)
            if (i != lost) receiver.Push(packets[i], nowNs += 1000, output.Handler);
    }
}
