namespace SignalWatch.Simulation.Fm;

/// <summary>What a receiver adds by itself, so that a drill has what must not become an alarm: the line of its oscillator, mirror images and third-order products.</summary>
internal sealed class ReceiverFaults(FmScene scene)
{
    private readonly float dc = (float)Math.Pow(10, scene.DcDbfs / 20);
    private readonly float image = scene.ImageDb is { } db ? (float)Math.Pow(10, -db / 20) : 0;

    // Two carriers of amplitude A give, through x + a·x·|x|², products of the amplitude a·A³ at 2f1 − f2 and 2f2 − f1: as strong as the carriers where a·A² = 1.
    private readonly float cubic = scene.ThirdOrderInterceptDbfs is { } intercept ? (float)Math.Pow(10, -intercept / 10) : 0;

    public void AddTo(Span<float> interleaved)
    {
        if (cubic > 0) Bend(interleaved);
        if (image > 0) Mirror(interleaved);
        for (var i = 0; i < interleaved.Length; i += 2) interleaved[i] += dc;
    }

    private void Bend(Span<float> interleaved)
    {
        for (var i = 0; i < interleaved.Length; i += 2)
        {
            var (re, im) = (interleaved[i], interleaved[i + 1]);
            var gain = 1 + cubic * (re * re + im * im);
            (interleaved[i], interleaved[i + 1]) = (gain * re, gain * im);
        }
    }

    // x + g·conj(x): the two branches differ in gain.
    private void Mirror(Span<float> interleaved)
    {
        for (var i = 0; i < interleaved.Length; i += 2)
        {
            interleaved[i] *= 1 + image;
            interleaved[i + 1] *= 1 - image;
        }
    }
}
