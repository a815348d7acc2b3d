using SignalWatch.Contracts;

namespace SignalWatch.Probe;

/// <summary>What the program says while it runs, a line at a time, in the operator's language.</summary>
internal sealed class ProbeLog(TextWriter to, Language language, TimeProvider time)
{
    private readonly Lock gate = new();

    public void Say(Text text)
    {
        lock (gate) to.WriteLine($"{time.GetLocalNow():HH:mm:ss} {text.In(language)}");
    }
}
