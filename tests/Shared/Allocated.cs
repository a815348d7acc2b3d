namespace SignalWatch.Tests;

/// <summary>What code allocates. The runtime itself allocates now and then on any thread (a method compiled anew, a type that is loaded),
/// so the least of several runs counts: what is allocated for each packet or sample is in every one of them.</summary>
internal static class Allocated
{
    public static long Bytes(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
