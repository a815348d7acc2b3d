using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Tests;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Storage.Backup;

public sealed class DataFolderTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task Two_collectors_on_one_data_folder_are_refused_whatever_keeps_their_journals()
    {
        var (first, second) = (server.NewDatabase(), server.NewDatabase());
        await using var collector = await Start(adjust: options => options with { Store = first });
        foreach (var store in (string?[])[second, null])
        {
            var other = () => Start(folder: collector.Folder, adjust: options => options with { Store = store });
            (await other.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("data.locked");
        }
        await collector.Restart(); // the refused ones took nothing away, and a clean stop leaves no lock
    }

    [Fact]
    public void The_lock_of_a_process_that_is_gone_blocks_nobody()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-lock-").FullName;
        File.WriteAllText(Path.Combine(folder, DataFolder.LockName), "left behind");
        using (DataFolder.Take(folder))
        {
            var again = () => DataFolder.Take(folder);
            again.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("data.locked");
        }
        DataFolder.Take(folder).Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_into_which_a_restore_did_not_end_is_not_taken()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-lock-").FullName;
        File.WriteAllText(Path.Combine(folder, DataFolder.UnfinishedName), "");
        var take = () => DataFolder.Take(folder);
        take.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("data.restore-unfinished");
        File.Delete(Path.Combine(folder, DataFolder.UnfinishedName));
        DataFolder.Take(folder).Dispose(); // the refusal let go of the lock
        Directory.Delete(folder, recursive: true);
    }
}
