namespace SignalWatch.Tests;

/// <summary>A test that needs recordings. Where they are absent it is reported as skipped with the reason; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RecordingFactAttribute : FactAttribute
{
    public RecordingFactAttribute() => Skip = Recordings.WhySkip;
}

/// <summary>As <see cref="RecordingFactAttribute"/>, with data rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RecordingTheoryAttribute : TheoryAttribute
{
    public RecordingTheoryAttribute() => Skip = Recordings.WhySkip;
}
