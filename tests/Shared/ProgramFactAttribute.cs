namespace SignalWatch.Tests;

/// <summary>A test against a program that others wrote. Where it is not installed the test is reported as skipped with the package that it needs; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (Environment.GetEnvironmentVariable("CI") == "true" || folders.Any(folder => File.Exists(Path.Combine(folder, program)))) return;
        Skip = $"SKIPPED: {program} is not installed; apt-get install {package}";
    }
}
