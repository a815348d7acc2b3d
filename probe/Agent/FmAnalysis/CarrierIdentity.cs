using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Who the carriers are, reading by reading.</summary>
internal sealed class CarrierIdentity(RegisterFile? register)
{
    private readonly Dictionary<long, Identification> latest = [];

    /// <summary>What was found of each carrier while it was on the air, by nominal frequency.</summary>
    public IReadOnlyDictionary<long, Identification> Latest => latest;

    /// <summary>Takes a reading.</summary>
    public void Add(FmBandReading reading, DateTimeOffset at)
    {
        foreach (var carrier in reading.Carriers.Where(c => c.OnAir))
        {
            var answer = register?.Look((long)Math.Round(carrier.NominalHz + carrier.OffsetHz), at) ?? default;
            latest[carrier.NominalHz] = new Identification { NominalHz = carrier.NominalHz, Licence = answer.Licence, Status = Status(answer, carrier) };
        }
    }

    private static CarrierStatus Status(RegisterAnswer answer, CarrierReading carrier) => answer switch
    {
        { Known: false } => CarrierStatus.Unknown,
        { Licence.Class: LicenceClass.Overspill } => CarrierStatus.Overspill,
        { Licence: not null } => CarrierStatus.Licensed,
        _ => carrier.Modulated == false ? CarrierStatus.CarrierOnly : CarrierStatus.Unregistered,
    };
}
