using SignalWatch.Fm;
using SignalWatch.Fm.Rds;
using SignalWatch.Probe.Commands;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>What a station said in all.</summary>
/// <param name="Source">Where it was heard, as the person wrote it.</param>
/// <param name="FrequencyHz">Nominal frequency; null where nobody knows.</param>
/// <param name="Reading">What it said.</param>
/// <param name="LostBlocks">Blocks lost within groups.</param>
/// <param name="BlockErrorRate">Share of blocks with errors where the signal itself was received; null for a log, which has no blocks that were corrected.</param>
/// <param name="From">Time of the first group; null where it is not known.</param>
/// <param name="To">Time of the last group.</param>
internal sealed record RdsResult(string Source, long? FrequencyHz, RdsReading Reading, long LostBlocks, double? BlockErrorRate, DateTime? From, DateTime? To);

/// <summary>Takes groups as they come, prints them if that is wanted, and knows in the end what the station said.</summary>
internal sealed class RdsListener(bool rbds, TextWriter output, RdsOutput form, string source)
{
    private readonly RdsStation station = new(rbds);
    private DateTime? from;
    private DateTime? to;
    private long lost;
    private double errors;
    private int intervals;

    /// <summary>Groups of which something was received.</summary>
    public long Groups { get; private set; }

    /// <summary>The station's nominal frequency; null where nobody knows.</summary>
    public long? FrequencyHz { get; set; }

    /// <summary>Takes a group. One of which nothing was received is none.</summary>
    public void Take(in RdsGroup group, DateTime? at)
    {
        // The place of a lost one counts as time all the same.
        var said = station.Accept(group);
        if (group.Received == 0) return;
        Groups++;
        lost += 4 - group.Received;
        (from, to) = (from ?? at, at ?? to);
        if (form == RdsOutput.Report) return;
        output.WriteLine(form == RdsOutput.Groups ? RdsGroupText.Write(group) : RdsGroupJson.Write(said, at, rbds));
        // Somebody reads them as they come.
        output.Flush();
    }

    /// <summary>Adds an interval's error rate.</summary>
    public void AddErrors(RdsReading? rds)
    {
        if (rds is null) return;
        errors += rds.BlockErrorRate;
        intervals++;
    }

    /// <summary>What was said so far.</summary>
    public RdsResult Result()
    {
        double? rate = intervals > 0 ? errors / intervals : null;
        return new RdsResult(source, FrequencyHz, station.Reading(rate ?? 0), lost, rate, from, to);
    }
}
