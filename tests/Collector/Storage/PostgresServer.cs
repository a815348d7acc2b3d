using System.Diagnostics;
using Npgsql;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>A PostgreSQL server of the tests' own, in a folder of its own, that syncs as a real one; a database for each test.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-postgres-").FullName;
    private readonly int port = RunningProgram.FreePort();
    private int databases;
    private bool running;

    /// <summary>The URL of a new, empty database.</summary>
    public string NewDatabase()
    {
        lock (folder) Start();
        var name = $"t{Interlocked.Increment(ref databases)}";
        Execute("postgres", $"CREATE DATABASE {name}");
        return $"postgres://tester:any@127.0.0.1:{port}/{name}";
    }

    /// <summary>A statement of somebody else's.</summary>
    public void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=tester;Database={database};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Goes down at once, as by a power cut, and comes up again.</summary>
    public void Restart()
    {
        Run($"{Postgres15.Programs}/pg_ctl stop -w -m immediate -D {folder}/data");
        Up();
    }

    public void Dispose()
    {
        if (running) Run($"{Postgres15.Programs}/pg_ctl stop -w -m immediate -D {folder}/data");
        Directory.Delete(folder, recursive: true);
    }

    private void Start()
    {
        if (running) return;
        if (Environment.UserName == "root") Shell("chown", "postgres", folder);
        Run($"{Postgres15.Programs}/initdb -D {folder}/data -U tester --auth=trust -E UTF8 --locale=C.UTF-8 -N");
        Up();
        running = true;
    }

    private void Up() => Run($"{Postgres15.Programs}/pg_ctl start -w -D {folder}/data -l {folder}/log -o \"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=on\"");

    /// <summary>The server refuses to run as root.</summary>
    private static void Run(string line)
    {
        // Its output goes nowhere: the server would inherit a pipe, and hold it open.
        if (Environment.UserName == "root") Shell("runuser", "-u", "postgres", "--", "sh", "-c", line + " >/dev/null 2>&1");
        else Shell("sh", "-c", line + " >/dev/null 2>&1");
    }

    private static void Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {process.ExitCode}");
    }
}
