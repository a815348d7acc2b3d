using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Storage;

namespace SignalWatch.Collector.Tests.Evidence;

/// <summary>The files of evidence and the journal, compared.</summary>
public sealed class ObjectCheckTests
{
    [Fact]
    public async Task Each_item_has_its_file_and_a_file_of_which_the_journal_has_nothing_is_named_and_left()
    {
        await using var collector = await RunningCollector.Start();
        var objects = new ObjectFiles(collector.Folder);
        Check(collector, objects).Should().BeEquivalentTo(new ObjectReport(0, 0, [], []));
        var one = await collector.Bring(EvidenceClient.Bytes(1_000));
        var other = await collector.Bring(EvidenceClient.Bytes(2_000, seed: 2));
        var stray = Path.Combine(objects.Folder, "objects", "00", new string('0', ObjectFiles.DigestDigits));
        Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
        await File.WriteAllBytesAsync(stray, new byte[5]);

        Check(collector, objects).Should().BeEquivalentTo(new ObjectReport(3, 3_005, [], [Path.GetFileName(stray)]));
        File.Exists(stray).Should().BeTrue();

        Tamper(objects, one, file => File.Delete(file));
        Tamper(objects, other, file => File.WriteAllBytes(file, new byte[1_999]));
        var report = Check(collector, objects);
        report.Faults.Select(f => f.En).Should().BeEquivalentTo([$"the file of evidence {one} is gone", $"evidence {other} should be 2000 bytes, its file has 1999"]);
    }

    [Fact]
    public async Task What_is_stored_while_it_looks_is_neither_a_stray_nor_gone()
    {
        await using var collector = await RunningCollector.Start();
        using var store = new Views(collector.Get<IStore>());
        var report = ObjectCheck.Run(new ObjectFiles(collector.Folder), () =>
        {
            collector.Bring(EvidenceClient.Bytes(1_000)).GetAwaiter().GetResult(); // after the files were listed
            return store.Open();
        });
        report.Faults.Should().BeEmpty();
        report.Strays.Should().BeEmpty();
    }

    private static ObjectReport Check(RunningCollector collector, ObjectFiles objects)
    {
        using var store = new Views(collector.Get<IStore>());
        return ObjectCheck.Run(objects, store.Open);
    }

    private sealed class Views(IStore store) : IDisposable
    {
        private IStoreView? view;

        public IStoreView Open() => view = store.OpenView();

        public void Dispose() => view?.Dispose();
    }

    private static void Tamper(ObjectFiles objects, string sha256, Action<string> with)
    {
        var file = Path.Combine(objects.Folder, "objects", sha256[..2], sha256);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        with(file);
    }
}
