using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a mirror port, or a capture file: what transport streams are on the link finds itself, and each is watched as if it were configured.</summary>
internal sealed class TapWatch(TapConfiguration configuration, Func<IPacketSource> open, StreamMaker maker, ObservationMint mint, TimeProvider time, Action<Observation> observe) : IWatch
{
    private const long MarginNs = 50_000_000; // frames wait up to 20 ms in the kernel's ring: silence is told a little late, as time does not go back

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    // A thread of its own: it waits in the kernel, not on a timer.
    public Task RunAsync(Action working, CancellationToken cancel) =>
        Task.Factory.StartNew(() => Run(working, cancel), cancel, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private void Run(Action working, CancellationToken cancel)
    {
        using var source = open();
        using var link = new TappedLink(configuration, source, maker, mint, observe);
        working();
        while (!cancel.IsCancellationRequested)
        {
            switch (source.Read(out var frame))
            {
                case CaptureStatus.Frame:
                    link.Push(frame);
                    break;
                case CaptureStatus.Idle:
                    link.Tick((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 - MarginNs);
                    break;
                default:
                    link.Finish();
                    return;
            }
        }
        cancel.ThrowIfCancellationRequested();
    }
}
