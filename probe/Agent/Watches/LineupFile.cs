using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>Remembers the line-up of one watch and source over restarts.</summary>
internal sealed class LineupFile(string file, string input)
{
    /// <summary>The line-up, or null where none is remembered, it can't be read, or it is of another source: then it is learnt anew.</summary>
    public Lineup? Read()
    {
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(file), WireJson.Options);
            return kept is { Lineup: { Services: not null } lineup } && kept.Input == input ? lineup : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(Lineup? lineup)
    {
        if (lineup is null) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(new Kept(input, lineup), WireJson.Options));
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk must not stop the watch; the next start learns anew, as the first one did.
        }
    }

    private sealed record Kept(string Input, Lineup Lineup);
}
