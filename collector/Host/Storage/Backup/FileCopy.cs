using System.Buffers;
using System.Security.Cryptography;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>Files of a backup: copied and digested in one pass.</summary>
internal static class FileCopy
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Only the owner: a backup has keys and evidence.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>Copies a file that is not there yet.</summary>
    /// <returns>Length and digest of what was written.</returns>
    public static (long Bytes, string Sha256) Run(string from, string to, UnixFileMode mode, BackupProgress progress)
    {
        using var source = OpenSource(from);
        return Run(source, to, mode, progress);
    }

    /// <summary>Opens what is to be copied.</summary>
    /// <exception cref="SourceException">It can't be read.</exception>
    public static FileStream OpenSource(string from)
    {
        try
        {
            return new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(from, failure);
        }
    }

    /// <inheritdoc cref="Run(string, string, UnixFileMode, BackupProgress)"/>
    public static (long Bytes, string Sha256) Run(Stream source, string to, UnixFileMode mode, BackupProgress progress)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private; // a key is at no moment open to others
        long bytes = 0;
        string sha256;
        using (var target = new FileStream(to, options))
            sha256 = Digest(source, to, block =>
            {
                target.Write(block);
                bytes += block.Length;
            }, progress);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, mode);
        progress.AddFile();
        return (bytes, sha256);
    }

    /// <summary>The digest of a file that is there.</summary>
    public static (long Bytes, string Sha256) Digest(string file, BackupProgress progress)
    {
        using var source = OpenSource(file);
        long bytes = 0;
        var sha256 = Digest(source, file, block => bytes += block.Length, progress);
        return (bytes, sha256);
    }

    /// <summary>Makes a folder that only its owner may enter, and those above it that are not there.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { Length: > 0 } above) MakeFolder(above);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, PrivateFolder);
    }

    private static string Digest(Stream source, string name, BlockTaker take, BackupProgress progress)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (Read(source, buffer, name) is var read and > 0)
            {
                var block = buffer.AsSpan(0, read);
                hash.AppendData(block);
                take(block);
                progress.AddBytes(read);
            }
            return Convert.ToHexStringLower(hash.GetCurrentHash());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Read(Stream source, byte[] buffer, string name)
    {
        try
        {
            return source.Read(buffer, 0, BufferBytes);
        }
        catch (IOException failure)
        {
            throw new SourceException(name, failure);
        }
    }

    private delegate void BlockTaker(ReadOnlySpan<byte> block);
}

/// <summary>What is to be copied can't be read; it is not the target's fault.</summary>
internal sealed class SourceException(string file, Exception cause) : Exception(cause.Message, cause)
{
    public string File { get; } = file;

    /// <summary>True where it is not there any more.</summary>
    public bool IsGone => InnerException is FileNotFoundException or DirectoryNotFoundException;
}
