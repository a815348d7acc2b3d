using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>When each byte of a file was sent, by the file alone: its position over its rate, where the rate is constant; between two PCRs of the leading programme, where it is not.</summary>
internal sealed class FileClock
{
    private const double PacketBits = PacketGrid.TransportBytes * 8;
    private readonly IReadOnlyList<(double Packet, double Seconds)> knots;

    private FileClock(string kind, double bitrateBps, Text method, IReadOnlyList<(double Packet, double Seconds)> knots)
    {
        (Kind, BitrateBps, Method) = (kind, bitrateBps, method);
        this.knots = knots;
    }

    /// <summary><c>given</c>, <c>pcr</c> (constant rate), <c>pcr-interpolated</c>, or <c>assumed</c>.</summary>
    public string Kind { get; }

    /// <summary>Rate of the whole stream, b/s, for packets of 188 bytes; where it is not constant, its mean.</summary>
    public double BitrateBps { get; }

    /// <summary>Where it comes from, in words.</summary>
    public Text Method { get; }

    /// <summary>One rate holds for the whole file.</summary>
    public bool IsConstant => knots.Count == 0;

    /// <summary>It is of the stream, or a person gave it: figures may be built on it.</summary>
    public bool IsKnown => Kind != "assumed";

    /// <summary>A person says at what rate it was sent.</summary>
    public static FileClock Given(double bitrateBps) => new("given", bitrateBps, TsTexts.ClockGiven(bitrateBps), []);

    /// <summary>Nothing says at what rate it was sent.</summary>
    public static FileClock Assumed(double bitrateBps) => new("assumed", bitrateBps, TsTexts.ClockAssumed(bitrateBps), []);

    /// <summary>Its PCRs say it.</summary>
    public static FileClock ByClock(PcrFit fit) => fit.IsConstant
        ? new("pcr", fit.BitrateBps, TsTexts.ClockConstant(fit), [])
        : new("pcr-interpolated", fit.BitrateBps, TsTexts.ClockInterpolated(fit), fit.Knots);

    /// <summary>Seconds from the first byte to a position.</summary>
    /// <param name="packet">Position in packets, with fractions.</param>
    public double SecondsAt(double packet)
    {
        if (IsConstant) return packet * PacketBits / BitrateBps;
        var after = FirstAfter(packet);
        if (after == 0) return knots[0].Seconds + (packet - knots[0].Packet) * PacketBits / BitrateBps;
        if (after == knots.Count) return knots[^1].Seconds + (packet - knots[^1].Packet) * PacketBits / BitrateBps;
        var (from, to) = (knots[after - 1], knots[after]);
        return from.Seconds + (packet - from.Packet) / (to.Packet - from.Packet) * (to.Seconds - from.Seconds);
    }

    /// <summary>Rate at a position, b/s.</summary>
    public double BitrateAt(double packet)
    {
        if (IsConstant) return BitrateBps;
        var after = FirstAfter(packet);
        return after == 0 || after == knots.Count ? BitrateBps : (knots[after].Packet - knots[after - 1].Packet) * PacketBits / (knots[after].Seconds - knots[after - 1].Seconds);
    }

    /// <summary>Position where the rate changes next; the largest number where it does not.</summary>
    public double NextChange(double packet)
    {
        if (IsConstant) return double.MaxValue;
        var after = FirstAfter(packet);
        return after == knots.Count ? double.MaxValue : knots[after].Packet;
    }

    private int FirstAfter(double packet)
    {
        var (low, high) = (0, knots.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (knots[middle].Packet > packet) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {BitrateBps:F1} b/s");
}
