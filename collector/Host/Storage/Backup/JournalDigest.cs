using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>A digest of what a store holds that does not depend on what holds it: every field with its length, in order. SHA-256.</summary>
internal sealed class JournalDigest : IDisposable
{
    private const int Absent = -1;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>A month: the documents that it began with, its entries, its dead letters.</summary>
    /// <param name="view">Where it is.</param>
    /// <param name="index">Which of the view's months.</param>
    /// <param name="source">What is written of its source.</param>
    /// <param name="progress">Told of every entry.</param>
    public static BackupMonth OfMonth(IStoreView view, int index, string? source, Action? progress = null)
    {
        using var digest = new JournalDigest();
        var month = view.Months[index];
        digest.Add(view.Opening(month.Month));
        var entries = 0L;
        foreach (var row in EntriesOf(view, index))
        {
            digest.Add(row);
            entries++;
            progress?.Invoke();
        }
        var letters = 0L;
        foreach (var letter in view.Letters(month.Month))
        {
            digest.Add(letter);
            letters++;
        }
        return new(month.Month.ToString(), month.First, entries, month.Thinned, letters, digest.Done(), source);
    }

    /// <summary>All documents as they are.</summary>
    public static (long Count, string Digest) OfDocuments(IDocuments documents)
    {
        using var digest = new JournalDigest();
        return (digest.Add(documents), digest.Done());
    }

    /// <summary>The entries of one month.</summary>
    public static IEnumerable<JournalRow> EntriesOf(IStoreView view, int index)
    {
        var months = view.Months;
        var end = index + 1 < months.Count ? months[index + 1].First : long.MaxValue;
        return view.Entries(new(months[index].First - 1)).TakeWhile(row => row.Position < end);
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    private long Add(IDocuments documents)
    {
        var count = 0L;
        foreach (var kind in documents.DocumentKinds().ToList())
            foreach (var (id, body) in documents.Documents(kind))
            {
                Add(kind);
                Add(id);
                Add(body.Span);
                count++;
            }
        return count;
    }

    private void Add(in JournalRow row)
    {
        Span<byte> head = stackalloc byte[4 * sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(head, row.Position);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], row.Stream ?? Absent);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], row.Sequence ?? Absent);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], row.ReceivedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(head[32..], (int)row.Kind);
        hash.AppendData(head);
        Add(row.About);
        Add(row.Body.Span);
    }

    private void Add(in DeadLetter letter)
    {
        Span<byte> head = stackalloc byte[3 * sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(head, letter.Stream);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], letter.Sequence ?? Absent);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], letter.ReceivedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], letter.Line);
        hash.AppendData(head);
        Add(letter.Reason.Replace('\0', '\uFFFD')); // as a text of PostgreSQL has it, which knows no NUL
        Add(letter.Body.Span);
    }

    private void Add(string? text)
    {
        if (text is null) AddLength(Absent);
        else Add(Encoding.UTF8.GetBytes(text));
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        AddLength(bytes.Length);
        hash.AppendData(bytes);
    }

    private void AddLength(int length)
    {
        Span<byte> written = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(written, length);
        hash.AppendData(written);
    }

    private string Done() => Convert.ToHexStringLower(hash.GetCurrentHash());
}
