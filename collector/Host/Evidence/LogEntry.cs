using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence;

/// <summary>A leaf of the evidence log: the digests of an act as it stands in the journal, never the act itself, so that a log may be shown to whoever asks.</summary>
/// <param name="Position">The journal's position of the act.</param>
/// <param name="Bytes">Canonical JSON: these members in this order, no spaces.</param>
internal readonly record struct LogEntry(long Position, byte[] Bytes)
{
    /// <summary>The leaf of an act.</summary>
    /// <param name="position">Where the journal has it.</param>
    /// <param name="about">SHA-256 of the item.</param>
    /// <param name="body">The act as journaled.</param>
    public static LogEntry Of(long position, string about, ReadOnlySpan<byte> body) =>
        new(position, JsonSerializer.SerializeToUtf8Bytes(new Leaf("signalwatch.evidence.v1", about, TwoDigests.Of(body)), WireJson.Options));

    /// <summary>True where these bytes are the leaf of that act.</summary>
    public static bool IsOf(ReadOnlySpan<byte> leaf, string about, ReadOnlySpan<byte> body) => leaf.SequenceEqual(Of(0, about, body).Bytes);

    private sealed record Leaf(string Log, string Evidence, TwoDigests Act);
}
