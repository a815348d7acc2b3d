using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary>What a person may do wrong.</summary>
public sealed class FmUsageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fm-command").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Save(string name, params byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task FailsAsync(int expected, string[] args, string words)
    {
        foreach (var language in (string[])["zh", "en"])
        {
            var (code, text, error) = await RunAsync([.. args, "--lang", language]);
            code.Should().Be(expected, error);
            text.Should().BeEmpty();
            error.Should().NotBeEmpty().And.NotContain("   at ");
            if (language == "en") error.Should().Contain(words);
        }
    }

    [Theory]
    [InlineData(1, "no source that is known", "fm", "hackrf:0")]
    [InlineData(1, "There is no file", "fm", "nowhere.wav")]
    [InlineData(1, "There is no file", "fm", "nowhere")]
    [InlineData(1, "nowhere.sigmf-meta", "fm", "nowhere.sigmf-meta")]
    [InlineData(1, "no “city:tv”", "fm", "city:tv")]
    [InlineData(2, "There is no source", "fm")]
    [InlineData(2, "--duration takes a number", "fm", "city:fm", "--duration", "0")]
    [InlineData(2, "--rate takes a frequency", "fm", "city:fm", "--rate", "fast")]
    [InlineData(2, "--center takes a frequency", "fm", "city:fm", "--center", "-98M")]
    [InlineData(2, "--gain takes a number", "fm", "city:fm", "--gain", "loud")]
    [InlineData(2, "--area needs --licences", "fm", "city:fm", "--area", "44")]
    [InlineData(2, "area code in digits", "fm", "city:fm", "--area", "Canton")]
    [InlineData(2, "cs16", "fm", "city:fm", "--format", "cu9")]
    [InlineData(2, "--out FILE", "listen", "city:fm", "--frequency", "97.4M")]
    [InlineData(2, "has to end in", "listen", "city:fm", "--frequency", "97.4M", "--out", "x.mp3")]
    [InlineData(2, "--frequency takes a frequency", "listen", "city:fm", "--frequency", "radio", "--out", "x.wav")]
    public Task Wrong_usage_gives_2_and_a_problem_1_with_words_on_stderr_alone(int expected, string words, params string[] args) => FailsAsync(expected, args, words);

    [Fact]
    public async Task A_file_whose_name_does_not_tell_what_is_in_it_is_asked_about() => await FailsAsync(1, ["fm", Save("signal.dat", 1, 2, 3)], "--format");

    [Fact]
    public async Task A_folder_is_no_file() => await FailsAsync(1, ["fm", folder], "is a folder");

    [Fact]
    public async Task A_log_of_groups_has_no_signal() => await FailsAsync(1, ["fm", Save("log.spy", "3ABC E751 6573 3401"u8.ToArray())], "probe rds");

    [RecordingFact]
    public async Task Nobody_is_judged_by_a_register_that_is_none()
    {
        var band = Recordings.File("fm", "iq", "band_98M_2400k.sigmf-meta");
        await FailsAsync(1, ["fm", band, "--licences", Path.Combine(folder, "nowhere.csv")], "There is no register");
        await FailsAsync(1, ["fm", band, "--licences", Save("photo.csv", 0x89, 0x50, 0x4E, 0x47, 0, 0, 0)], "no register that can be used");
    }

    [Fact]
    public async Task A_recording_of_a_few_milliseconds_is_too_short_and_says_so()
    {
        var meta = Save("short.sigmf-meta", """{"global":{"core:datatype":"cu8","core:sample_rate":2400000,"core:version":"1.0.0"},"captures":[{"core:sample_start":0,"core:frequency":98000000}]}"""u8.ToArray());
        Save("short.sigmf-data", new byte[9600]);
        await FailsAsync(1, ["fm", meta], "only 2 ms long");
    }

    [Fact]
    public async Task A_band_without_stations_has_a_report_without_carriers()
    {
        var meta = Save("empty.sigmf-meta", """{"global":{"core:datatype":"ci16_le","core:sample_rate":480000,"core:version":"1.0.0"},"captures":[{"core:sample_start":0,"core:frequency":98000000}]}"""u8.ToArray());
        var noise = new byte[4 * 240_000];
        new Random(1).NextBytes(noise);
        for (var n = 1; n < noise.Length; n += 2) noise[n] = (byte)((sbyte)noise[n] >> 4);
        Save("empty.sigmf-data", noise);

        var document = await DocumentAsync(meta);
        document.GetProperty("carriers").GetArrayLength().Should().Be(0);
        document.GetProperty("durationSeconds").GetDouble().Should().Be(0.5);

        var (code, text, _) = await RunAsync("fm", meta, "--lang", "en");
        code.Should().Be(0);
        text.Should().Contain("no carrier was found");
    }

    [Fact]
    public async Task The_simulated_city_says_loudly_that_it_is_simulated()
    {
        var (code, text, error) = await RunAsync("fm", "city:fm", "--duration", "1.3", "--lang", "en");
        code.Should().Be(0, error);
        text.Should().Contain("SIMULATED").And.Contain("Nothing in the result is evidence").And.Contain("97.6");
    }
}
