using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Probes;
using SignalWatch.Collector.Registers;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Wall;

/// <summary>The rule pack in force.</summary>
internal sealed record PackInForce(string Id, string Version, string Digest, Text Title);

/// <summary>What runs here.</summary>
internal sealed record AboutCollector(string Product, string Version, string? Commit, Guid Instance, DateTimeOffset StartedAt, DateTimeOffset ServerTime, PackInForce Pack, string RegisterDigest, int RegisterEntries);

/// <summary>The wall's hub, its spectrum socket, and the same state over plain HTTP.</summary>
internal static class WallEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // A viewer whose network stuttered goes on with the messages that it missed, where it asked for that.
        routes.MapHub<WallHub>("/hubs/wall", hub => hub.AllowStatefulReconnects = true);
        routes.Map("/live/spectrum", Spectrum).ExcludeFromDescription();
        routes.MapGet("/api/v1/wall", ([FromServices] WallState wall, [FromServices] TimeProvider time) => TypedResults.Ok(wall.Snapshot(time.GetUtcNow())))
            .WithName("getWall").WithTags("wall").WithSummary("The whole wall at its newest revision.");
        routes.MapGet("/api/v1/presence", ([FromServices] Presence presence) => TypedResults.Ok(presence.Everybody))
            .WithName("getPresence").WithTags("wall").WithSummary("Who has a wall open at this node and said so, and what they look at; of several nodes each knows its own viewers.");
        routes.MapGet("/api/v1/probes", ([FromServices] ProbeTable probes) => TypedResults.Ok(probes.Rows))
            .WithName("listProbes").WithTags("wall").WithSummary("Every probe that has ever reported.");
        routes.MapGet("/api/v1/about", About).WithName("getAbout").WithTags("wall").WithSummary("Version and commit, rule pack and register in force, by digest.");
    }

    private static Ok<AboutCollector> About([FromServices] CollectorIdentity identity, [FromServices] RulePack pack, [FromServices] RegisterBook registers, [FromServices] TimeProvider time) =>
        TypedResults.Ok(new AboutCollector("SignalWatch", identity.Version, identity.Commit, identity.Instance, identity.StartedAt, time.GetUtcNow(), 
            new(pack.Id, pack.Version, pack.Digest, pack.Title), registers.Fm.Digest, registers.Fm.Licences.Count));

    private static async Task Spectrum(HttpContext http, [FromServices] SpectrumFeed feed, [FromServices] IHostApplicationLifetime lifetime)
    {
        if (!http.WebSockets.IsWebSocketRequest) throw new ProblemException(Texts.BadRequest("/live/spectrum: WebSocket", 426));
        using var socket = await http.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        await feed.Serve(socket, lifetime.ApplicationStopping).ConfigureAwait(false);
    }
}
