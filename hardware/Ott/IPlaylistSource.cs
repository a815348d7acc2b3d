using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Ott;

/// <summary>Gives the playlists of one streaming channel, poll by poll: a server or the simulated city.</summary>
public interface IPlaylistSource
{
    /// <summary>Polls once. What fails is in the answer; it does not throw but for cancellation.</summary>
    /// <param name="variant">Address of a variant, relative to the channel's own playlist; null for that one.</param>
    /// <param name="cancel">Ends the poll.</param>
    Task<PlaylistFetch> FetchAsync(string? variant, CancellationToken cancel);
}

/// <summary>One poll of a channel: a playlist, or why there is none.</summary>
/// <param name="At">When the answer was complete.</param>
/// <param name="Playlist">The playlist's text; null where there is none.</param>
/// <param name="Failure">Why there is none; null where there is one.</param>
public sealed record PlaylistFetch(DateTimeOffset At, string? Playlist, Text? Failure);
