namespace SignalWatch.Simulation.Fm;

/// <summary>White Gaussian noise from a long table, entered at a random place for each block: a normal deviate for each sample would cost more than all stations.</summary>
internal sealed class ReceiverNoise
{
    // Half a million complex samples: with 4096 bins the table's own unevenness is 0.4 dB, below that of a one-second average.
    private const int TableLength = 1 << 20;
    private readonly float[] table = new float[TableLength];
    private readonly Random random = new(20260314);

    /// <param name="dbfs">Power in the whole band.</param>
    public ReceiverNoise(double dbfs)
    {
        var sigma = Math.Sqrt(Math.Pow(10, dbfs / 10) / 2); // half of the power in each of I and Q
        for (var i = 0; i < TableLength; i += 2)
        {
            var radius = sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (table[i], table[i + 1]) = ((float)(radius * cosine), (float)(radius * sine));
        }
    }

    public void AddTo(Span<float> block)
    {
        var noise = table.AsSpan(random.Next(TableLength - block.Length), block.Length);
        for (var i = 0; i < block.Length; i++) block[i] += noise[i];
    }
}
