using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>Display aspect ratios as people write them.</summary>
internal static class AspectRatio
{
    public const string Standard = "4:3";
    public const string Wide = "16:9";
    public const string Cinema = "2.21:1";

    // 720 samples of a line of 702 or 704 that are shown make 4:3 to 1.36 and 16:9 to 1.82: nobody calls that 15:11 and 20:11.
    private const double Tolerance = 0.03;

    /// <summary>Ratio of a picture.</summary>
    /// <param name="width">Samples.</param>
    /// <param name="height">Lines.</param>
    /// <param name="sampleWidth">Width of a sample, in any unit.</param>
    /// <param name="sampleHeight">Height of a sample, in the same unit.</param>
    public static string? Of(int width, int height, int sampleWidth, int sampleHeight)
    {
        if (width <= 0 || height <= 0 || sampleWidth <= 0 || sampleHeight <= 0) return null;
        var (across, down) = ((long)width * sampleWidth, (long)height * sampleHeight);
        var ratio = (double)across / down;
        if (Math.Abs(ratio / (16.0 / 9) - 1) < Tolerance) return Wide;
        if (Math.Abs(ratio / (4.0 / 3) - 1) < Tolerance) return Standard;
        if (Math.Abs(ratio / 2.21 - 1) < 0.005) return Cinema;
        var (a, b) = (across, down);
        while (b != 0) (a, b) = (b, a % b);
        return string.Create(CultureInfo.InvariantCulture, $"{across / a}:{down / a}");
    }
}
