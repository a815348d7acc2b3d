using System.Globalization;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Ingest;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Ingest;

/// <summary>The quick reader reads what the serializer reads, or leaves it to the serializer.</summary>
public sealed class ObservationReaderTests
{
    private const string Boot = "019a0000-0000-7000-8000-000000000001", Id = "019a0000-0000-7000-8000-000000000002";

    [Fact]
    public void A_line_as_probes_write_it_is_read_quickly_and_gives_what_the_serializer_gives()
    {
        var reader = new ObservationReader();
        foreach (var kind in Vocabulary.Kinds)
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(new SpooledObservation(Guid.Parse(Boot), 7, Every(kind)), WireJson.Options);
            foreach (var _ in (int[])[1, 2]) // the second time from memory
            {
                reader.TryRead(line, out var quick).Should().BeTrue("all members of {0} are known", kind.Name);
                SameAs(quick!, Slow(line));
            }
        }
    }

    [Theory]
    [InlineData("""{"on_air":true,"on_air":false}""", "a fact is there twice")]
    [InlineData("""{"on_air":1}""", "the vocabulary says another type")]
    [InlineData("""{"level_dbfs":1e999}""", "the number is not finite")]
    [InlineData("""{"level_dbfs":null}""", "null is no fact")]
    [InlineData("""{"on\u005fair":true}""", "the name is escaped")]
    [InlineData("""{"ps":"a\nb"}""", "the text is escaped")]
    [InlineData("""{"level_dbfs":{"uncertainty":1,"value":2}}""", "the members are in another order")]
    [InlineData("""{"":1}""", "the name is empty")]
    public void Facts_that_are_not_plain_are_left_to_the_serializer(string facts, string why) =>
        new ObservationReader().TryRead(Line(facts), out _).Should().BeFalse(why);

    [Theory]
    [InlineData("{\"boot\":\"x\",\"boot\":\"" + Boot + "\",", "{\"boot\":\"" + Boot + "\",")]
    [InlineData("\"sequence\":7", "\"sequence\":7.5")]
    [InlineData("\"sequence\":7", "\"sequence\":7,\"sequence\":8")]
    [InlineData("\"origin\":\"live\"", "\"origin\":\"LIVE\"")]
    [InlineData("\"origin\":\"live\"", "\"origin\":null")]
    [InlineData("\"watch\":\"fm\"", "\"watch\":\"\"")]
    [InlineData("\"watch\":\"fm\"", "\"watch\":\"fm\",\"later\":{\"a\":[1]}")]
    [InlineData("\"subject\":\"frequency:", "\"subject\":\"planet:")]
    public void A_member_that_is_unusual_is_left_to_the_serializer(string usual, string unusual)
    {
        var line = Encoding.UTF8.GetString(Line("{}"));
        var changed = line.Contains(usual, StringComparison.Ordinal) ? line.Replace(usual, unusual, StringComparison.Ordinal) : line.Replace(unusual, usual, StringComparison.Ordinal);
        changed.Should().NotBe(line);
        new ObservationReader().TryRead(Encoding.UTF8.GetBytes(changed), out _).Should().BeFalse();
    }

    [Fact]
    public void Nothing_may_stand_behind_a_line() => new ObservationReader().TryRead([.. Line("{}"), .. "{}"u8], out _).Should().BeFalse();

    [Fact]
    public void Whatever_bytes_it_takes_the_serializer_takes_too_and_as_the_same()
    {
        var (random, reader, taken) = (new Random(20260323), new ObservationReader(), 0);
        var good = Line("""{"frequency_hz":98000000,"on_air":true,"level_dbfs":{"value":-30.1,"uncertainty":1.5},"ps":"广东电台 OE1","other":0.125}""");
        for (var round = 0; round < 20_000; round++)
        {
            var line = (byte[])good.Clone();
            for (var i = random.Next(1, 4); i > 0; i--) line[random.Next(line.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : good[random.Next(good.Length)]);
            if (!reader.TryRead(line, out var quick)) continue;
            taken++;
            SameAs(quick, Slow(line));
        }
        taken.Should().BeGreaterThan(1_000, "else nothing was compared");
    }

    [Fact]
    public void Numbers_are_the_same_doubles_to_the_last_bit()
    {
        var random = new Random(7);
        for (var round = 0; round < 50_000; round++)
        {
            var (digits, point) = (random.NextInt64((long)Math.Pow(10, random.Next(1, 18))).ToString(CultureInfo.InvariantCulture), random.Next(0, 4));
            var text = (random.Next(2) == 0 ? "-" : "") + point switch
            {
                0 => digits,
                1 => $"0.{digits}",
                2 when digits.Length > 1 => $"{long.Parse(digits[..(digits.Length / 2)], CultureInfo.InvariantCulture)}.{digits[(digits.Length / 2)..]}",
                _ => $"{digits}e{random.Next(-20, 20)}",
            };
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            reader.Read();
            BitConverter.DoubleToInt64Bits(JsonNumber.Read(ref reader)).Should().Be(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), text);
        }
    }

    [Fact]
    public void Names_that_never_repeat_do_not_fill_the_memory()
    {
        var (shapes, most) = (new FactShapes(), 0);
        for (var i = 0; i < 20_000; i++)
        {
            var node = shapes.Next(shapes.Begin($"kind.{i % 3_000}"), Encoding.UTF8.GetBytes($"n{i}"), null);
            shapes.Next(node, "text"u8, null).Names!.All.ToArray().Should().Equal($"n{i}", "text");
            most = Math.Max(most, shapes.Count);
        }
        most.Should().BeInRange(4_000, 4_200);
    }

    [Fact]
    public void A_batch_costs_little_memory_once_its_names_are_known()
    {
        var batch = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, 100).Select(i => Encoding.UTF8.GetString(Line("""{"frequency_hz":98000000,"on_air":true,"level_dbfs":-30.1,"snr_db":31.25,"ps":"OE1"}""")))));
        var reader = new ObservationReader();
        ObservationBatch.Parse(batch, reader);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ObservationBatch.Parse(batch, reader);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 100).Should().BeLessThan(600, "the facts are 5 values of 24 bytes; a dictionary of its own for each observation was 4,500");
    }

    private static byte[] Line(string facts) => Encoding.UTF8.GetBytes(
        $$$"""{"boot":"{{{Boot}}}","sequence":7,"observation":{"id":"{{{Id}}}","probe":"GZ-01","watch":"fm","subject":"frequency:4401/98000000","kind":"fm.carrier","at":"2026-03-14T10:00:00.5+08:00","origin":"live","facts":{{{facts}}}}}""");

    private static SpooledObservation Slow(byte[] line) => JsonSerializer.Deserialize<SpooledObservation>(line, WireJson.Options)!;

    private static void SameAs(SpooledObservation quick, SpooledObservation slow)
    {
        var facts = new Dictionary<string, Fact>();
        (quick with { Observation = quick.Observation with { Facts = facts } }).Should().Be(slow with { Observation = slow.Observation with { Facts = facts } });
        quick.Observation.At.Offset.Should().Be(slow.Observation.At.Offset);
        quick.Observation.Facts.Should().Equal(slow.Observation.Facts);
        foreach (var (name, fact) in slow.Observation.Facts)
        {
            quick.Observation.Facts[name].Should().Be(fact);
            quick.Observation.Facts.ContainsKey(name + "?").Should().BeFalse();
        }
    }

    private static Observation Every(ObservationKind kind) => new()
    {
        Id = Guid.Parse(Id),
        Probe = new("GZ-01"),
        Watch = new("fm"),
        Subject = new(kind.Subject, "4401/98000000"),
        Kind = kind.Name,
        At = new(2026, 3, 14, 10, 0, 0, TimeSpan.FromHours(8)),
        Origin = Origin.Simulated,
        Facts = kind.Facts.ToDictionary(f => f.Name, f => f.Type switch
        {
            FactType.Number => f.Name.Length % 2 == 0 ? Fact.Of(-30.1, 1.5) : Fact.Of(31.25),
            FactType.Boolean => Fact.Of(f.Name.Length % 2 == 0),
            _ => Fact.Of("测得的文字 measured"),
        }),
    };
}
