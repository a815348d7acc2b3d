using SignalWatch.Hardware.Ott;

namespace SignalWatch.Simulation.Ott;

/// <summary>The server of a simulated channel. It has one rendition, so a variant is the same playlist.</summary>
internal sealed class ChannelSource(City city, DateTimeOffset origin, ChannelScene channel, TimeProvider time) : IPlaylistSource
{
    public Task<PlaylistFetch> FetchAsync(string? variant, CancellationToken cancel) =>
        Task.FromResult(new PlaylistFetch(time.GetUtcNow(), MediaPlaylist.At(city.VirtualNow, origin, channel), null));
}
