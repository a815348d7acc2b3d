namespace SignalWatch.Fm.Identity;

/// <summary>What all licensed stations have in common is the receiver's: the error of its oscillator, its gain, its antenna. Nobody is blamed for it.</summary>
/// <param name="Ppm">Error of the receiver's frequency, parts in a million; null where it is not known.</param>
/// <param name="LevelDb">How far all levels are from those that were learnt, dB; null where it is not known.</param>
internal readonly record struct CommonShift(double? Ppm, double? LevelDb)
{
    // Of three the median is right even if one of them is the impostor.
    private const int Least = 3;

    // Better than this, an error of frequency is no error: 1 ppm is 100 Hz here, a twentieth of the tolerance.
    private const double GoodPpm = 1;

    // Two that are as near to each other as licensed exciters are to their frequencies (300 Hz) bear each other out.
    private const double AgreePpm = 3;

    public static CommonShift Of(List<double> ppm, List<double> levelDb, double? accuracyPpm) =>
        new(accuracyPpm <= GoodPpm ? 0 : Median(ppm, AgreePpm), Median(levelDb, 0));

    private static double? Median(List<double> values, double agree)
    {
        values.Sort();
        if (values.Count < Least && !(values.Count == 2 && values[1] - values[0] <= agree && agree > 0)) return null;
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
