using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Bench;

/// <summary>How fast evidence is hashed: each digest alone, and both over files in the page cache as uploads, packages and verifications do it.
/// One file goes no faster than SM3, of which each round waits for the one before; two at once use both cores.</summary>
internal static partial class EvidenceBench
{
    private const int FileBytes = 256 << 20;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    internal static IEnumerable<BenchLine> Run()
    {
        var data = new byte[64 << 20];
        new Random(1).NextBytes(data);
        Sm3.Hash(data);
        yield return new("evidence hashing, SHA-256 alone", Rate(data, () => SHA256.HashData(data)), "MB/s on one core", Openssl("sha256"));
        yield return new("evidence hashing, SM3 alone", Rate(data, () => Sm3.Hash(data)), "MB/s on one core", Openssl("sm3"));
        var folder = Directory.CreateTempSubdirectory("signalwatch-bench-").FullName;
        try
        {
            var files = Enumerable.Range(0, 2).Select(i => Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture))).ToArray();
            foreach (var file in files) Fill(file, data);
            Both(files); // compiled, and in the cache
            yield return new("evidence hashing, both digests, one file", Both(files[..1]), "MB/s");
            yield return new("evidence hashing, both digests, two files at once", Both(files), "MB/s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Rate(byte[] data, Action hash)
    {
        var (times, watch) = (0, Stopwatch.StartNew());
        for (; watch.Elapsed < Long; times++) hash();
        return Math.Round((double)times * data.Length / watch.Elapsed.TotalSeconds / 1e6);
    }

    private static void Fill(string file, byte[] data)
    {
        using var stream = File.Create(file);
        while (stream.Length < FileBytes) stream.Write(data);
    }

    private static double Both(string[] files)
    {
        var watch = Stopwatch.StartNew();
        var bytes = Task.WhenAll(files.Select(file => Task.Run(async () =>
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            return (await TwoDigests.Of(stream)).Bytes;
        }))).GetAwaiter().GetResult().Sum();
        return Math.Round(bytes / watch.Elapsed.TotalSeconds / 1e6);
    }

    /// <summary>OpenSSL's own figure, by its processor time; null where the program is not installed.</summary>
    private static string? Openssl(string digest)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", ["speed", "-evp", digest, "-bytes", "65536", "-seconds", "2"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return Thousands().Match(said) is { Success: true } found ? string.Create(CultureInfo.InvariantCulture, $"openssl: {double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) / 1e3:0} MB/s") : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"([\d.]+)k\s*$")]
    private static partial Regex Thousands();
}
