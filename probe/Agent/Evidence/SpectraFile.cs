using System.Globalization;
using System.Text;

namespace SignalWatch.Probe.Evidence;

/// <summary>Spectra of the band as evidence: <c>spectra.npy</c> has the levels, a row a second; <c>spectra.csv</c> says in the same order when each was measured and what the carrier had then, for a spreadsheet.</summary>
internal sealed class SpectraFile : IDisposable
{
    public const string Levels = "spectra.npy", Times = "spectra.csv";

    private readonly SpectrumAxis axis;
    private readonly TimeZoneInfo zone;
    private readonly FileStream levels;
    private readonly StreamWriter times;
    private readonly NpyWriter array;
    private readonly int firstOfChannel, lastOfChannel;
    private readonly int[] histogram = new int[256];

    /// <exception cref="IOException">They can't be made there.</exception>
    public SpectraFile(string folder, SpectrumAxis axis, long carrierHz, TimeZoneInfo zone)
    {
        (this.axis, this.zone) = (axis, zone);
        // A station's channel is 200 kHz wide.
        (firstOfChannel, lastOfChannel) = (Bin(carrierHz - 100_000), Bin(carrierHz + 100_000));
        levels = new FileStream(Path.Combine(folder, Levels), FileMode.Create, FileAccess.Write, FileShare.Read);
        array = new NpyWriter(levels, axis.Bins);
        array.Flush();
        times = new StreamWriter(Path.Combine(folder, Times), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\r\n" }; // RFC 4180
        times.WriteLine("row,time,carrier_power_dbfs,carrier_peak_dbfs,band_median_dbfs");
    }

    public SpectrumAxis Axis => axis;

    public long Rows => array.Rows;

    /// <summary>Lines of another axis, which are not in the file.</summary>
    public long Skipped { get; private set; }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Add(SpectrumAxis of, ReadOnlySpan<byte> line, long ticks)
    {
        if (of != axis)
        {
            Skipped++;
            return;
        }
        var power = 0.0;
        byte peak = 0;
        foreach (var level in line[firstOfChannel..(lastOfChannel + 1)])
        {
            power += Math.Pow(10, Db(level) / 10);
            peak = Math.Max(peak, level);
        }
        times.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{array.Rows},{EvidenceTime.Text(ticks, zone)},{10 * Math.Log10(power):F1},{Db(peak):F1},{Db(Median(line)):F1}"));
        array.Write(line);
    }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Flush(bool toDisk)
    {
        times.Flush();
        array.Flush();
        levels.Flush(toDisk);
    }

    public void Dispose()
    {
        times.Dispose();
        levels.Dispose();
    }

    private static double Db(byte level) => SpectrumRing.FloorDb + SpectrumRing.StepDb * level;

    private byte Median(ReadOnlySpan<byte> line)
    {
        Array.Clear(histogram);
        foreach (var level in line) histogram[level]++;
        var seen = 0;
        for (var level = 0; level < 256; level++)
            if ((seen += histogram[level]) * 2 >= line.Length) return (byte)level;
        return 255;
    }

    private int Bin(double hz) => (int)Math.Clamp(Math.Round((hz - axis.StartHz) / axis.StepHz), 0, axis.Bins - 1);
}
