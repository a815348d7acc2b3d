using System.Globalization;
using System.Text.Json;

namespace SignalWatch.Tests;

/// <summary>What redsea 1.3.1 made of a recording (<c>*.redsea.json</c>): the second opinion.</summary>
internal static class Redsea
{
    /// <summary>One group: PI, and type where block B was received.</summary>
    public sealed record Group(ushort Pi, string? Type, string? Ps, string? RadioText);

    public static List<Group> Groups(string path) => [.. File.ReadLines(path).Where(line => line.Length > 0).Select(Parse)];

    private static Group Parse(string line)
    {
        var json = JsonDocument.Parse(line).RootElement;
        string? Get(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new Group(ushort.Parse(Get("pi")![2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture), Get("group"), Get("ps"), Get("radiotext"));
    }
}
