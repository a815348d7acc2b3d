namespace SignalWatch.Hardware.Iq;

/// <summary>What a receiver gave and lost since it was opened.</summary>
/// <param name="SamplesReceived">Complex samples that arrived.</param>
/// <param name="SamplesLost">Complex samples that are known to be lost: because nobody read, or on their way. Those of a time without connection can't be counted and are not in it.</param>
/// <param name="Discontinuities">Places where samples are missing; tunings are not counted.</param>
/// <param name="Reconnects">Times that the connection was made anew.</param>
public readonly record struct ReceiverStatistics(long SamplesReceived, long SamplesLost, long Discontinuities, int Reconnects);
