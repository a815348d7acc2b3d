using System.Globalization;
using System.Text;

namespace SignalWatch.Simulation.Ott;

/// <summary>A live HLS media playlist (RFC 8216) as a function of time.</summary>
internal static class MediaPlaylist
{
    /// <param name="now">Virtual time.</param>
    /// <param name="origin">Virtual time of segment 0.</param>
    /// <param name="channel">The channel.</param>
    public static string At(DateTimeOffset now, DateTimeOffset origin, ChannelScene channel)
    {
        // While it is stale the packager stands still where it was; afterwards it goes on with the present, as a restarted one does.
        var at = now;
        foreach (var window in channel.Stale)
            if (window.StartAround(now) is { } since && since < at) at = since;
        var newest = (long)Math.Floor((at - origin).TotalSeconds / channel.SegmentS) + channel.Window;
        var first = Math.Max(0, newest - channel.Window);
        var text = new StringBuilder();
        text.Append("#EXTM3U\n#EXT-X-VERSION:3\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Ceiling(channel.SegmentS)}\n#EXT-X-MEDIA-SEQUENCE:{first}\n");
        for (var segment = first; segment < newest; segment++)
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{channel.SegmentS:F3},\n{channel.Id}_{segment}.ts\n");
        return text.ToString();
    }
}
