namespace SignalWatch.TransportStream;

/// <summary>Sections of one table → the whole table, once for each content that it has.</summary>
internal sealed class TableCollector
{
    private readonly byte[]?[] bodies = new byte[]?[256];
    private readonly uint[] checks = new uint[256];
    private int extension = -1;
    private int version = -1;
    private int last;
    private int missing;

    /// <summary>The bodies of its sections, in order; only where <see cref="Add"/> said so.</summary>
    public IEnumerable<byte[]> Bodies => bodies.Take(last + 1).Select(body => body!);

    /// <summary>Takes a section.</summary>
    /// <returns>True where the table is complete with it, and new.</returns>
    public bool Add(in Section section)
    {
        // Some multiplexers change a table without a new version: the CRC tells.
        var known = extension == section.Extension && version == section.Version && last == section.Last;
        if (known && bodies[section.Number] is not null && checks[section.Number] == section.Crc) return false;
        if (!known || bodies[section.Number] is not null) Restart(section);
        bodies[section.Number] = section.Body.ToArray();
        checks[section.Number] = section.Crc;
        return --missing == 0;
    }

    private void Restart(in Section section)
    {
        Array.Clear(bodies);
        (extension, version, last, missing) = (section.Extension, section.Version, section.Last, section.Last + 1);
    }
}
