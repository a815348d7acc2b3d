using System.Security.Cryptography;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence;

/// <summary>The keys that sign the log and packages, in <c>keys</c> of the data folder, made at the first start. Only the collector's user may read them.</summary>
internal sealed class EvidenceKeys : IDisposable
{
    private const int OriginDigits = 16;

    private EvidenceKeys(Ed25519.PrivateKey log, Sm2.PrivateKey sm2) => (Log, Sm2Key) = (log, sm2);

    /// <summary>Signs checkpoints and manifests.</summary>
    public Ed25519.PrivateKey Log { get; }

    /// <summary>Signs manifests too, in the way of GB/T 32918.</summary>
    public Sm2.PrivateKey Sm2Key { get; }

    /// <summary>The log's name: of its key, so that two logs never have the same.</summary>
    public string Origin => "signalwatch.local/evidence/" + Convert.ToHexStringLower(SHA256.HashData(Log.PublicKey.Span))[..OriginDigits];

    public LogSigner Signer => new(Origin, Log);

    /// <summary>Reads the keys, or makes them.</summary>
    /// <exception cref="ProblemException">A file is there and is no key: a new one in its place would make all that was signed doubtful.</exception>
    public static EvidenceKeys Open(string dataFolder)
    {
        var folder = Path.Combine(dataFolder, "keys");
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(
            ReadOrMake(Path.Combine(folder, "evidence-ed25519.pem"), Ed25519.PrivateKey.FromPem, Ed25519.PrivateKey.Create, key => key.ToPem()),
            ReadOrMake(Path.Combine(folder, "evidence-sm2.pem"), Sm2.PrivateKey.FromPem, Sm2.PrivateKey.Create, key => key.ToPem()));
    }

    /// <inheritdoc/>
    public void Dispose() => Log.Dispose();

    private static T ReadOrMake<T>(string file, Func<string, T?> read, Func<T> make, Func<T, string> write) where T : class
    {
        try
        {
            if (File.Exists(file)) return read(File.ReadAllText(file)) ?? throw new ProblemException(EvidenceTexts.KeyUnreadable(file));
            var made = make();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(file + ".new", options))
            using (var text = new StreamWriter(stream))
            {
                text.Write(write(made));
                text.Flush();
                stream.Flush(flushToDisk: true);
            }
            File.Move(file + ".new", file);
            Durable.SyncFolder(Path.GetDirectoryName(file)!);
            return made;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(EvidenceTexts.KeyUnreadable($"{file} ({failure.Message})"), failure);
        }
    }
}
