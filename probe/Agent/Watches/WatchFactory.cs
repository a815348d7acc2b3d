using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;
using SignalWatch.Hardware.Ott;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.FmAnalysis;
using SignalWatch.Simulation;

namespace SignalWatch.Probe.Watches;

/// <summary>Makes watches from their configuration. A source is opened when its watch runs, so that a missing one is that watch's fault alone.</summary>
internal sealed class WatchFactory(string data, ObservationMint mint, Action<Observation> observe, Action<SpectrumFrame> show, HttpClient http, TimeProvider time, Action<Text> say, string scenario, FmSite site)
{
    private readonly Lazy<City> city = new(() => City.BuiltIn(time, scenario)); // one city for all watches: one clock

    private StreamMaker Maker => new(data, mint, observe, time.LocalTimeZone);

    public IWatch Create(WatchConfiguration watch) => watch switch
    {
        FmBandConfiguration { Sweep: not null } band => new FmSweepWatch(band, cancel => OpenIqAsync(band, cancel), site, mint, observe, show),
        FmBandConfiguration band => new FmBandWatch(band, cancel => OpenIqAsync(band, cancel), site, mint, observe, show),
        TransportStreamConfiguration { Source.Scheme: "udp" or "rtp" } stream => new DatagramWatch(stream, Maker, time),
        TransportStreamConfiguration stream => new TransportStreamWatch(stream, cancel => OpenTransportStreamAsync(stream.Source, cancel), Maker),
        TapConfiguration tap => new TapWatch(tap, () => OpenLink(tap), Maker, mint, time, observe),
        OttConfiguration channel => new OttWatch(channel, OpenPlaylist(channel.Source), mint, channel.Source.Scheme == "city" ? Origin.Simulated : Origin.Live, time, observe),
        _ => throw new ArgumentOutOfRangeException(nameof(watch), watch, "no such watch"),
    };

    private async ValueTask<IIqSource> OpenIqAsync(FmBandConfiguration band, CancellationToken cancel)
    {
        IIqSource source = band.Source.Scheme switch
        {
            "sigmf" => OpenRecording(band),
            "wav" => OpenWav(band),
            "rtl_tcp" => await ConnectAsync(band, cancel).ConfigureAwait(false),
            "rtlsdr" => RtlSdrSource.Open(ReceiverAddress.RtlSdr(band.Source.Target, Settings(band)), time),
            "soapy" => SoapySource.Open(ReceiverAddress.Soapy(band.Source.Target, Settings(band)), time),
            _ => city.Value.OpenFmBand(),
        };
        if (band.CenterHz is { } hz && source is ITunableIqSource tunable) await tunable.TuneAsync(hz, cancel).ConfigureAwait(false);
        return source;
    }

    private SigMfSource OpenRecording(FmBandConfiguration band)
    {
        var recording = SigMfSource.Open(band.Source.Target, new SigMfOptions { Loop = true, ExpectedSampleRateHz = band.SampleRateHz, Time = time });
        foreach (var warning in recording.Warnings) say(warning.OneLine());
        return recording;
    }

    private WavIqSource OpenWav(FmBandConfiguration band)
    {
        var recording = WavIqSource.Open(band.Source.Target, new WavIqOptions { Loop = true, CenterFrequencyHz = band.CenterHz, ExpectedSampleRateHz = band.SampleRateHz, Time = time });
        foreach (var warning in recording.Warnings) say(warning.OneLine());
        return recording;
    }

    private async Task<RtlTcpSource> ConnectAsync(FmBandConfiguration band, CancellationToken cancel)
    {
        var (host, port, options) = ReceiverAddress.RtlTcp(band.Source.ToString(), Settings(band));
        return await RtlTcpSource.ConnectAsync(host, port, options, time, cancel).ConfigureAwait(false);
    }

    // A sweep tunes at once; until then it stands at its lowest frequency.
    private static IqOptions Settings(FmBandConfiguration band) => new()
    {
        RateHz = band.SampleRateHz, CenterHz = band.CenterHz ?? band.Sweep?.FromHz, GainDb = band.GainDb, Ppm = band.Ppm, BiasTee = band.BiasTee,
    };

    private async ValueTask<ITransportStreamSource> OpenTransportStreamAsync(WatchSource source, CancellationToken cancel) => source.Scheme switch
    {
        "http" or "https" => await HttpTransportStreamSource.OpenAsync(source.ToString(), new HttpTransportStreamOptions(), time, cancel).ConfigureAwait(false),
        "file" => FileTransportStreamSource.Open(source.Target, new Hardware.ReplayOptions(), paced: true, time),
        _ => city.Value.OpenMultiplex(source.Target),
    };

    private static IPacketSource OpenLink(TapConfiguration tap) => tap.Source.Scheme == "live"
        ? LibpcapSource.Open(tap.Source.Target, new LibpcapOptions { Filter = tap.Filter })
        : CaptureFileSource.Open(tap.Source.Target, new CaptureFileOptions { Filter = tap.Filter });

    private IPlaylistSource OpenPlaylist(WatchSource source) =>
        source.Scheme == "city" ? city.Value.OpenChannel(source.Target) : new HttpPlaylistSource(http, new Uri(source.ToString()), time);
}
