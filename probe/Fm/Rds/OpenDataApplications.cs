using System.Globalization;

namespace SignalWatch.Fm.Rds;

/// <summary>Which application each group type carries (groups 3A, EN 50067 §3.1.5.4), and the two that are followed: RT+ and the traffic message channel.</summary>
internal sealed class OpenDataApplications
{
    private readonly Repeated<ushort>[] carried = new Repeated<ushort>[32];
    private RdsRadioTextPlus? tags;
    private RdsRadioTextPlus? tagsBefore;
    private int? locationTable;
    private int? serviceId;
    private int messages;
    private bool hasTraffic;

    /// <summary>Applications announced twice, in the order of their group types.</summary>
    public IReadOnlyList<RdsApplication> Confirmed
    {
        get
        {
            var list = new List<RdsApplication>();
            for (var type = 0; type < carried.Length; type++)
                if (carried[type].Confirmed is { } id and not 0) list.Add(Named(type, id));
            return list;
        }
    }

    /// <summary>RT+ tags, received twice.</summary>
    public RdsRadioTextPlus? RadioTextPlus { get; private set; }

    public RdsTrafficMessages? Tmc => hasTraffic ? new(locationTable, serviceId, messages) : null;

    /// <summary>Takes a group 3A.</summary>
    public RdsApplication? Announce(in RdsGroup group)
    {
        if (group.B is not { } b || group.D is not { } id) return null;
        var type = b & 31;
        carried[type].Accept(id);
        if (id is RdsCodes.TrafficMessageId or RdsCodes.TrafficMessageTestId && carried[type].Confirmed == id)
        {
            hasTraffic = true;
            if (group.C is { } c) System(c);
        }
        return Named(type, id);
    }

    /// <summary>Takes a group of any type that may carry an application; the text is what RT+ refers to.</summary>
    /// <returns>RT+ tags; null where the group is none of RT+.</returns>
    public RdsRadioTextPlus? Accept(in RdsGroup group, string? text)
    {
        if (group.B is not { } b || carried[b >> 11].Confirmed is not { } id) return null;
        if (id is RdsCodes.TrafficMessageId or RdsCodes.TrafficMessageTestId) messages++;
        if (id != RdsCodes.RadioTextPlusId || group.C is not { } c || group.D is not { } d) return null;
        var found = new List<RdsTag>(2);
        AddTag(found, text, (b & 7) << 3 | c >> 13, c >> 7 & 63, c >> 1 & 63);
        AddTag(found, text, (c & 1) << 5 | d >> 11, d >> 5 & 63, d & 31);
        tags = new RdsRadioTextPlus((b >> 3 & 1) != 0, b >> 4 & 1, found);
        if (Same(tags, tagsBefore)) RadioTextPlus = tags;
        tagsBefore = tags;
        return tags;
    }

    /// <summary>The text changed: its tags are of another one.</summary>
    public void DropTags() => (RadioTextPlus, tagsBefore) = (null, null);

    public void Clear()
    {
        Array.Clear(carried);
        DropTags();
        (locationTable, serviceId, messages, hasTraffic) = (null, null, 0, false);
    }

    // ISO 14819-1 §5.6.2: variant 0 has the location table number, variant 1 the service.
    private void System(ushort c)
    {
        if (c >> 14 == 0) locationTable = c >> 6 & 63;
        else if (c >> 14 == 1) serviceId = c >> 6 & 63;
    }

    // A tag of class 0 is empty; its length is one less than its characters. One that points behind the text belongs to another text.
    private static void AddTag(List<RdsTag> found, string? text, int content, int start, int length)
    {
        if (content == 0 || text is null || start + length >= text.Length) return;
        found.Add(new RdsTag(RdsCodes.ContentType(content), text.Substring(start, length + 1)));
    }

    private static bool Same(RdsRadioTextPlus one, RdsRadioTextPlus? other) =>
        other is not null && one.ItemRunning == other.ItemRunning && one.ItemToggle == other.ItemToggle && one.Tags.SequenceEqual(other.Tags);

    private static RdsApplication Named(int type, ushort id) =>
        new(type == 0 ? null : (type >> 1).ToString(CultureInfo.InvariantCulture) + (type % 2 == 0 ? "A" : "B"), id, RdsCodes.Application(id));
}
