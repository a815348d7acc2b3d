using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Probe.Watches;

/// <summary>What levels of a receiver mean in physical units: dBm with a calibration or a receiver that knows itself, dBµV/m only with antenna factor and cable loss of a calibration in force.</summary>
internal sealed class FmLevels(IqStream stream, ReceiverCalibration? calibration)
{
    /// <summary>Input power, dBm; null where the receiver is not calibrated.</summary>
    public double? Dbm(double dbfs, double hz) => dbfs + (calibration?.DbmAtFullScale(hz) ?? stream.DbmAtFullScale);

    /// <summary>Field strength, dBµV/m. A calibration that has expired gives none: nobody is to be measured by it.</summary>
    public double? Field(double dbfs, double hz, DateTimeOffset at) =>
        calibration is not null && !calibration.IsExpired(at) && Dbm(dbfs, hz) is { } dbm ? calibration.FieldDbuvm(dbm, hz) : null;

    /// <summary>The state of the calibration as a word: <c>valid</c>, <c>expired</c>, <c>none</c>.</summary>
    public Fact State(DateTimeOffset at) => Fact.Of(calibration is null ? "none" : calibration.IsExpired(at) ? "expired" : "valid");
}
