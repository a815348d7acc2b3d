using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>A file that is there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes a text.</summary>
    /// <exception cref="ProblemException">It is there already and may not be overwritten, or it can't be written.</exception>
    public static void Write(string path, bool overwrite, string text) => Write(path, overwrite, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.WriteLine(text);
    });

    /// <summary>Writes what <paramref name="write"/> gives.</summary>
    /// <exception cref="ProblemException">It is there already and may not be overwritten, or it can't be written.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        if (!overwrite && File.Exists(path)) throw new ProblemException(TsTexts.FileIsThere(path));
        var unfinished = path + ".part";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Remove(unfinished);
            throw new ProblemException(!overwrite && File.Exists(path) ? TsTexts.FileIsThere(path) : TsTexts.CantWrite(path, failed.Message), failed);
        }
        catch
        {
            Remove(unfinished);
            throw;
        }
    }

    private static void Remove(string unfinished)
    {
        try
        {
            File.Delete(unfinished);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to be told.
        }
    }
}
