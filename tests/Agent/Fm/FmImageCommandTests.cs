using System.Runtime.InteropServices;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary>A receiver with unequal branches shows a station twice: the document has both places, and says which one is the receiver's own doing.</summary>
public sealed class FmImageCommandTests
{
    private const int Rate = 1_024_000;
    private const double StationHz = -200_000;

    // One station whose sound is two tones, noise 45 dB below it in 200 kHz, and its image.
    private static float[] Band(double imageDb)
    {
        var random = new Random(4);
        var iq = new float[2 * Rate];
        var (phase, image) = (0.0, Math.Pow(10, -imageDb / 20));
        for (var n = 0; n < Rate; n++)
        {
            var t = (double)n / Rate;
            var deviation = 30_000 * Math.Sin(2 * Math.PI * 1_130 * t) + 25_000 * Math.Sin(2 * Math.PI * 3_710 * t);
            phase = Math.IEEERemainder(phase + 2 * Math.PI * (StationHz + deviation) / Rate, 2 * Math.PI);
            var (sin, cos) = Math.SinCos(phase);
            iq[2 * n] = (float)(0.2 * cos + 0.2 * image * cos + 0.002 * (random.NextDouble() - 0.5));
            iq[2 * n + 1] = (float)(0.2 * sin - 0.2 * image * sin + 0.002 * (random.NextDouble() - 0.5));
        }
        return iq;
    }

    [Fact]
    public async Task An_image_is_among_the_carriers_and_named_as_one_with_its_arithmetic()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllBytesAsync(path + ".sigmf-data", MemoryMarshal.AsBytes(Band(30).AsSpan()).ToArray());
            await File.WriteAllTextAsync(path + ".sigmf-meta", $$$"""{"global":{"core:datatype":"cf32_le","core:sample_rate":{{{Rate}}},"core:version":"1.0.0"},"captures":[{"core:sample_start":0,"core:frequency":98000000}],"annotations":[]}""");

            var document = await DocumentAsync(path + ".sigmf-meta", "--lang", "en");

            var carriers = document.GetProperty("carriers").EnumerateArray().ToList();
            carriers.Select(c => (c.GetProperty("frequencyHz").GetInt64(), c.Words("status"))).Should().Equal((97_800_000, "unknown"), (98_200_000, "image"));
            var image = carriers[1];
            image.Number("offsetHz").Should().BeApproximately(0, 5_000);
            image.Number("levelDbfs").Should().BeApproximately(20 * Math.Log10(0.2) - 30, 2);
            image.GetProperty("reasons").EnumerateArray().Should().NotBeEmpty();
            image.GetProperty("exclusions").EnumerateArray().Should().ContainSingle(e => e.GetProperty("explains").GetBoolean()).Which.Words("text").Should().Contain("97.8");
            document.GetProperty("masked").EnumerateArray().Select(m => m.Words("reason")).Should().Equal("image");
        }
        finally
        {
            File.Delete(path + ".sigmf-data");
            File.Delete(path + ".sigmf-meta");
        }
    }
}
