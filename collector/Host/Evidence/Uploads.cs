using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence;

/// <summary>A file of evidence whose bytes have all come, and what they were found to be.</summary>
internal sealed record CompleteUpload(Guid Id, EvidenceDeclaration Declared, TwoDigests Found, uint Crc32)
{
    public bool IsAsDeclared => Found.Sha256 == Declared.Sha256 && (Declared.Sm3 is null || Found.Sm3 == Declared.Sm3);
}

/// <summary>Files that are on their way: each has a folder with its declaration and the bytes so far, so that it goes on after a fall of either side. The offset is what is on disk.</summary>
internal sealed class Uploads
{
    private const int MostUploads = 256;
    private const long MostPendingBytes = 64L << 30;
    private const int BufferBytes = 1 << 16;
    private static readonly TimeSpan IdleAtMost = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<Guid, Upload> uploads = new();
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly ObjectFiles objects;
    private readonly TimeProvider time;

    public Uploads(ObjectFiles objects, TimeProvider time)
    {
        (this.objects, this.time, folder) = (objects, time, Path.Combine(objects.Folder, "uploads"));
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.GetDirectories(folder)) Resume(left);
    }

    /// <summary>Begins an upload, or finds the one of the same probe, digest and size.</summary>
    /// <returns>Where it stands, and true where it is new.</returns>
    /// <exception cref="ProblemException">There is no room for it.</exception>
    public (EvidenceUpload State, bool Begun) Begin(EvidenceDeclaration declared)
    {
        var id = IdOf(declared);
        lock (gate)
        {
            if (uploads.TryGetValue(id, out var there)) return (there.State, false);
            Forget();
            var pending = uploads.Values.Sum(u => u.Declared.Size);
            if (uploads.Count >= MostUploads || pending + declared.Size > MostPendingBytes) throw new ProblemException(EvidenceTexts.NoRoom(uploads.Count, pending));
            var place = Path.Combine(folder, id.ToString("N"));
            try
            {
                Directory.CreateDirectory(place);
                using (var file = new FileStream(Path.Combine(place, Upload.DeclarationName), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
                {
                    file.Write(JsonSerializer.SerializeToUtf8Bytes(declared, WireJson.Options));
                    file.Flush(flushToDisk: true);
                }
                objects.SyncUp(place);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new ProblemException(EvidenceTexts.StorageFailed(folder, failure.Message), failure);
            }
            var upload = uploads[id] = new(id, place, declared, 0, time.GetUtcNow());
            return (upload.State, true);
        }
    }

    /// <summary>Where an upload stands.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public EvidenceUpload State(Guid id) => Find(id).State;

    /// <summary>Adds a piece; returns when it is on disk.</summary>
    /// <exception cref="ProblemException">The offset is another one, another piece is on its way, or the disk fails: then the offset says what was kept.</exception>
    public async Task<EvidenceUpload> Append(Guid id, long offset, Stream body, CancellationToken cancelled)
    {
        var upload = Find(id);
        if (!await upload.Busy.WaitAsync(0, CancellationToken.None).ConfigureAwait(false)) throw new ProblemException(EvidenceTexts.UploadBusy(upload.Declared.Sha256));
        try
        {
            if (offset != upload.Offset) throw new ProblemException(EvidenceTexts.WrongOffset(upload.Offset));
            upload.TouchedAt = time.GetUtcNow();
            await Write(upload, body, cancelled).ConfigureAwait(false);
            return upload.State;
        }
        catch (Exception failure) when (failure is (IOException or UnauthorizedAccessException) and not BadHttpRequestException)
        {
            throw new ProblemException(EvidenceTexts.StorageFailed(folder, failure.Message), failure);
        }
        finally
        {
            upload.Busy.Release();
        }
    }

    /// <summary>Where all bytes have come: finds their digests, and puts the file among the objects, or aside.</summary>
    /// <returns>Null where bytes are missing.</returns>
    public async Task<CompleteUpload?> Complete(Guid id, CancellationToken cancelled)
    {
        var upload = Find(id);
        if (upload.Offset < upload.Declared.Size) return null;
        await upload.Busy.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            // A start between the file's move and its entry in the journal finds it among the objects.
            var moved = !File.Exists(upload.Data);
            if (moved && !objects.Has(upload.Declared.Sha256)) throw new ProblemException(EvidenceTexts.NoSuchUpload(upload.Declared.Sha256));
            var crc = new Crc32();
            TwoDigests found;
            await using (var file = moved ? objects.Open(upload.Declared.Sha256) : new FileStream(upload.Data, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous))
                (found, _) = await TwoDigests.Of(file, crc.Append, cancelled).ConfigureAwait(false);
            var complete = new CompleteUpload(id, upload.Declared, found, crc.Value);
            if (complete.IsAsDeclared) objects.Admit(upload.Data, found.Sha256);
            else if (!moved) objects.Quarantine(upload.Data, $"{upload.Declared.Sha256}-{id:N}");
            return complete;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(EvidenceTexts.StorageFailed(folder, failure.Message), failure);
        }
        finally
        {
            upload.Busy.Release();
        }
    }

    /// <summary>Ends an upload: the journal has what came of it.</summary>
    public void Remove(Guid id)
    {
        if (uploads.TryRemove(id, out var upload)) Delete(upload.Place);
    }

    private static async Task Write(Upload upload, Stream body, CancellationToken cancelled)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        await using var file = new FileStream(upload.Data, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous);
        var at = upload.Offset;
        file.Position = at;
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer, cancelled).ConfigureAwait(false)) > 0)
            {
                if (at + read > upload.Declared.Size) throw new ProblemException(EvidenceTexts.TooLarge(at + read, upload.Declared.Size));
                await file.WriteAsync(buffer.AsMemory(0, read), cancelled).ConfigureAwait(false);
                at += read;
            }
        }
        catch (ProblemException)
        {
            at = upload.Offset; // more than was declared: nothing of the piece
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            // A line that broke keeps what came: the rest follows from there.
            file.SetLength(at);
            file.Flush(flushToDisk: true);
            if (upload.Offset == 0) Durable.SyncFolder(upload.Place); // the file's name, where this piece made it
            upload.Offset = at;
        }
    }

    private void Resume(string place)
    {
        try
        {
            var declared = JsonSerializer.Deserialize<EvidenceDeclaration>(File.ReadAllBytes(Path.Combine(place, Upload.DeclarationName)), WireJson.Options)!;
            var data = new FileInfo(Path.Combine(place, Upload.DataName));
            var id = IdOf(declared);
            var offset = data.Exists ? data.Length : objects.Has(declared.Sha256) ? declared.Size : 0;
            if (id.ToString("N") == Path.GetFileName(place) && offset <= declared.Size) uploads[id] = new(id, place, declared, offset, Directory.GetLastWriteTimeUtc(place));
            else Delete(place);
        }
        catch (Exception torn) when (torn is JsonException or FileNotFoundException)
        {
            // A fall while it was declared: nobody was told of it.
            Delete(place);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A disk that can't read it now may later. Until then it is not known: its probe declares it again, and that writes over it.
        }
    }

    // What can't be deleted is in nobody's way: it is found again at the next start.
    private static void Delete(string place)
    {
        try
        {
            if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private void Forget()
    {
        var oldest = time.GetUtcNow() - IdleAtMost;
        foreach (var idle in uploads.Values.Where(u => u.TouchedAt < oldest).ToList()) Remove(idle.Id);
    }

    private Upload Find(Guid id) => uploads.TryGetValue(id, out var upload) ? upload : throw new ProblemException(EvidenceTexts.NoSuchUpload(id.ToString()));

    /// <summary>The same declaration finds the same upload, whichever side fell in between.</summary>
    public static Guid IdOf(EvidenceDeclaration declared) => new(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{declared.Probe}\n{declared.Sha256}\n{declared.Size}"))).AsSpan(0, 16));

    private sealed class Upload(Guid id, string place, EvidenceDeclaration declared, long offset, DateTimeOffset touchedAt)
    {
        public const string DeclarationName = "declaration.json";
        public const string DataName = "data";

        private long offset = offset;

        public Guid Id => id;

        public string Place => place;

        public EvidenceDeclaration Declared => declared;

        public string Data => Path.Combine(place, DataName);

        public long Offset
        {
            get => Volatile.Read(ref offset);
            set => Volatile.Write(ref offset, value);
        }

        public DateTimeOffset TouchedAt { get; set; } = touchedAt;

        public SemaphoreSlim Busy { get; } = new(1);

        public EvidenceUpload State => new(id, Offset);
    }
}
