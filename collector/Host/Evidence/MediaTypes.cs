namespace SignalWatch.Collector.Evidence;

/// <summary>What evidence is served as: by the end of its name, only of kinds that no browser runs, and never by looking into it.</summary>
internal static class MediaTypes
{
    private const string Bytes = "application/octet-stream";

    public static string Of(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".flac" => "audio/flac",
        ".wav" => "audio/wav",
        ".mp3" => "audio/mpeg",
        ".ogg" or ".opus" => "audio/ogg",
        ".m4a" or ".aac" => "audio/mp4",
        ".mp4" => "video/mp4",
        ".webm" => "video/webm",
        ".ts" => "video/mp2t",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        ".webp" => "image/webp",
        _ => Bytes,
    };
}
