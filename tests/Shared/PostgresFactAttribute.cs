namespace SignalWatch.Tests;

/// <summary>A test that needs the programs of PostgreSQL 15 (Debian: postgresql-15). Where they are absent it is reported as skipped with the reason; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = Postgres15.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true"
        ? null : $"SKIPPED: no PostgreSQL in {Postgres15.Programs}; install Debian's postgresql-15";
}
