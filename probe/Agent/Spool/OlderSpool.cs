using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>The layout of older programs: one spool, its files in the folder itself.</summary>
internal static class OlderSpool
{
    private const string Incoming = "taken-over"; // no number: nobody opens it before it is whole

    /// <summary>Moves an older spool to where alarms are kept. Only renames: an end at any moment is gone on with at the next start.</summary>
    /// <param name="folder">Where the older spool may be.</param>
    /// <param name="alarms">The folder of the alarms' spools.</param>
    /// <returns>True where there was one: it is the newest of <paramref name="alarms"/> then.</returns>
    /// <exception cref="ProblemException"><c>spool.unusable</c>.</exception>
    public static bool TakeOver(string folder, string alarms)
    {
        try
        {
            var incoming = Path.Combine(alarms, Incoming);
            string[] files = !Directory.Exists(folder) ? [] : [.. Directory.GetFiles(folder).Where(IsOfSpool).OrderByDescending(f => Path.GetFileName(f) == Cursor.Name)];
            if (files.Length == 0 && !Directory.Exists(incoming)) return false;
            Directory.CreateDirectory(incoming);
            // The cursor first: without it what was acknowledged is sent again, with segments but no cursor behind it would only be late.
            foreach (var file in files) File.Move(file, Path.Combine(incoming, Path.GetFileName(file)), overwrite: true);
            var numbers = ClassSpool.Numbers(alarms);
            Directory.Move(incoming, Path.Combine(alarms, ClassSpool.Name(numbers.Count > 0 ? numbers[^1] + 1 : 1)));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.SpoolUnusable(folder, failure.Message), failure);
        }
    }

    private static bool IsOfSpool(string file) => Path.GetFileName(file) == Cursor.Name || Path.GetExtension(file) is ".seg" or ".damaged";
}
