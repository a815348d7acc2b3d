using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>What a service was like in a second, as facts.</summary>
internal static class ServiceFacts
{
    /// <param name="service">The service.</param>
    /// <param name="multiplex">In which multiplex.</param>
    /// <param name="explained">Continuity errors of it that are none of the broadcaster's.</param>
    /// <param name="whole">No packet is missing that he may have sent.</param>
    /// <param name="isSound">What the checks found can be held against him.</param>
    public static (string, Fact?)[] Of(ServiceReport service, Subject multiplex, int explained, bool whole, bool isSound)
    {
        var picture = service.Components.FirstOrDefault(c => c.Format.Kind == ComponentKind.Video)?.Format;
        var sounds = service.Components.Where(c => c.Format.Kind == ComponentKind.Audio).ToList();
        return
        [
            ("service_id", Fact.Of(service.ServiceId)),
            ("name", Known.Words(service.Name)),
            ("provider", Known.Words(service.Provider)),
            ("service_type", Known.Number(service.ServiceType)),
            ("present", Fact.Of(service.Present)),
            ("in_lineup", Fact.Of(service.InLineup)),
            ("cc_errors", whole ? Fact.Of(Math.Max(0, service.CcErrors - explained)) : null),
            ("cc_errors_network", Fact.Of(explained)),
            ("error_seconds", isSound && explained == 0 ? Fact.Of(service.ErrorSeconds) : null),
            ("bitrate_bps", Known.Number(service.BitrateBps)),
            ("scrambled", Fact.Of(service.Scrambled)),
            ("free_ca_mode", Known.Flag(service.FreeCaMode)),
            ("looks_scrambled", LooksScrambled(service)),
            ("components", Fact.Of(service.Components.Count)),
            ("video_codec", Known.Words(picture?.Codec)),
            ("width", Known.Number(picture?.Video?.Width)),
            ("height", Known.Number(picture?.Video?.Height)),
            ("frame_rate", Known.Number(picture?.Video?.FrameRate)),
            ("interlaced", Known.Flag(picture?.Video?.Interlaced)),
            ("bit_depth", Known.Number(picture?.Video?.BitDepth)),
            ("dynamic_range", Known.Words(picture?.Video?.DynamicRange)),
            ("audio", Known.Words(sounds.Count > 0 ? Sound(sounds[0].Format) : null)),
            ("languages", Known.Words(string.Join(' ', sounds.Select(s => s.Language).OfType<string>().Distinct()))),
            ("audio_lead_ms", Known.Number(service.AudioLeadMs)),
            ("multiplex", Known.Words(multiplex.Key)),
        ];
    }

    // MPEG-1 Layer II 2.0 48 kHz
    private static string Sound(ComponentFormat format)
    {
        List<string?> words = [format.Codec, format.Audio?.Layout];
        if (format.Audio is { SampleRate: > 0 } audio) words.Add(string.Create(CultureInfo.InvariantCulture, $"{audio.SampleRate / 1000.0:0.###} kHz"));
        return string.Join(' ', words.OfType<string>());
    }

    // One component that does is enough; that none does can be said only where each can be told.
    private static Fact? LooksScrambled(ServiceReport service)
    {
        if (service.Components.Any(c => c.Scrambling.Payload == true)) return Fact.Of(true);
        return service.Components.Any(c => c.Scrambling.Payload == false) ? Fact.Of(false) : null;
    }
}
