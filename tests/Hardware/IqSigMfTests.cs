using System.Globalization;
using System.Security.Cryptography;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>SigMF recordings as a source: what is read, how it is paced, and what is said of bad ones.</summary>
public sealed class IqSigMfTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sigmf").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string meta, byte[]? data, string name = "x")
    {
        File.WriteAllText(Path.Combine(folder, name + ".sigmf-meta"), meta);
        if (data is not null) File.WriteAllBytes(Path.Combine(folder, name + ".sigmf-data"), data);
        return Path.Combine(folder, name);
    }

    private static string Meta(string datatype = "\"cu8\"", string rate = "1000", string frequency = "98000000", string more = "", string capture = "") =>
        $$"""{ "global": { "core:datatype": {{datatype}}, "core:sample_rate": {{rate}}, "core:version": "1.0.0"{{more}} }, "captures": [ { "core:sample_start": 0, "core:frequency": {{frequency}}{{capture}} } ], "annotations": [] }""";

    private static SigMfOptions FlatOut(bool loop = false) => new() { RealTime = false, Loop = loop };

    private Problem Refused(string meta, byte[]? data, SigMfOptions? options = null)
    {
        var path = Write(meta, data);
        var problem = FluentActions.Invoking(() => SigMfSource.Open(path, options)).Should().Throw<ProblemException>().Which.Problem;
        problem.Title.Zh.Should().Contain(path);
        problem.Title.En.Should().Contain(path);
        problem.Detail.Zh.Should().NotBeEmpty();
        return problem;
    }

    private static async Task<(List<float> Samples, List<bool> Discontinuities)> ReadAll(SigMfSource source, int atMost = int.MaxValue)
    {
        var samples = new List<float>();
        var discontinuities = new List<bool>();
        var buffer = new float[64];
        while (samples.Count < atMost && await source.ReadAsync(buffer, default) is { Samples: > 0 } read)
        {
            samples.AddRange(buffer.Take(2 * read.Samples));
            discontinuities.Add(read.Discontinuity);
        }
        return (samples, discontinuities);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".sigmf-meta")]
    [InlineData(".sigmf-data")]
    public async Task Opens_by_any_of_its_names(string ending)
    {
        await using var source = SigMfSource.Open(Write(Meta(), [0, 255, 127, 128]) + ending, FlatOut());
        source.Stream.Should().Be(new IqStream("x", 1000, 98_000_000, Origin.Replay));
        (await ReadAll(source)).Samples.Should().Equal(-1, 1, -0.5f / 127.5f, 0.5f / 127.5f);
        source.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("\"ci8\"", new byte[] { 0x80, 0x40, 0, 0xFF }, new[] { -1, 0.5f, 0, -1 / 128f })]
    [InlineData("\"ci16_le\"", new byte[] { 0, 0x80, 0, 0x40 }, new[] { -1, 0.5f })]
    [InlineData("\"cf32_le\"", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F }, new[] { 1f, 0f })] // the second is a NaN
    public async Task Every_datatype_is_read(string datatype, byte[] data, float[] expected)
    {
        await using var source = SigMfSource.Open(Write(Meta(datatype), data), FlatOut());
        (await ReadAll(source)).Samples.Should().Equal(expected);
    }

    [Fact]
    public async Task A_header_is_skipped()
    {
        await using var source = SigMfSource.Open(Write(Meta(capture: ", \"core:header_bytes\": 3"), [9, 9, 9, 255, 0]), FlatOut());
        (await ReadAll(source)).Samples.Should().Equal(1, -1);
    }

    [Fact]
    public async Task A_loop_says_where_it_begins_anew()
    {
        await using var source = SigMfSource.Open(Write(Meta(), new byte[80]), FlatOut(loop: true));
        // 40 samples in reads of 32 and 8.
        (await ReadAll(source, atMost: 240)).Discontinuities.Should().Equal(true, false, true, false, true, false);
    }

    [Fact]
    public async Task Real_time_is_kept_without_drift_and_stamps_are_those_of_the_replay()
    {
        var time = new ManualTime();
        var start = time.GetUtcNow();
        await using var source = SigMfSource.Open(Write(Meta(), new byte[2 * 300]), new SigMfOptions { Time = time, Loop = true });
        var buffer = new float[4096];
        // 300 samples of 1 ms in reads of 40 and, before each new beginning, one of 20.
        for (var n = 0; n < 48; n++)
        {
            var samples = n % 8 == 7 ? 20 : 40;
            var read = source.ReadAsync(buffer, default).AsTask();
            read.IsCompleted.Should().BeFalse("its samples are not there yet");
            // Every reader is 3 ms late, on time and 3 ms late again; the source's clock does not follow it.
            var due = start + TimeSpan.FromMilliseconds(n / 8 * 300 + n % 8 * 40 + samples);
            time.Advance(due - time.GetUtcNow() + TimeSpan.FromMilliseconds(n % 2 * 3));
            var result = await read.WaitAsync(Hang.Limit);
            result.Samples.Should().Be(samples);
            result.At.Should().Be(due - TimeSpan.FromMilliseconds(samples));
            result.Discontinuity.Should().Be(n % 8 == 0);
        }
    }

    [Fact]
    public async Task A_reader_that_is_held_up_for_some_seconds_misses_nothing()
    {
        var time = new ManualTime();
        await using var source = SigMfSource.Open(Write(Meta(), new byte[2 * 10_000]), new SigMfOptions { Time = time });
        var buffer = new float[2 * 40];
        var first = source.ReadAsync(buffer, default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(40));
        var expected = (await first.WaitAsync(Hang.Limit)).At + TimeSpan.FromMilliseconds(40);
        time.Advance(TimeSpan.FromSeconds(9));
        for (var n = 0; n < 225; n++)
        {
            var read = source.ReadAsync(buffer, default).AsTask();
            read.IsCompleted.Should().BeTrue("what is overdue is there at once");
            (await read.WaitAsync(Hang.Limit)).Should().Be(new IqRead(40, expected, false));
            expected += TimeSpan.FromMilliseconds(40);
        }
        var onTime = source.ReadAsync(buffer, default).AsTask();
        onTime.IsCompleted.Should().BeFalse("the replay is in time again");
        time.Advance(TimeSpan.FromMilliseconds(40));
        (await onTime.WaitAsync(Hang.Limit)).At.Should().Be(expected);
    }

    [Fact]
    public async Task A_reader_that_comes_far_too_late_has_missed_samples()
    {
        var time = new ManualTime();
        await using var source = SigMfSource.Open(Write(Meta(), new byte[2 * 10_000]), new SigMfOptions { Time = time });
        var buffer = new float[4096];
        var first = source.ReadAsync(buffer, default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(40));
        (await first.WaitAsync(Hang.Limit)).Discontinuity.Should().BeTrue();
        time.Advance(TimeSpan.FromSeconds(30));
        var late = time.GetUtcNow();
        var second = source.ReadAsync(buffer, default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(40));
        var read = await second.WaitAsync(Hang.Limit);
        read.Discontinuity.Should().BeTrue();
        read.At.Should().Be(late);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        await using var source = SigMfSource.Open(Write(Meta(), new byte[200]), new SigMfOptions { Time = new ManualTime() });
        using var cancel = new CancellationTokenSource();
        var read = source.ReadAsync(new float[100], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Of_truncated_data_all_whole_samples_are_kept()
    {
        await using var source = SigMfSource.Open(Write(Meta("\"ci16_le\""), new byte[11]), FlatOut());
        (await ReadAll(source)).Samples.Should().HaveCount(4);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("sigmf.truncated");
    }

    [Fact]
    public async Task Samples_of_another_frequency_are_not_taken_for_this_one()
    {
        var meta = Meta().Replace(" } ], \"annotations\"", " }, { \"core:sample_start\": 3, \"core:frequency\": 90000000 } ], \"annotations\"", StringComparison.Ordinal);
        await using var source = SigMfSource.Open(Write(meta, new byte[20]), FlatOut());
        (await ReadAll(source)).Samples.Should().HaveCount(6);
        source.Warnings.Should().ContainSingle().Which.Code.Should().Be("sigmf.several-captures");
    }

    [Fact]
    public async Task A_right_digest_is_accepted_and_a_wrong_one_refused()
    {
        byte[] data = [1, 2, 3, 4];
        string With(byte[] digested) => Meta(more: $", \"core:sha512\": \"{Convert.ToHexString(SHA512.HashData(digested))}\"");
        await using (SigMfSource.Open(Write(With(data), data, "good"), FlatOut())) { }
        Refused(With([1, 2, 3, 5]), data).Code.Should().Be("sigmf.digest");
    }

    [Fact]
    public void A_missing_meta_file_is_named()
    {
        var path = Path.Combine(folder, "nothing");
        FluentActions.Invoking(() => SigMfSource.Open(path)).Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "sigmf.meta-missing" && p.Title.Zh.Contains("nothing.sigmf-meta", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_data_are_named() => Refused(Meta(), null).Code.Should().Be("sigmf.data-missing");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Data_without_a_sample_are_refused(int bytes) => Refused(Meta(), new byte[bytes]).Code.Should().Be("sigmf.data-empty");

    [Theory]
    [InlineData("\"ci64_le\"")]
    [InlineData("\"ri16_le\"")]
    [InlineData("8")]
    [InlineData("null")]
    public void Another_datatype_is_refused(string datatype) => Refused(Meta(datatype), new byte[4]).Code.Should().Be("sigmf.datatype");

    [Theory]
    [InlineData("0")]
    [InlineData("-2400000")]
    [InlineData("\"2.4M\"")]
    [InlineData("null")]
    [InlineData("1e999")]
    public void A_rate_that_is_none_is_refused(string rate) => Refused(Meta(rate: rate), new byte[4]).Code.Should().Be("sigmf.sample-rate");

    [Fact]
    public void Another_rate_than_the_watch_asks_for_is_refused()
    {
        var problem = Refused(Meta(), new byte[4], new SigMfOptions { ExpectedSampleRateHz = 2_400_000 });
        problem.Code.Should().Be("sigmf.sample-rate-mismatch");
        problem.Title.Zh.Should().Contain("1000").And.Contain(2_400_000.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"98 MHz\"")]
    [InlineData("-1")]
    public void A_capture_without_its_frequency_is_refused(string frequency) => Refused(Meta(frequency: frequency), new byte[4]).Code.Should().Be("sigmf.frequency");

    [Fact]
    public void No_captures_is_no_frequency() => Refused("""{ "global": { "core:datatype": "cu8", "core:sample_rate": 1000 }, "captures": [] }""", new byte[4]).Code.Should().Be("sigmf.frequency");

    [Fact]
    public void Broken_json_is_refused_with_its_place()
    {
        var problem = Refused("{\n  \"global\": {\n    \"core:datatype\": cu8\n", new byte[4]);
        problem.Code.Should().Be("sigmf.meta-invalid");
        problem.Title.Zh.Should().Contain("第 3 行第 22 列");
        problem.Title.En.Should().Contain("line 3, column 22");
    }

    [Theory]
    [InlineData("[]", "sigmf.field")]
    [InlineData("{}", "sigmf.field")]
    [InlineData("""{ "global": 1 }""", "sigmf.field")]
    public void Json_that_is_no_meta_is_refused(string meta, string code) => Refused(meta, new byte[4]).Code.Should().Be(code);

    [Fact]
    public void Two_channels_are_refused() => Refused(Meta(more: ", \"core:num_channels\": 2"), new byte[4]).Code.Should().Be("sigmf.channels");

    [Fact]
    public void Any_bytes_as_meta_are_read_or_refused_never_worse()
    {
        var random = new Random(3);
        var good = Meta(capture: ", \"core:header_bytes\": 3");
        for (var n = 0; n < 500; n++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(good);
            for (var k = 0; k < 3; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            var path = Write(System.Text.Encoding.UTF8.GetString(bytes), new byte[16]);
            try
            {
                SigMfSource.Open(path, FlatOut()).DisposeAsync().AsTask().IsCompletedSuccessfully.Should().BeTrue();
            }
            catch (ProblemException e)
            {
                e.Problem.Code.Should().StartWith("sigmf.");
            }
        }
    }

    [RecordingFact]
    public async Task The_recordings_open()
    {
        await using var band = SigMfSource.Open(Recordings.File("fm", "iq", "band_98M_2400k"));
        band.Stream.Should().Be(new IqStream("band_98M_2400k", 2_400_000, 98_000_000, Origin.Replay));
        band.Length.Should().Be(TimeSpan.FromSeconds(3));
        await using var station = SigMfSource.Open(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-meta"));
        station.Stream.SampleRateHz.Should().Be(252_000);
        station.Length.Should().Be(TimeSpan.FromSeconds(4));
    }
}
