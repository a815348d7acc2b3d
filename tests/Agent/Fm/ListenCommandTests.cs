using System.Buffers.Binary;
using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary><c>probe listen</c>: sound into files.</summary>
public sealed class ListenCommandTests : IDisposable
{
    private static readonly string Band = Recordings.File("fm", "iq", "band_98M_2400k.sigmf-meta");

    private readonly string folder = Directory.CreateTempSubdirectory("listen-command").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static double Power(byte[] wav, int channel, int channels)
    {
        double sum = 0;
        var frames = (wav.Length - 44) / 2 / channels;
        // The last second: at the beginning the pilot is still looked for, and the sound is mono.
        for (var n = frames - 32_000; n < frames; n++) sum += Math.Pow(BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(44 + 2 * (n * channels + channel))) / 32768.0, 2);
        return 10 * Math.Log10(sum / 32_000 + 1e-12);
    }

    [RecordingFact]
    public async Task The_tone_on_the_left_is_in_the_left_channel_of_a_true_WAV()
    {
        var path = Path.Combine(folder, "tone.wav");

        var (code, text, error) = await RunAsync("listen", Recordings.File("fm", "mpx", "tone1k_left_only_rds.wav"), "--out", path, "--lang", "en");

        code.Should().Be(0, error);
        text.Should().Contain("tone.wav").And.Contain("dBFS");
        var wav = await File.ReadAllBytesAsync(path);
        BinaryPrimitives.ReadUInt32LittleEndian(wav.AsSpan(4)).Should().Be((uint)wav.Length - 8);
        BinaryPrimitives.ReadUInt32LittleEndian(wav.AsSpan(40)).Should().Be((uint)wav.Length - 44);
        BinaryPrimitives.ReadUInt32LittleEndian(wav.AsSpan(24)).Should().Be(32_000);
        ((wav.Length - 44) / 4 / 32_000.0).Should().BeApproximately(5, 0.05);
        (Power(wav, 0, 2) - Power(wav, 1, 2)).Should().BeGreaterThan(30);
    }

    [RecordingFact]
    public async Task A_station_of_a_band_is_heard_from_the_first_second_of_its_file()
    {
        var path = Path.Combine(folder, "974.wav");

        var (code, _, error) = await RunAsync("listen", Band, "--frequency", "97.4M", "--out", path, "--mono");

        code.Should().Be(0, error);
        var wav = await File.ReadAllBytesAsync(path);
        BinaryPrimitives.ReadUInt16LittleEndian(wav.AsSpan(22)).Should().Be(1);
        ((wav.Length - 44) / 2 / 32_000.0).Should().BeApproximately(3, 0.05);
        Power(wav, 0, 1).Should().BeGreaterThan(-30);
    }

    [RecordingFact]
    public async Task Flac_is_written_too()
    {
        var path = Path.Combine(folder, "974.flac");

        var (code, _, error) = await RunAsync("listen", Band, "-f", "97.4M", "-o", path, "--duration", "1");

        code.Should().Be(0, error);
        var flac = await File.ReadAllBytesAsync(path);
        flac.Take(4).Should().Equal("fLaC"u8.ToArray());
        // STREAMINFO: 20 bits of rate, then channels less one, bits less one, and 36 bits of samples (RFC 9639 8.2).
        (BinaryPrimitives.ReadUInt64BigEndian(flac.AsSpan(18)) >> 44).Should().Be(32_000);
        (BinaryPrimitives.ReadUInt64BigEndian(flac.AsSpan(18)) & 0xF_FFFF_FFFF).Should().BeInRange(30_000, 32_000);
    }

    [RecordingTheory]
    [InlineData("99.9M", "outside of this signal's band")]
    [InlineData("98.0M", "There are carriers on 97.4, 97.8, 98.2, 98.5, 98.8 MHz")]
    public async Task A_frequency_without_a_carrier_leaves_no_file_and_says_what_is_there(string frequency, string words)
    {
        var path = Path.Combine(folder, "none.wav");

        var (code, text, error) = await RunAsync("listen", Band, "--frequency", frequency, "--out", path, "--lang", "en");

        code.Should().Be(1);
        text.Should().BeEmpty();
        error.Should().Contain(words);
        File.Exists(path).Should().BeFalse();
    }

    [RecordingFact]
    public async Task A_file_that_is_there_is_overwritten_only_by_force()
    {
        var path = Path.Combine(folder, "there.wav");
        await File.WriteAllTextAsync(path, "mine");

        (await RunAsync("listen", Band, "-f", "97.4M", "-o", path, "--duration", "0.5")).Code.Should().Be(1);
        (await File.ReadAllTextAsync(path)).Should().Be("mine");
        (await RunAsync("listen", Band, "-f", "97.4M", "-o", path, "--duration", "0.5", "--force")).Code.Should().Be(0);
        (await File.ReadAllBytesAsync(path)).Take(4).Should().Equal("RIFF"u8.ToArray());
    }
}
