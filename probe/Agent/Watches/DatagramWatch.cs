using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a transport stream in datagrams of an address, with the kernel's times: RTP is put in order, repaired by its error correction and merged with its second path where they are configured.</summary>
internal sealed class DatagramWatch(TransportStreamConfiguration configuration, StreamMaker maker, TimeProvider time) : IWatch
{
    // SMPTE ST 2022-1 7: columns two ports above the media, rows four.
    private const int ColumnPorts = 2, RowPorts = 4;

    private const int MostATurn = 256; // of one socket, before the others have their turn
    private const long MarginNs = 50_000_000; // silence is told a little late: a datagram may have come since the look, and time does not go back

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        using var sockets = Sockets.Open(configuration, time);
        var settings = new RtpSettings { ExpectsFec = configuration.Fec, ExpectsPair = configuration.Pair is not null };
        var watched = maker.Make(configuration, configuration.Origin, Input, () => sockets.Dropped, TsTexts.ClockArrival);
        using var stream = new DatagramStream(watched, settings, () => sockets.Dropped);
        working();
        try
        {
            while (true)
            {
                await sockets.Media.WaitAsync(cancel).ConfigureAwait(false);
                if (!Drain(sockets, stream)) stream.Tick((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 - MarginNs);
            }
        }
        finally
        {
            watched.Finish(time.GetUtcNow());
        }
    }

    private static bool Drain(Sockets sockets, DatagramStream stream)
    {
        var any = false;
        for (var more = true; more;)
        {
            more = false;
            for (var left = MostATurn; left > 0 && sockets.Media.TryTake(out var datagram); left--)
            {
                stream.Push(datagram.Payload, datagram.TimeNs);
                more = any = true;
            }
            for (var left = MostATurn; left > 0 && sockets.Pair is { } pair && pair.TryTake(out var datagram); left--)
            {
                stream.PushPair(datagram.Payload, datagram.TimeNs);
                more = any = true;
            }
            foreach (var fec in sockets.Fec)
                for (var left = MostATurn; left > 0 && fec.TryTake(out var datagram); left--) stream.PushFec(datagram.Payload, datagram.TimeNs);
        }
        return any;
    }

    /// <summary>The sockets of a stream.</summary>
    private sealed class Sockets : IDisposable
    {
        private readonly List<UdpReceiver> all = [];

        public required UdpReceiver Media { get; init; }

        public UdpReceiver? Pair { get; private set; }

        public IReadOnlyList<UdpReceiver> Fec { get; private set; } = [];

        /// <summary>What this machine dropped of all of them, as far as the system says.</summary>
        public long Dropped => all.Sum(r => r.Dropped ?? 0);

        public static Sockets Open(TransportStreamConfiguration configuration, TimeProvider time)
        {
            var address = configuration.Source.ToString();
            var media = UdpReceiver.Open(address, time);
            var sockets = new Sockets { Media = media };
            sockets.all.Add(media);
            try
            {
                if (configuration.Pair is { } pair) sockets.Pair = sockets.Add(pair, time);
                if (configuration.Fec) sockets.Fec = [sockets.Add(PortAbove(address, ColumnPorts), time), sockets.Add(PortAbove(address, RowPorts), time)];
                return sockets;
            }
            catch
            {
                sockets.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            foreach (var receiver in all) receiver.Dispose();
        }

        private UdpReceiver Add(string address, TimeProvider time)
        {
            var receiver = UdpReceiver.Open(address, time);
            all.Add(receiver);
            return receiver;
        }

        // The address was good for the media, so it has a port.
        private static string PortAbove(string address, int by)
        {
            var question = address.IndexOf('?', StringComparison.Ordinal);
            var (target, options) = question < 0 ? (address.TrimEnd('/'), "") : (address[..question].TrimEnd('/'), address[question..]);
            var colon = target.LastIndexOf(':');
            return string.Create(CultureInfo.InvariantCulture, $"{target[..colon]}:{int.Parse(target.AsSpan(colon + 1), CultureInfo.InvariantCulture) + by}{options}");
        }
    }
}
