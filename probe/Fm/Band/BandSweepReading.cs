namespace SignalWatch.Fm;

/// <summary>One sweep over a band.</summary>
/// <param name="StartSeconds">When its first hop began, on the caller's clock, s: the sweep's one time stamp.</param>
/// <param name="LengthSeconds">Until its last hop ended, s.</param>
/// <param name="Spectra">The hops' spectra as one; where no hop was heard, −200 dBFS.</param>
/// <param name="NoiseFloor">The hops' noise as one.</param>
/// <param name="Overload">A hop was overloaded.</param>
/// <param name="Carriers">The carriers of all hops, each once, by frequency. Times are those of signal heard: a hop hears each carrier for a part of the sweep only.</param>
/// <param name="Masked">What looked like a carrier and was not counted as one.</param>
/// <param name="MissingHops">Hops that were not heard: of their frequencies nothing can be said.</param>
public sealed record BandSweepReading(double StartSeconds, double LengthSeconds, BandSpectra Spectra, NoiseFloorCurve NoiseFloor, bool Overload,
    IReadOnlyList<CarrierReading> Carriers, IReadOnlyList<MaskedPeak> Masked, IReadOnlyList<SweepHop> MissingHops);
