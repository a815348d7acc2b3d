namespace SignalWatch.Fm.Rds;

/// <summary>Alternative frequencies: codes that arrive two by two in groups 0A (EN 50067 §3.2.1.6). A list begins with a count; by method B it belongs to the transmitter
/// whose own frequency is the first, and repeats it in every pair.</summary>
internal sealed class AlternativeFrequencies
{
    private const int CountFirst = 224; // "no AF follows"; up to 249 for 25
    private const int CountLast = 249;
    private const int Filler = 205;
    private const int LowFrequencyFollows = 250;

    private readonly List<long> list = new(CountLast - CountFirst);
    private readonly SortedDictionary<long, int> heard = [];
    private int due;
    private bool lowFollows;

    /// <summary>Frequencies that were heard twice, rising, Hz.</summary>
    public IReadOnlyList<long> Confirmed => [.. heard.Where(f => f.Value >= 2).Select(f => f.Key)];

    /// <summary>Takes a pair of codes.</summary>
    /// <returns>The list that it completed, in the order sent; null where it completed none.</returns>
    public IReadOnlyList<long>? Accept(ushort pair)
    {
        var first = pair >> 8;
        if (first is >= CountFirst and <= CountLast)
        {
            list.Clear();
            (due, lowFollows) = (first - CountFirst, false);
        }
        else Take(first);
        Take(pair & 0xFF);
        if (due == 0 || list.Count < due) return null;
        long[] whole = [.. list];
        list.Clear();
        due = 0;
        return whole;
    }

    /// <summary>A pair of the list was lost: what follows would be counted wrongly.</summary>
    public void Miss()
    {
        list.Clear();
        due = 0;
    }

    public void Clear()
    {
        Miss();
        heard.Clear();
    }

    /// <summary>The list by method B; null where it is one by method A.</summary>
    /// <param name="list">Frequencies in the order sent, Hz.</param>
    public static RdsAlternatives? MethodB(IReadOnlyList<long> list)
    {
        // The transmitter's own frequency, then pairs that have it in either place: odd in number.
        if (list.Count < 3 || list.Count % 2 == 0) return null;
        var tuned = list[0];
        var (same, regional) = (new List<long>(), new List<long>());
        for (var n = 1; n < list.Count; n += 2)
        {
            if (list[n] != tuned && list[n + 1] != tuned) return null;
            var other = list[n] == tuned ? list[n + 1] : list[n];
            // Rising: the same programme; falling: a regional one.
            (list[n] < list[n + 1] ? same : regional).Add(other);
        }
        return new RdsAlternatives(tuned, same, regional);
    }

    /// <summary>The frequency of a VHF code, Hz; null where it is none (table 10).</summary>
    public static long? Vhf(int code) => code is >= 1 and <= 204 ? 87_500_000 + code * 100_000L : null;

    private void Take(int code)
    {
        if (code == LowFrequencyFollows)
        {
            lowFollows = true;
            return;
        }
        if (code is 0 or Filler) return;
        var hz = lowFollows ? Low(code) : Vhf(code);
        lowFollows = false;
        if (hz is not { } frequency) return;
        heard[frequency] = Math.Min(heard.GetValueOrDefault(frequency) + 1, 2);
        if (due > list.Count) list.Add(frequency);
    }

    // Long and medium wave, raster of 9 kHz (tables 12 and 13).
    private static long? Low(int code) => code switch
    {
        >= 1 and <= 15 => 153_000 + (code - 1) * 9000L,
        >= 16 and <= 135 => 531_000 + (code - 16) * 9000L,
        _ => null,
    };
}
