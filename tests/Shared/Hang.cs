namespace SignalWatch.Tests;

/// <summary>What a test waits for comes; only a fault makes it wait for ever. The limit says that it does, and is no figure: no other test and no busy machine may reach it.</summary>
internal static class Hang
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
