using System.Net;
using SignalWatch.Collector.Evidence;

namespace SignalWatch.Reliability;

/// <summary>Evidence and the disk under it: what is acknowledged would survive a power cut, and a disk that fails at any call loses nothing that was.</summary>
public sealed class EvidenceDiskTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("signalwatch-disk-").FullName;
    private readonly string trace = Path.GetTempFileName();

    public void Dispose()
    {
        Directory.Delete(data, recursive: true);
        File.Delete(trace);
    }

    [StraceFact]
    public async Task What_is_acknowledged_of_evidence_is_on_disk_with_its_name_and_the_names_of_its_folders()
    {
        using var collector = await CollectorProcess.StartTraced(data, CollectorProcess.FreePort(), trace, []);
        var sender = new EvidenceSender(seed: 1);
        for (var file = 0; file < 3; file++)
        {
            var upload = await sender.Begin(collector.Client);
            do
            {
                upload = await sender.Continue(collector.Client, upload);
                if (upload.Sha256 is not null) continue;
                var place = Path.Combine(data, "evidence", "uploads", upload.Id.ToString("N"));
                Of(Path.Combine(place, "data")).Should().BeEmpty("the offset that was answered is on disk");
                Of(Path.Combine(place, "declaration.json")).Should().BeEmpty("without it the bytes are of nothing");
            }
            while (upload.Sha256 is null);
            Of(Path.Combine(data, "evidence", "objects", upload.Sha256[..2], upload.Sha256)).Should().BeEmpty("it was acknowledged");
        }
    }

    [StraceTheory]
    [InlineData("rename", "EIO")]
    [InlineData("fsync", "EIO")]
    [InlineData("pwrite64", "ENOSPC")]
    [InlineData("ftruncate", "EIO")]
    [InlineData("mkdir", "ENOSPC")]
    public async Task A_disk_that_fails_always_and_then_now_and_then_refuses_and_what_is_tried_again_is_stored_whole(string call, string error)
    {
        const int Files = 4, Tries = 100;
        var (sender, port) = (new EvidenceSender(seed: 2), CollectorProcess.FreePort());
        // Only what these files go through: failures of the journal itself are tested where the journal is.
        string[] places = [.. Places(new EvidenceSender(seed: 2), Files).SelectMany(p => (string[])["-P", p])];
        using (var always = await CollectorProcess.StartTraced(data, port, trace, ["-e", $"inject={call}:error={error}", .. places]))
        {
            for (var tries = 0; tries < 3; tries++) (await IsStored(sender, always)).Should().BeFalse($"{call} answers {error}");
            await always.Kill();
        }
        using (var now = await CollectorProcess.StartTraced(data, port, trace, ["-e", $"inject={call}:error={error}:when=1+7", .. places]))
        {
            for (var tries = 0; sender.Acknowledged.Count < Files && tries < Tries; tries++) await IsStored(sender, now);
            sender.Acknowledged.Should().HaveCount(Files);
            await now.Kill();
        }
        using var next = await CollectorProcess.Start(data, port);
        await sender.Holds(next.Client, $"{call} answered {error}");
    }

    private static async Task<bool> IsStored(EvidenceSender sender, CollectorProcess collector)
    {
        try
        {
            await sender.Send(collector.Client);
            return true;
        }
        catch (HttpRequestException refused)
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            refused.Message.Should().Contain("evidence.storage");
            return false;
        }
    }

    private IEnumerable<string> Places(EvidenceSender like, int files)
    {
        var folder = Path.Combine(data, "evidence");
        for (var file = 0; file < files; file++)
        {
            var declared = like.Open();
            like.Skip();
            var (place, objects) = (Path.Combine(folder, "uploads", Uploads.IdOf(declared).ToString("N")), Path.Combine(folder, "objects", declared.Sha256[..2]));
            string[] all = [place, Path.Combine(place, "declaration.json"), Path.Combine(place, "data"), objects, Path.Combine(objects, declared.Sha256)];
            foreach (var path in all) yield return path;
        }
    }

    private List<string> Of(string path) => [.. DiskTrace.Of(trace, data).Lacks(path)];
}
