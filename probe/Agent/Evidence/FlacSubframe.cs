namespace SignalWatch.Probe.Evidence;

/// <summary>One channel of one FLAC frame (RFC 9639 §9.2): the prediction that leaves the least, and its residual.</summary>
internal sealed class FlacSubframe(int mostSamples)
{
    private const int HeaderBits = 8, MostFixedOrder = 4;

    private readonly LinearPrediction prediction = new(mostSamples);
    private readonly int[] samples = new int[mostSamples];
    private int[] residual = new int[mostSamples];
    private int[] trial = new int[mostSamples];
    private Rice rice = new(), trialRice = new();
    private Form form;
    private int count, width, order;
    private long bits;

    private enum Form
    {
        Constant,
        Verbatim,
        Fixed,
        Linear,
    }

    /// <summary>About how many bits it will take: enough to choose between pairs of channels.</summary>
    public long Estimate { get; private set; }

    /// <summary>Takes the samples and looks at what the fixed predictors leave of them.</summary>
    /// <param name="block">The samples.</param>
    /// <param name="bitsPerSample">Their width: a side channel has one bit more than the others.</param>
    public void Take(ReadOnlySpan<int> block, int bitsPerSample)
    {
        block.CopyTo(samples);
        (count, width) = (block.Length, bitsPerSample);
        form = block.ContainsAnyExcept(block[0]) ? Form.Verbatim : Form.Constant;
        bits = HeaderBits + (form == Form.Constant ? width : (long)width * count);
        (order, var magnitudes) = BestFixedOrder(block);
        Estimate = Math.Min(bits, Rice.Estimate(2 * magnitudes, count));
    }

    /// <summary>Chooses the form: the best fixed predictor, a linear one, or where neither is worth it the samples as they are.</summary>
    public void Settle()
    {
        if (form == Form.Constant || count <= MostFixedOrder) return;
        FixedResidual(samples.AsSpan(0, count), order, trial);
        Consider(Form.Fixed, order, HeaderBits + (long)width * order);
        if (!prediction.Fit(samples.AsSpan(0, count))) return;
        prediction.Residual(samples.AsSpan(0, count), trial);
        Consider(Form.Linear, LinearPrediction.Order, HeaderBits + (long)width * LinearPrediction.Order + prediction.DescriptionBits);
    }

    public void Write(FlacBits to)
    {
        // §9.2.1: a zero, six bits of type, and a zero for "no wasted bits".
        to.Write(form switch { Form.Constant => 0u, Form.Verbatim => 1u << 1, Form.Fixed => (8u + (uint)order) << 1, _ => (32u + (uint)order - 1) << 1 }, 8);
        var asTheyAre = form switch { Form.Constant => 1, Form.Verbatim => count, _ => order };
        foreach (var sample in samples.AsSpan(0, asTheyAre)) to.WriteSigned(sample, width);
        if (form is Form.Constant or Form.Verbatim) return;
        if (form == Form.Linear) prediction.Write(to);
        rice.Write(to, residual.AsSpan(0, count), order);
    }

    private void Consider(Form candidate, int warmUp, long before)
    {
        trialRice.Fit(trial.AsSpan(0, count), warmUp);
        if (before + trialRice.Bits >= bits) return;
        (form, order, bits) = (candidate, warmUp, before + trialRice.Bits);
        (rice, trialRice, residual, trial) = (trialRice, rice, trial, residual);
    }

    // The order whose residual has the least sum of magnitudes; all five in one pass.
    private static (int Order, long Magnitudes) BestFixedOrder(ReadOnlySpan<int> block)
    {
        long sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0, sum4 = 0;
        int last0 = 0, last1 = 0, last2 = 0, last3 = 0;
        for (var n = 0; n < block.Length; n++)
        {
            var d0 = block[n];
            int d1 = d0 - last0, d2 = d1 - last1, d3 = d2 - last2, d4 = d3 - last3;
            (last0, last1, last2, last3) = (d0, d1, d2, d3);
            if (n < MostFixedOrder) continue; // warm-up: they would count a jump from zero
            sum0 += Math.Abs(d0);
            sum1 += Math.Abs(d1);
            sum2 += Math.Abs(d2);
            sum3 += Math.Abs(d3);
            sum4 += Math.Abs(d4);
        }
        ReadOnlySpan<long> sums = [sum0, sum1, sum2, sum3, sum4];
        var best = 0;
        for (var n = 1; n < sums.Length; n++)
            if (sums[n] < sums[best]) best = n;
        return (best, sums[best]);
    }

    // §9.2.5, table 20.
    private static void FixedResidual(ReadOnlySpan<int> s, int order, int[] to)
    {
        switch (order)
        {
            case 0:
                s.CopyTo(to);
                break;
            case 1:
                for (var n = 1; n < s.Length; n++) to[n] = s[n] - s[n - 1];
                break;
            case 2:
                for (var n = 2; n < s.Length; n++) to[n] = s[n] - 2 * s[n - 1] + s[n - 2];
                break;
            case 3:
                for (var n = 3; n < s.Length; n++) to[n] = s[n] - 3 * s[n - 1] + 3 * s[n - 2] - s[n - 3];
                break;
            default:
                for (var n = 4; n < s.Length; n++) to[n] = s[n] - 4 * s[n - 1] + 6 * s[n - 2] - 4 * s[n - 3] + s[n - 4];
                break;
        }
    }
}
