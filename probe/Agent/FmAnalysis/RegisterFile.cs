using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;
using SignalWatch.Rules;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>The register that carriers are compared with, and for which place and day.</summary>
internal sealed class RegisterFile
{
    private const int MostRowsTold = 20;

    private readonly FmRegister register;
    private readonly string? area;

    private RegisterFile(string path, FmRegister register, string? area, IReadOnlyList<Problem> warnings) => (Path, this.register, this.area, Warnings) = (path, register, area, warnings);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 over the entries.</summary>
    public string Digest => register.Digest;

    /// <summary>Number of entries.</summary>
    public int Entries => register.Licences.Count;

    /// <summary>Rows that are not in it, and which entries count.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <summary>Reads a file. Rows with an error are told and left out; a file that can't be read as a register is a problem, and nothing is judged.</summary>
    /// <param name="path">CSV, UTF-8 or GB18030.</param>
    /// <param name="area">Area code of GB/T 2260 of the place of reception; null lets the entries of every area count.</param>
    /// <exception cref="ProblemException"><c>register.missing</c>, <c>register.unreadable</c>, <c>register.invalid</c>.</exception>
    public static RegisterFile Read(string path, string? area)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception failed) when (failed is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(FmTexts.RegisterMissing(path), failed);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(FmTexts.RegisterUnreadable(path, failed.Message), failed);
        }
        var import = FmRegister.Import(bytes, ImportMode.KeepGood);
        if (import.Register is not { Licences.Count: > 0 } register) throw new ProblemException(FmTexts.RegisterInvalid(path, import.Problems));
        var warnings = new List<Problem>();
        if (import.Rows > import.Kept) warnings.Add(FmTexts.RowsLeftOut(path, import.Rows - import.Kept, import.Kept));
        warnings.AddRange(import.Problems.Take(MostRowsTold).Select(FmTexts.BadRow));
        if (import.Problems.Count > MostRowsTold) warnings.Add(FmTexts.MoreBadRows(import.Problems.Count - MostRowsTold));
        if (area is null && register.Licences.Any(l => l.Area.Length > 0)) warnings.Add(FmTexts.EveryArea);
        return new RegisterFile(path, register, area, warnings);
    }

    /// <summary>What the register says of a frequency on a day. Without an area an entry of any counts: better a stranger overlooked than somebody licensed next door accused.</summary>
    public RegisterAnswer Look(long frequencyHz, ushort? pi, DateTimeOffset at)
    {
        if (area is not null)
        {
            var entry = register.Look(area, frequencyHz, at, pi?.ToString("X4", CultureInfo.InvariantCulture));
            return new RegisterAnswer(entry.Known, entry.Licence);
        }
        FmLicence? best = null;
        foreach (var entry in register.Licences)
        {
            var distance = Math.Abs(entry.FrequencyHz - frequencyHz);
            // A licence within the tolerance, on its days; of several the nearest, and of equally near ones what is licensed here before what spills over.
            if (distance > FmRegister.ToleranceHz || register.Look(entry.Area, frequencyHz, at).Licence != entry) continue;
            if (best is null || distance < Math.Abs(best.FrequencyHz - frequencyHz) || (distance == Math.Abs(best.FrequencyHz - frequencyHz) && entry.Class < best.Class && best.Class == LicenceClass.Overspill)) best = entry;
        }
        return new RegisterAnswer(true, best);
    }
}
