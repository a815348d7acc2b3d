using System.Globalization;
using System.Text;

namespace SignalWatch.Probe.Evidence;

/// <summary>Raw RDS groups as text, one a line, as RDS Spy logs them: four blocks in hex, <c>----</c> for one that was lost, and the time. Any RDS decoder reads it.</summary>
internal sealed class GroupFile : IDisposable
{
    public const string Name = "rds.spy";

    private readonly TimeZoneInfo zone;
    private readonly StreamWriter text;

    /// <exception cref="IOException">It can't be made there.</exception>
    public GroupFile(string folder, long carrierHz, DateTimeOffset at, string software, TimeZoneInfo zone)
    {
        this.zone = zone;
        text = new StreamWriter(Path.Combine(folder, Name), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\r\n" }; // the logs of RDS Spy are from Windows
        var local = EvidenceTime.In(at.UtcTicks, zone);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"<recorder=\"SignalWatch {software}\" date=\"{local:yyyy-MM-dd}\" time=\"{local:HH-mm-ss}\" frequency=\"{carrierHz / 1e6:F3}\" zone=\"{local:zzz}\">"));
    }

    public long Groups { get; private set; }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Add(in TimedGroup timed)
    {
        Groups++;
        var group = timed.Group;
        // A block A that was told only with the help of the PI known before is no evidence of that PI.
        var pi = group.AssumedA ? null : group.A;
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Block(pi)} {Block(group.B)} {Block(group.C)} {Block(group.D)} @{EvidenceTime.In(timed.Ticks, zone):yyyy'/'MM'/'dd HH':'mm':'ss'.'ff}"));
    }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Flush() => text.Flush();

    public void Dispose() => text.Dispose();

    private static string Block(ushort? block) => block?.ToString("X4", CultureInfo.InvariantCulture) ?? "----";
}
