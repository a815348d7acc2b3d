using SignalWatch.Tests;

namespace SignalWatch.Reliability;

/// <summary>A RabbitMQ server of the tests' own (Debian: rabbitmq-server), in a folder and with ports of its own.</summary>
internal sealed class BrokerServer : IAsyncDisposable
{
    /// <summary>Where Debian puts it.</summary>
    public const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-broker-").FullName;
    private readonly int port = RunningProgram.FreePort(), distribution = RunningProgram.FreePort(), names = RunningProgram.FreePort();
    private RunningProgram? server;

    /// <summary>Where it listens once it is started.</summary>
    public string Url => $"amqp://guest:guest@127.0.0.1:{port}";

    /// <summary>Starts it, on what it kept before.</summary>
    public async Task Start()
    {
        server = RunningProgram.Start("env",
        [
            $"HOME={folder}", $"ERL_EPMD_PORT={names}", $"RABBITMQ_NODENAME=sw{port}@localhost", $"RABBITMQ_NODE_PORT={port}", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1", $"RABBITMQ_DIST_PORT={distribution}",
            $"RABBITMQ_MNESIA_BASE={folder}/data", $"RABBITMQ_LOG_BASE={folder}/log", $"RABBITMQ_PID_FILE={folder}/pid", $"RABBITMQ_ENABLED_PLUGINS_FILE={folder}/plugins",
            $"RABBITMQ_CONFIG_FILE={folder}/none", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +S 1", Program,
        ]);
        await server.LineAsync("completed with", Limit);
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        if (server is null) return;
        // The server is a child of the script that was started.
        var machine = int.Parse(await File.ReadAllTextAsync($"{folder}/pid"), System.Globalization.CultureInfo.InvariantCulture);
        using (var beam = System.Diagnostics.Process.GetProcessById(machine)) beam.Kill(entireProcessTree: true);
        await server.DisposeAsync();
        server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        var forget = RunningProgram.Start("env", [$"ERL_EPMD_PORT={names}", "epmd", "-kill"]);
        await forget.ExitCodeAsync(Limit);
        await forget.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A test that needs PostgreSQL 15 and RabbitMQ (Debian: postgresql-15, rabbitmq-server). Where they are absent it is reported as skipped with the reason; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodesFactAttribute : FactAttribute
{
    public NodesFactAttribute() => Skip = (File.Exists(BrokerServer.Program) && Postgres15.IsInstalled) || Environment.GetEnvironmentVariable("CI") == "true"
        ? null : "SKIPPED: PostgreSQL 15 or RabbitMQ is absent; install Debian's postgresql-15 and rabbitmq-server";
}
