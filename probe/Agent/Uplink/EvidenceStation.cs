using SignalWatch.Contracts;

namespace SignalWatch.Probe.Uplink;

/// <summary>What is true of all evidence of a probe.</summary>
/// <param name="Probe">Which.</param>
/// <param name="Area">Area code of GB/T 2260.</param>
/// <param name="Antenna">Its antenna, as the operator describes it; null where nobody did.</param>
/// <param name="Review">The legal and technical review that the device passed; null where there was none.</param>
internal sealed record EvidenceStation(ProbeId Probe, string Area, string? Antenna, DeviceReview? Review);
