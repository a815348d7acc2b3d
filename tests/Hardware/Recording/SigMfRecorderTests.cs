using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests.Recording;

/// <summary>Recordings of IQ samples: what is written comes back by the reader, and what was torn never looks whole.</summary>
public sealed class SigMfRecorderTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 23, 4, 0, 250, TimeSpan.FromHours(8));
    private readonly string folder = Directory.CreateTempSubdirectory("sigmf").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Stem => Path.Combine(folder, "fm-98.0");

    private static RecordingDescription Description(RecordingFormat format = RecordingFormat.Ci16) => new()
    {
        SampleRateHz = 320_000, CenterFrequencyHz = 98_000_000, At = At, Origin = Origin.Live, Format = format,
        Hardware = "RTL-SDR 00000001", Recorder = "SignalWatch 0.1.0", Description = "疑似黑广播", DbmAtFullScale = -31.5, Position = (23.1291, 113.2644),
        Annotations = [new RecordingAnnotation(97_900_000, 98_100_000, "FM 98.0", "未登记")],
    };

    private static float[] Noise(int samples, float amplitude = 0.9f)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, 2 * samples).Select(_ => amplitude * (2 * random.NextSingle() - 1))];
    }

    private async Task<(float[] Samples, SigMfSource Source)> ReadBack()
    {
        await using var source = SigMfSource.Open(Stem, new SigMfOptions { RealTime = false });
        var samples = new List<float>();
        var buffer = new float[10_000];
        while (await source.ReadAsync(buffer, default) is { Samples: > 0 } read) samples.AddRange(buffer.Take(2 * read.Samples));
        return ([.. samples], source);
    }

    private JsonElement Meta(string ending = ".sigmf-meta") => JsonDocument.Parse(File.ReadAllBytes(Stem + ending)).RootElement;

    [Theory]
    [InlineData(RecordingFormat.Ci16, 1 / 65000.0)]
    [InlineData(RecordingFormat.Cf32, 0)]
    public async Task What_is_recorded_is_read_back(RecordingFormat format, double within)
    {
        var sent = Noise(50_001);
        using (var recorder = new SigMfRecorder(Stem, Description(format)))
        {
            recorder.Write(sent.AsSpan(0, 2 * 777));
            float[] re = [.. sent.Skip(2 * 777).Where((_, n) => n % 2 == 0)], im = [.. sent.Skip(2 * 777).Where((_, n) => n % 2 == 1)];
            recorder.Write(re, im);
            var finished = recorder.Complete();
            finished.Should().Be(new FinishedRecording(50_001, 0, 0, Convert.ToHexStringLower(SHA512.HashData(File.ReadAllBytes(Stem + ".sigmf-data")))));
        }
        var (samples, source) = await ReadBack();
        source.Stream.SampleRateHz.Should().Be(320_000);
        source.Stream.CenterFrequencyHz.Should().Be(98_000_000);
        source.Warnings.Should().BeEmpty();
        samples.Should().HaveCount(sent.Length);
        samples.Zip(sent, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThanOrEqualTo((float)within);
        Directory.GetFiles(folder).Should().HaveCount(2, "nothing unfinished is left");
    }

    [Fact]
    public void The_meta_file_says_what_the_standard_wants_and_declares_what_is_ours()
    {
        using (var recorder = new SigMfRecorder(Stem, Description()))
        {
            recorder.Write(Noise(100));
            recorder.Complete();
        }
        var global = Meta().GetProperty("global");
        global.GetProperty("core:datatype").GetString().Should().Be("ci16_le");
        global.GetProperty("core:version").GetString().Should().Be("1.2.0");
        global.GetProperty("core:hw").GetString().Should().Be("RTL-SDR 00000001");
        global.GetProperty("core:recorder").GetString().Should().Be("SignalWatch 0.1.0");
        global.GetProperty("signalwatch:origin").GetString().Should().Be("live");
        global.GetProperty("signalwatch:dbm_at_full_scale").GetDouble().Should().Be(-31.5);
        var extension = global.GetProperty("core:extensions")[0];
        extension.EnumerateObject().Select(p => p.Name).Should().Equal("name", "version", "optional");
        extension.GetProperty("name").GetString().Should().Be("signalwatch");
        extension.GetProperty("optional").GetBoolean().Should().BeTrue();
        var capture = Meta().GetProperty("captures")[0];
        capture.GetProperty("core:datetime").GetString().Should().Be("2026-03-14T15:04:00.250000Z");
        capture.GetProperty("core:geolocation").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()).Should().Equal(113.2644, 23.1291);
        var annotation = Meta().GetProperty("annotations")[0];
        annotation.GetProperty("core:freq_lower_edge").GetDouble().Should().Be(97_900_000);
        annotation.GetProperty("core:freq_upper_edge").GetDouble().Should().Be(98_100_000);
        annotation.GetProperty("core:label").GetString().Should().Be("FM 98.0");
        annotation.GetProperty("core:sample_count").GetInt64().Should().Be(100);
    }

    [Fact]
    public async Task A_weak_carrier_is_kept_above_the_rounding_and_its_gain_is_said()
    {
        var sent = Noise(1000, 1e-4f);
        using (var recorder = new SigMfRecorder(Stem, Description() with { Gain = 4096 }))
        {
            recorder.Write(sent);
            recorder.Complete();
        }
        var (samples, _) = await ReadBack();
        samples.Zip(sent, (a, b) => Math.Abs(a / 4096 - b)).Max().Should().BeLessThan(1e-8f);
        Meta().GetProperty("global").GetProperty("signalwatch:gain").GetDouble().Should().Be(4096);
    }

    [Theory]
    [InlineData(RecordingFormat.Ci16, 6)]
    [InlineData(RecordingFormat.Cf32, 2)]
    public async Task What_does_not_fit_is_clipped_and_counted(RecordingFormat format, int clipped)
    {
        using (var recorder = new SigMfRecorder(Stem, Description(format)))
        {
            recorder.Write([0.5f, -1, 1, 1.5f, -1.2f, -3, float.NaN, float.PositiveInfinity]);
            recorder.Clipped.Should().Be(clipped);
            recorder.Complete().Clipped.Should().Be(clipped);
        }
        (await ReadBack()).Samples[..3].Should().Equal(0.5f, -1, format == RecordingFormat.Ci16 ? 32767 / 32768f : 1);
        Meta().GetProperty("global").GetProperty("signalwatch:clipped").GetInt64().Should().Be(clipped);
    }

    [Fact]
    public void A_gap_begins_a_capture_that_says_how_many_samples_are_missing()
    {
        using (var recorder = new SigMfRecorder(Stem, Description()))
        {
            recorder.Write(Noise(1000));
            recorder.Gap(640, At.AddMilliseconds(5.125));
            recorder.Write(Noise(10));
            recorder.Complete().Gaps.Should().Be(1);
        }
        var second = Meta().GetProperty("captures")[1];
        second.GetProperty("core:sample_start").GetInt64().Should().Be(1000);
        second.GetProperty("core:global_index").GetInt64().Should().Be(1640);
        second.GetProperty("core:datetime").GetString().Should().Be("2026-03-14T15:04:00.255125Z");
        second.GetProperty("core:frequency").GetDouble().Should().Be(98_000_000);
    }

    [Fact]
    public async Task A_torn_recording_does_not_look_whole_and_can_be_finished_as_interrupted()
    {
        var sent = Noise(20_000);
        using (var recorder = new SigMfRecorder(Stem, Description()))
        {
            recorder.Write(sent);
            recorder.Flush();
        } // the plug
        FluentActions.Invoking(() => SigMfSource.Open(Stem)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("sigmf.meta-missing");
        using (var torn = File.OpenWrite(Stem + ".sigmf-data.part")) torn.SetLength(79_999); // within the last sample

        SigMfRecorder.Recover(Stem).Should().BeTrue();
        (await ReadBack()).Samples.Should().HaveCount(2 * 19_999);
        Meta().GetProperty("global").GetProperty("signalwatch:interrupted").GetBoolean().Should().BeTrue();
        Meta().GetProperty("annotations")[0].GetProperty("core:sample_count").GetInt64().Should().Be(19_999);
        SigMfRecorder.Recover(Stem).Should().BeFalse("it is finished");
        Directory.GetFiles(folder).Should().HaveCount(2);
    }

    [Fact]
    public async Task The_plug_between_the_two_names_costs_nothing()
    {
        using (var recorder = new SigMfRecorder(Stem, Description()))
        {
            recorder.Write(Noise(100));
            recorder.Flush();
        }
        File.Move(Stem + ".sigmf-data.part", Stem + ".sigmf-data");
        SigMfRecorder.Recover(Stem).Should().BeTrue();
        (await ReadBack()).Samples.Should().HaveCount(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"global":{"core:datatype":7}}""")]
    public void Unfinished_meta_that_say_nothing_are_left_as_they_are(string meta)
    {
        File.WriteAllText(Stem + ".sigmf-meta.part", meta);
        File.WriteAllBytes(Stem + ".sigmf-data.part", new byte[8]);
        FluentActions.Invoking(() => SigMfRecorder.Recover(Stem)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("sigmf.unrecoverable");
        File.Exists(Stem + ".sigmf-data.part").Should().BeTrue();
    }

    [Fact]
    public void What_is_there_is_never_overwritten_and_what_is_given_up_leaves_nothing()
    {
        using (var recorder = new SigMfRecorder(Stem, Description())) recorder.Abandon();
        Directory.GetFiles(folder).Should().BeEmpty();
        File.WriteAllText(Stem + ".sigmf-data", "");
        FluentActions.Invoking(() => new SigMfRecorder(Stem, Description())).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("sigmf.exists");
        FluentActions.Invoking(() => new SigMfRecorder(Path.Combine(folder, "no", "folder"), Description())).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("sigmf.write-failed");
    }
}
