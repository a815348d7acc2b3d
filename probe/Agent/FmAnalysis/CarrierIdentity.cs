using SignalWatch.Fm;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Who the carriers are, reading by reading: the register and what each carrier shows. Sound is not compared: that takes hours of it.</summary>
internal sealed class CarrierIdentity(RegisterFile? register, double centreHz)
{
    private readonly StationIdentifier identifier = new(new IdentitySettings { CenterFrequencyHz = centreHz });
    private readonly Dictionary<long, Identification> latest = [];

    /// <summary>What was found last of each carrier, and of each image, while it was there; by nominal frequency.</summary>
    public IReadOnlyDictionary<long, Identification> Latest => latest;

    /// <summary>Takes a reading.</summary>
    public void Add(FmBandReading reading, DateTimeOffset at)
    {
        var found = identifier.Update(reading, at, reading.Length.TotalSeconds, (hz, pi) => register?.Look(hz, pi, at) ?? default, _ => ContentFindings.None, (_, _) => null);
        foreach (var who in found.Where(w => w.OnAir)) latest[who.NominalHz] = who;
    }
}
