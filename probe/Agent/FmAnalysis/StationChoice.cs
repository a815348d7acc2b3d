using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Which station of a band is heard: the one asked for, or the strongest.</summary>
/// <param name="wantedHz">The frequency asked for; null takes the strongest.</param>
/// <param name="patience">Readings after which a station that is not there is given up; null waits for it to the end.</param>
internal sealed class StationChoice(double? wantedHz, int? patience)
{
    // As far as a carrier may be off its nominal frequency and yet be meant.
    private const double ToleranceHz = 50_000;
    private const double HalfChannelHz = 100_000;
    private const double UsableShare = 0.9;

    private readonly Dictionary<long, CarrierReading> seen = [];
    private int readings;

    /// <summary>The station that is heard, nominal frequency; null while there is none.</summary>
    public long? ChosenHz { get; private set; }

    /// <summary>The last reading of it.</summary>
    public CarrierReading? Chosen => ChosenHz is { } hz ? seen.GetValueOrDefault(hz) : null;

    /// <summary>That there was a choice, and how it was made.</summary>
    public List<Problem> Warnings { get; } = [];

    /// <summary>What a receiver asks for each carrier: gives sound and groups of the chosen one alone.</summary>
    public StationTap TapFor(long nominalHz, StationTap tap) => new()
    {
        OnSound = tap.OnSound is { } sound ? (left, right) =>
        {
            if (ChosenHz == nominalHz) sound(left, right);
        }
        : null,
        OnGroup = tap.OnGroup is { } group ? g =>
        {
            if (ChosenHz == nominalHz) group(g);
        }
        : null,
    };

    /// <summary>Notes what is there, and chooses where there was nothing to choose from so far.</summary>
    /// <returns>Whether it is worth going on.</returns>
    public bool Read(FmBandReading reading)
    {
        foreach (var carrier in reading.Carriers.Where(c => c.OnAir)) seen[carrier.NominalHz] = carrier;
        if (ChosenHz is not null) return true;
        var onAir = reading.Carriers.Where(c => c.OnAir).ToList();
        var chosen = wantedHz is { } hz
            ? onAir.Where(c => Distance(c, hz) <= ToleranceHz).MinBy(c => Distance(c, hz))
            : onAir.MaxBy(c => c.LevelDbfs);
        if (chosen is null) return ++readings < (patience ?? int.MaxValue);
        ChosenHz = chosen.NominalHz;
        if (wantedHz is null && onAir.Count > 1) Warnings.Add(FmTexts.StrongestChosen(chosen.NominalHz, onAir.Where(c => c != chosen).Select(c => c.NominalHz)));
        return true;
    }

    /// <summary>Why nothing was heard, where it is because there is no such station; else null.</summary>
    public Problem? NotThere(IqStream stream)
    {
        if (ChosenHz is not null) return null;
        var half = stream.SampleRateHz / 2 * UsableShare - HalfChannelHz;
        if (wantedHz is { } hz && Math.Abs(hz - stream.CenterFrequencyHz) > half + ToleranceHz)
            return FmTexts.OutsideBand(hz, stream.CenterFrequencyHz - Math.Max(0, half), stream.CenterFrequencyHz + Math.Max(0, half));
        return FmTexts.NoSuchCarrier(wantedHz, seen.Keys.Order());
    }

    private static double Distance(CarrierReading carrier, double hz) => Math.Abs(carrier.NominalHz - hz);
}
