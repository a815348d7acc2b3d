namespace SignalWatch.Hardware;

/// <summary>When packets are due at a constant rate. Reckoned from the beginning, so that no rounding adds up.</summary>
internal sealed class ReplayPace(double bitrateBps, TimeProvider time)
{
    private const double PacketBits = TransportStreamFile.PacketBytes * 8;

    // After a suspended machine the rest of its sleep is not sent in one burst: the timetable moves.
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(1);

    private readonly long began = time.GetTimestamp();
    private TimeSpan moved;

    /// <summary>Packets that are due by now and not given yet.</summary>
    public long Due(long given)
    {
        var elapsed = time.GetElapsedTime(began) - moved;
        var due = (long)(elapsed.TotalSeconds * bitrateBps / PacketBits) - given;
        var most = (long)(MostBehind.TotalSeconds * bitrateBps / PacketBits) + 1;
        if (due <= most) return due;
        moved += TimeSpan.FromSeconds((due - most) * PacketBits / bitrateBps);
        return most;
    }

    /// <summary>How long until packet <paramref name="number"/>, from 1, is due.</summary>
    public TimeSpan Until(long number)
    {
        var wait = TimeSpan.FromSeconds(number * PacketBits / bitrateBps) + moved - time.GetElapsedTime(began);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
