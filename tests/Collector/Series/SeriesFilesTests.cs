using System.Buffers;
using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Storage;

namespace SignalWatch.Collector.Tests.Series;

public sealed class SeriesFilesTests
{
    [Fact]
    public void Cells_of_any_kind_come_back_as_they_were()
    {
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var cells = Cells(random, round % 4);
            var bytes = new ArrayBufferWriter<byte>();
            CellBlock.Write(cells, bytes);
            var back = new List<Cell>();
            CellBlock.Read(bytes.WrittenSpan, Rollup.Second, back);
            back.Should().HaveCount(cells.Length);
            for (var i = 0; i < cells.Length; i++)
            {
                (back[i] with { Sum = 0 }).Should().Be(cells[i] with { Sum = 0 });
                back[i].Sum.Should().BeApproximately(cells[i].Sum, Math.Abs(cells[i].Sum) * 1e-11);
            }
        }
    }

    [Fact]
    public void Damaged_blocks_are_refused_and_nothing_is_read_past_their_end()
    {
        var random = new Random(11);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new ArrayBufferWriter<byte>();
            CellBlock.Write(Cells(random, round % 4), bytes);
            var damaged = bytes.WrittenSpan.ToArray();
            if (round % 2 == 0) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            else Array.Resize(ref damaged, random.Next(damaged.Length));
            var into = new List<Cell>();
            try
            {
                CellBlock.Read(damaged, Rollup.Second, into);
                into.Should().OnlyContain(c => c.Bucket >= 0 && c.Bucket < Rollup.Second.Buckets);
            }
            catch (InvalidDataException)
            {
                refused++;
                into.Should().BeEmpty();
            }
        }
        refused.Should().BeGreaterThan(10_000, "each block that was cut short is refused");
    }

    [Fact]
    public void A_level_of_two_digits_takes_two_bytes_a_second_and_a_counter_that_stands_almost_none()
    {
        var random = new Random(3);
        Size(_ => Math.Round(-40 + random.NextDouble(), 2)).Should().BeLessThan(2.2);
        Size(_ => 0).Should().BeLessThan(0.05);

        static double Size(Func<int, double> value)
        {
            var bytes = new ArrayBufferWriter<byte>();
            CellBlock.Write([.. Enumerable.Range(0, 3600).Select(i => Cell.Of(i, value(i), 0))], bytes);
            return bytes.WrittenCount / 3600.0;
        }
    }

    [Theory]
    [InlineData(60, 1000, 1, "1s")]
    [InlineData(3600, 1000, 5, "1s")]
    [InlineData(86_400, 2000, 60, "1min")]
    [InlineData(30 * 86_400, 1000, 3600, "1h")]
    [InlineData(30 * 86_400, 50_000, 60, "1min")]
    [InlineData(3650 * 86_400, 100, 37 * 86_400, "1h")]
    public void A_picture_is_made_of_the_coarsest_resolution_that_fills_it(long seconds, int points, long step, string rollup)
    {
        var begin = 1_773_496_800_123L;
        var (stepMs, read) = SeriesQuery.Plan(begin, begin + (seconds * 1000), points, _ => true);
        (stepMs / 1000, read.Name).Should().Be((step, rollup));
        (((seconds * 1000) / stepMs) + 1).Should().BeLessThanOrEqualTo(points);
    }

    private static Cell[] Cells(Random random, int kind)
    {
        var cells = new List<Cell>();
        for (var bucket = random.Next(100); bucket < 3600 && cells.Count < 300; bucket += kind == 0 ? 1 : random.Next(1, 40))
        {
            var values = Enumerable.Range(0, kind == 2 ? random.Next(1, 5) : 1).Select(_ => kind == 3 ? BitConverter.Int64BitsToDouble(random.NextInt64() & ~(1L << 62)) : Math.Round((random.NextDouble() * 100) - 50, 2)).ToList();
            var cell = Cell.Of(bucket, values[0], kind == 2 ? random.Next(1000) : 0);
            foreach (var value in values.Skip(1)) cell = cell.With(value, random.Next(1000));
            cells.Add(cell);
        }
        return [.. cells];
    }
}
