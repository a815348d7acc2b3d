using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>Gives the bytes of a transport stream as they arrive: a network, a file or the simulated city.</summary>
public interface ITransportStreamSource : IAsyncDisposable
{
    /// <summary>For people: <c>udp://239.1.1.1:5000</c>.</summary>
    string Name { get; }

    /// <summary>Live, replayed or simulated.</summary>
    Origin Origin { get; }

    /// <summary>Datagrams that this machine dropped since the source was opened, because they were not read in time: what is missing then was not lost on the way,
    /// and must not be held against a broadcaster. Null where the system does not say.</summary>
    long? Dropped { get; }

    /// <summary>Reads what has arrived. Returns within 200 ms whatever happens, so that silence is noticed.</summary>
    /// <param name="buffer">At least 64 KiB; datagrams are never split over two reads.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="ProblemException">The source failed: what, and what to do.</exception>
    ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel);
}

/// <summary>One read.</summary>
/// <param name="Bytes">Bytes read; 0 where nothing arrived.</param>
/// <param name="At">When the last of them arrived, or now.</param>
/// <param name="Ended">The source has an end, and this is it.</param>
public readonly record struct TransportStreamRead(int Bytes, DateTimeOffset At, bool Ended);
