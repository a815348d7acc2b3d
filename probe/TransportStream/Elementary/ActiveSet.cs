namespace SignalWatch.TransportStream;

/// <summary>Reads a sequence parameter set; null where it describes no picture.</summary>
internal delegate T? SetReader<T>(ReadOnlySpan<byte> rbsp) where T : class;

/// <summary>
/// The sequence parameter set that the pictures use. A stream may send several, each with its id, before a picture that uses one of them:
/// the one in use stays while it is sent too, so that a spare one is not taken for a change of format.
/// </summary>
/// <param name="read">Reads a set.</param>
/// <param name="idOf">Its seq_parameter_set_id.</param>
internal sealed class ActiveSet<T>(SetReader<T> read, Func<T, int> idOf) where T : class
{
    private byte[] bytes = [];
    private byte[] otherBytes = [];
    private T? other;
    private bool otherSent;
    private bool currentSent;

    /// <summary>The set in use.</summary>
    public T? Current { get; private set; }

    /// <summary>Takes a set.</summary>
    /// <param name="unit">The whole NAL unit.</param>
    /// <param name="headerBytes">Of these the header.</param>
    /// <returns>True where <see cref="Current"/> is another now.</returns>
    public bool Take(ReadOnlySpan<byte> unit, int headerBytes)
    {
        if (unit.SequenceEqual(bytes))
        {
            currentSent = true;
            return false;
        }
        if (!unit.SequenceEqual(otherBytes))
        {
            otherBytes = unit.ToArray();
            other = read(unit[headerBytes..]);
        }
        if (other is null) return false;
        otherSent = true;
        return (Current is null || idOf(other) == idOf(Current)) && Adopt();
    }

    /// <summary>A picture begins: the sets before it are complete.</summary>
    /// <returns>True where <see cref="Current"/> is another now.</returns>
    public bool Picture()
    {
        var adopted = otherSent && !currentSent && Adopt();
        (otherSent, currentSent) = (false, false);
        return adopted;
    }

    private bool Adopt()
    {
        (Current, bytes) = (other, otherBytes);
        (other, otherBytes, otherSent, currentSent) = (null, [], false, true);
        return true;
    }
}
