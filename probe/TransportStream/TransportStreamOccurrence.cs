using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>What an occurrence does to the alarm of its check.</summary>
public enum OccurrenceChange
{
    /// <summary>The first one: the alarm stands from now on.</summary>
    Raise,

    /// <summary>One more while the alarm stands: counted, never masked.</summary>
    Repeat,

    /// <summary>The alarm ends: what was absent is there again, or nothing occurred for the hold time.</summary>
    Clear,
}

/// <summary>One thing that happened in a transport stream. Each <see cref="OccurrenceChange.Raise"/> and <see cref="OccurrenceChange.Repeat"/> is one occurrence; a <see cref="OccurrenceChange.Clear"/> is none.</summary>
public readonly record struct TransportStreamOccurrence
{
    /// <summary>What.</summary>
    public required Check Check { get; init; }

    /// <summary>Whether it raises, repeats or clears.</summary>
    public required OccurrenceChange Change { get; init; }

    /// <summary>When its packet arrived, or when the time limit was passed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Index of the packet since monitoring began, from 0.</summary>
    public required long PacketIndex { get; init; }

    /// <summary>The PID, or null.</summary>
    public int? Pid { get; init; }

    /// <summary>The service, or null. Where a PID belongs to several services, the one with the lowest id.</summary>
    public int? ServiceId { get; init; }

    /// <summary>The <c>table_id</c> of a section, or null.</summary>
    public int? TableId { get; init; }

    /// <summary>Continuity counter that was due.</summary>
    public int? ExpectedCc { get; init; }

    /// <summary>Continuity counter that came.</summary>
    public int? Cc { get; init; }

    /// <summary>Packets that are missing at least, modulo 16; 0 for a packet that came too often.</summary>
    public int? MissingPackets { get; init; }

    /// <summary>What was measured, in <see cref="Unit"/>: an interval, an error, a fill; where a state that lasted is over, for how long it was raised.</summary>
    public double? Measured { get; init; }

    /// <summary>The limit that it crossed, in <see cref="Unit"/>.</summary>
    public double? Limit { get; init; }

    /// <summary>Unit of <see cref="Measured"/> and <see cref="Limit"/>: <c>ms</c>, <c>ns</c>, <c>B</c>; null where there is no measure.</summary>
    public string? Unit { get; init; }

    /// <summary>What happened, as a sentence: the check's words, where, and what was measured against which limit.</summary>
    public Text Describe()
    {
        List<string> zh = [], en = [];
        if (Pid is { } pid) both($"PID 0x{pid:X4}", $"PID 0x{pid:X4}");
        if (ServiceId is { } service) both($"节目 {service}", $"service {service}");
        if (TableId is { } table) both($"table_id 0x{table:X2}", $"table_id 0x{table:X2}");
        if (Cc is { } cc) both($"计数应为 {ExpectedCc}，收到 {cc}", $"counter {ExpectedCc} was due, {cc} came");
        if (MissingPackets is { } missing) both(missing == 0 ? "同一个包重复过多" : $"至少缺 {missing} 个包", missing == 0 ? "the same packet too often" : $"at least {missing} packets missing");
        var ended = Change == OccurrenceChange.Clear;
        if (Measured is { } measured) both($"{(ended ? "持续 " : "")}{Number(measured)} {Unit}", $"{(ended ? "lasted " : "")}{Number(measured)} {Unit}");
        if (Limit is { } limit) both($"限值 {Number(limit)} {Unit}", $"limit {Number(limit)} {Unit}");
        return new Text(
            $"{(ended ? "恢复：" : "")}{Check.Title.Zh}{(zh.Count > 0 ? $"（{string.Join("，", zh)}）" : "")}",
            $"{(ended ? "over: " : "")}{Check.Title.En}{(en.Count > 0 ? $" ({string.Join(", ", en)})" : "")}");

        void both(string inChinese, string inEnglish)
        {
            zh.Add(inChinese);
            en.Add(inEnglish);
        }
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture);
}
