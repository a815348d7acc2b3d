using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;
using static SignalWatch.Collector.Tests.Evidence.EvidenceClient;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Evidence;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EvidenceTests
{
    [Fact]
    public async Task Evidence_is_stored_under_its_digest_with_both_digests_and_its_circumstances()
    {
        await using var collector = await Start();
        var bytes = Bytes(100_000);
        var sha256 = await collector.Bring(bytes);
        var item = await collector.Item(sha256);
        (item.Sha256, item.Sm3).Should().Be((TwoDigests.Of(bytes).Sha256, TwoDigests.Of(bytes).Sm3));
        (item.LeadOnly, item.Declared.Probe, item.UploadedBy, item.Leaf).Should().Be((false, new ProbeId("GZ-03"), "GZ-03", 0L));
        (item.Alarms.Single().Value, item.Cases.Single()).Should().Be(("A-1", "C-1"));
        var file = Path.Combine(collector.Folder, "evidence", "objects", sha256[..2], sha256);
        (await File.ReadAllBytesAsync(file)).Should().Equal(bytes);
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Directory.GetDirectories(Path.Combine(collector.Folder, "evidence", "uploads")).Should().BeEmpty();
    }

    [Fact]
    public async Task An_upload_goes_on_where_it_stopped_after_a_fall_of_either_side()
    {
        await using var collector = await Start();
        var bytes = Bytes(50_000);
        using var begun = await collector.Begin(Declare(bytes));
        begun.StatusCode.Should().Be(HttpStatusCode.Created);
        var id = (await begun.Content.ReadFromJsonAsync<EvidenceUpload>(WireJson.Options))!.Id;
        (await collector.Send(id, 0, bytes[..20_000]).As<EvidenceUpload>()).Should().Be(new EvidenceUpload(id, 20_000));

        await collector.Restart();
        using var again = await collector.Begin(Declare(bytes));
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Content.ReadFromJsonAsync<EvidenceUpload>(WireJson.Options)).Should().Be(new EvidenceUpload(id, 20_000));
        using var wrong = await collector.Send(id, 10_000, bytes[10_000..]);
        (wrong.StatusCode, await IngestTests.Code(wrong)).Should().Be((HttpStatusCode.Conflict, "evidence.wrong-offset"));
        (await collector.Read<EvidenceUpload>($"{UploadsPath}/{id}")).Offset.Should().Be(20_000);
        (await collector.Send(id, 20_000, bytes[20_000..]).As<EvidenceUpload>()).Sha256.Should().Be(Declare(bytes).Sha256);
        (await collector.Item(Declare(bytes).Sha256)).Sm3.Should().Be(TwoDigests.Of(bytes).Sm3);
    }

    [Fact]
    public async Task A_fall_between_the_files_move_and_its_entry_in_the_journal_loses_nothing()
    {
        await using var collector = await Start();
        var (bytes, declared) = (Bytes(3_000), Declare(Bytes(3_000)));
        await collector.Begin(declared).As<EvidenceUpload>();
        var folder = Path.Combine(collector.Folder, "evidence", "objects", declared.Sha256[..2]);
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, declared.Sha256), bytes);
        await collector.Restart();
        using var absent = await collector.Client.GetAsync($"/api/v1/evidence/{declared.Sha256}");
        absent.StatusCode.Should().Be(HttpStatusCode.NotFound, "the journal does not have it");
        var again = await collector.Begin(declared).As<EvidenceUpload>();
        (again.Offset, again.Sha256).Should().Be((3_000L, declared.Sha256));
        (await collector.Item(declared.Sha256)).Sm3.Should().Be(TwoDigests.Of(bytes).Sm3);
    }

    [Fact]
    public async Task A_torn_declaration_is_forgotten_and_the_collector_starts()
    {
        await using var collector = await Start();
        var begun = await collector.Begin(Declare(Bytes(10))).As<EvidenceUpload>();
        var declaration = Path.Combine(collector.Folder, "evidence", "uploads", begun.Id.ToString("N"), "declaration.json");
        await File.WriteAllTextAsync(declaration, (await File.ReadAllTextAsync(declaration))[..20]);
        await collector.Restart();
        using var gone = await collector.Client.GetAsync($"{UploadsPath}/{begun.Id}");
        (gone.StatusCode, await IngestTests.Code(gone)).Should().Be((HttpStatusCode.NotFound, "evidence.no-upload"));
        (await collector.Bring(Bytes(10))).Should().Be(Declare(Bytes(10)).Sha256);
    }

    [Fact]
    public async Task A_key_that_is_damaged_is_not_replaced_by_a_new_one()
    {
        await using var collector = await Start();
        var key = Path.Combine(collector.Folder, "keys", "evidence-ed25519.pem");
        var good = await File.ReadAllTextAsync(key);
        await File.WriteAllTextAsync(key, good[..40]);
        var restart = async () => await collector.Restart();
        (await restart.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("evidence.key");
        (await File.ReadAllTextAsync(key)).Should().Be(good[..40]);
    }

    [Fact]
    public async Task What_is_brought_twice_is_kept_once_and_belongs_to_both()
    {
        await using var collector = await Start();
        var bytes = Bytes(1_000);
        var sha256 = await collector.Bring(bytes);
        var again = await collector.Begin(Declare(bytes) with { Cases = ["C-2"] }).As<EvidenceUpload>();
        (again.Offset, again.Sha256).Should().Be((1_000L, sha256));
        var item = await collector.Item(sha256);
        (string.Join(' ', item.Cases), item.Acts).Should().Be(("C-1 C-2", 2L));
        await collector.Begin(Declare(bytes)).As<EvidenceUpload>();
        (await collector.Item(sha256)).Acts.Should().Be(2, "nothing was new");
        (await collector.Read<EvidencePage>("/api/v1/evidence")).Items.Should().HaveCount(1);
    }

    [Fact]
    public async Task Bytes_that_are_not_what_was_declared_are_put_aside_and_never_evidence()
    {
        await using var collector = await Start();
        var (bytes, other) = (Bytes(1_000), Bytes(1_000, seed: 2));
        var begun = await collector.Begin(Declare(bytes)).As<EvidenceUpload>();
        using var refused = await collector.Send(begun.Id, 0, other);
        (refused.StatusCode, await IngestTests.Code(refused)).Should().Be((HttpStatusCode.UnprocessableEntity, "evidence.digest-mismatch"));
        using var absent = await collector.Client.GetAsync($"/api/v1/evidence/{Declare(bytes).Sha256}");
        absent.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(collector.Folder, "evidence", "quarantine")).Single())).Should().Equal(other);
        collector.Get<JournalReader>().About(Declare(bytes).Sha256).Should().ContainSingle().Which.Kind.Should().Be(EntryKind.Evidence);
        (await collector.Bring(bytes)).Should().Be(Declare(bytes).Sha256, "the right bytes are taken afterwards");
    }

    [Fact]
    public async Task More_bytes_than_declared_are_refused_and_the_piece_forgotten()
    {
        await using var collector = await Start();
        var bytes = Bytes(1_000);
        var begun = await collector.Begin(Declare(bytes)).As<EvidenceUpload>();
        using var refused = await collector.Send(begun.Id, 0, Bytes(1_001));
        refused.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await collector.Read<EvidenceUpload>($"{UploadsPath}/{begun.Id}")).Offset.Should().Be(0);
    }

    [Theory]
    [InlineData("sha256", "../../keys")]
    [InlineData("sha256", "ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789")]
    [InlineData("name", "../../etc/passwd")]
    [InlineData("name", "a\u0000b")]
    [InlineData("name", "")]
    [InlineData("parent", "x")]
    public async Task A_declaration_that_is_not_valid_is_refused(string member, string value)
    {
        await using var collector = await Start();
        var good = Declare(Bytes(10));
        using var refused = await collector.Begin(member switch { "sha256" => good with { Sha256 = value }, "name" => good with { Name = value }, _ => good with { Parent = value } });
        (refused.StatusCode, await IngestTests.Code(refused)).Should().Be((HttpStatusCode.BadRequest, "evidence.bad-declaration"));
    }

    [Fact]
    public void Without_calibration_review_clock_and_place_at_capture_it_is_a_lead_only_and_says_why()
    {
        var good = Declare(Bytes(10));
        LeadOnly.Reasons(good, null).Should().BeEmpty();
        Reason(good with { Calibration = null }).Should().Be(EvidenceTexts.NotCalibrated);
        Reason(good with { Calibration = new("CAL-1", At.AddSeconds(-1)) }).En.Should().Contain("CAL-1 had ended on 2026-03-14");
        Reason(good with { Review = new("REV-1", At.AddSeconds(-1)) }).Zh.Should().Contain("REV-1 已于 2026-03-14 到期");
        LeadOnly.Reasons(good with { Review = new("REV-1", null) }, null).Should().BeEmpty("a review without end does not end");
        Reason(good with { Review = null }).Should().Be(EvidenceTexts.NotReviewed);
        Reason(good with { Position = null }).Should().Be(EvidenceTexts.NoPlace);
        Reason(good with { ClockOffsetMs = null }).Should().Be(EvidenceTexts.NoClock);
        Reason(good with { ClockOffsetMs = -1_001 }).En.Should().Contain("-1.0 s off");
        Reason(good with { ClockOffsetMs = double.NaN }).En.Should().Contain("off");
        Reason(good with { Origin = Origin.Simulated }).Zh.Should().Contain("演练");
        LeadOnly.Reasons(good with { Kind = EvidenceKinds.Document, Calibration = null, Review = null, Position = null, ClockOffsetMs = null }, null).Should().BeEmpty("paper is not measured");

        static Text Reason(EvidenceDeclaration declared) => LeadOnly.Reasons(declared, null).Should().ContainSingle().Subject;
    }

    [Fact]
    public async Task What_is_made_of_a_lead_is_a_lead_and_points_to_its_original()
    {
        await using var collector = await Start();
        var (original, crop) = (Bytes(1_000), Bytes(100));
        var derived = Declare(crop, "crop.flac") with { Parent = Declare(original).Sha256, Derivation = "ffmpeg -ss 10 -t 5" };
        var begun = await collector.Begin(derived).As<EvidenceUpload>();
        using var early = await collector.Send(begun.Id, 0, crop);
        early.StatusCode.Should().Be(HttpStatusCode.NotFound, "its original is not stored");
        await collector.Bring(original, Declare(original) with { Calibration = null });
        var now = await collector.Begin(derived).As<EvidenceUpload>();
        now.Sha256.Should().Be(derived.Sha256, "its bytes were there already");
        (await collector.Item(derived.Sha256)).LeadOnlyReasons.Should().Equal(EvidenceTexts.NotCalibrated);
    }

    [Fact]
    public async Task A_player_seeks_and_its_reading_is_in_the_custody_record_once()
    {
        await using var collector = await Start();
        var bytes = Bytes(10_000);
        var path = $"/api/v1/evidence/{await collector.Bring(bytes)}/content?actor=%E7%8E%8B&reason=listen";
        foreach (var from in new[] { 0, 5_000, 9_000 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Range = new RangeHeaderValue(from, from + 99);
            using var part = await collector.Client.SendAsync(request);
            part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
            (await part.Content.ReadAsByteArrayAsync()).Should().Equal(bytes[from..(from + 100)]);
            part.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
            (part.Content.Headers.ContentType!.MediaType, part.Headers.GetValues("X-Content-Type-Options").Single()).Should().Be(("audio/flac", "nosniff"));
        }
        collector.Time.Advance(TimeSpan.FromMinutes(11));
        (await collector.Client.GetByteArrayAsync(path)).Should().Equal(bytes);
        var custody = await collector.Read<CustodyPage>($"/api/v1/evidence/{Declare(bytes).Sha256}/custody");
        custody.Lines.Select(l => l.Act.GetProperty("act").GetString()).Should().Equal("stored", "read", "read");
        custody.Lines[1].Act.GetProperty("actor").GetString().Should().Be("王");
        using var nobody = await collector.Client.GetAsync($"/api/v1/evidence/{Declare(bytes).Sha256}/content");
        (nobody.StatusCode, await IngestTests.Code(nobody)).Should().Be((HttpStatusCode.BadRequest, "evidence.bad-actor"));
    }

    [Fact]
    public async Task A_changed_file_is_found_is_recorded_and_does_not_leave_in_a_package()
    {
        await using var collector = await Start();
        var sha256 = await collector.Bring(Bytes(1_000));
        (await Verify()).Sound.Should().BeTrue();
        var file = Path.Combine(collector.Folder, "evidence", "objects", sha256[..2], sha256);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[500] ^= 1;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(file, bytes);
        (await Verify()).Sound.Should().BeFalse();
        (await collector.Item(sha256)).Sound.Should().BeFalse();
        using var package = await collector.Client.PostAsJsonAsync("/api/v1/evidence/packages", new PackageRequest("李", null, [sha256], null, null), WireJson.Options);
        (package.StatusCode, await IngestTests.Code(package)).Should().Be((HttpStatusCode.Conflict, "evidence.damaged"));
        await collector.Restart();
        var alarm = (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single();
        (alarm.Rule.Value, alarm.Priority, alarm.State).Should().Be(("SC-04", 1, AlarmState.Unacknowledged), "a restart forgets nothing");
        bytes[500] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        (await Verify()).Sound.Should().BeTrue();
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms")).Single().State.Should().Be(AlarmState.Returned, "the file came back from a backup");

        Task<EvidenceVerification> Verify() => collector.Client.PostAsJsonAsync($"/api/v1/evidence/{sha256}/verifications", new EvidenceActor("李", null), WireJson.Options).As<EvidenceVerification>();
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_newest_first()
    {
        await using var collector = await Start();
        for (var i = 0; i < 5; i++) await collector.Bring(Bytes(100, i), Declare(Bytes(100, i)) with { Cases = [i % 2 == 0 ? "even" : "odd"] });
        var first = await collector.Read<EvidencePage>("/api/v1/evidence?case=even&limit=2");
        var second = await collector.Read<EvidencePage>($"/api/v1/evidence?case=even&limit=2&after={first.After}");
        first.Items.Concat(second.Items).Select(i => i.Leaf).Should().Equal(4, 2, 0);
        second.After.Should().BeNull();
        (await collector.Read<EvidencePage>("/api/v1/evidence?kind=photo")).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task The_log_is_signed_each_minute_that_it_grew_and_at_the_stop_and_proves_itself()
    {
        await using var collector = await Start();
        var first = await collector.Bring(Bytes(100, 1));
        var key = NoteKey.Parse(await collector.Client.GetStringAsync("/api/v1/evidence/log/key"))!;
        await Tick(collector, 1);
        var early = Open(await collector.Client.GetStringAsync("/api/v1/evidence/log/checkpoint"), key);
        early.Size.Should().Be(1);
        for (var i = 2; i < 8; i++) await collector.Bring(Bytes(100, i));
        await Tick(collector, 1);
        Open(await collector.Client.GetStringAsync("/api/v1/evidence/log/checkpoint"), key).Size.Should().Be(1, "a minute has not passed");
        await Tick(collector, 60);
        var late = Open(await collector.Client.GetStringAsync("/api/v1/evidence/log/checkpoint"), key);
        late.Size.Should().Be(7);
        await collector.Bring(Bytes(100, 8));
        await collector.Restart();
        var stopped = Open(await collector.Client.GetStringAsync("/api/v1/evidence/log/checkpoint"), key);
        stopped.Size.Should().Be(8, "the stop signs what came since");

        var lines = await collector.Client.GetStringAsync("/api/v1/evidence/log/proofs/consistency?from=1&to=8");
        MerkleProof.VerifyConsistency(1, early.Root, 8, stopped.Root, [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Convert.FromBase64String)]).Should().BeTrue();
        var proof = LogProof.Parse(await collector.Client.GetStringAsync($"/api/v1/evidence/log/proofs/inclusion?sha256={first}"))!;
        var bundle = EntryBundle.Read(await collector.Client.GetByteArrayAsync("/api/v1/evidence/log/tile/entries/000.p/8"))!;
        Encoding.UTF8.GetString(bundle[0]).Should().StartWith($$"""{"log":"signalwatch.evidence.v1","evidence":"{{first}}","act":{"sha256":""");
        MerkleProof.VerifyInclusion(Rfc6962.Leaf(bundle[0]), proof.Index, 8, proof.Path, stopped.Root).Should().BeTrue();
        (await collector.Client.GetByteArrayAsync("/api/v1/evidence/log/tile/0/000.p/8")).Should().HaveCount(8 * 32);
        using var outside = await collector.Client.GetAsync("/api/v1/evidence/log/tile/..%2f..%2fkeys");
        outside.StatusCode.Should().Be(HttpStatusCode.NotFound);
        File.GetUnixFileMode(Path.Combine(collector.Folder, "keys", "evidence-ed25519.pem")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Everything_that_is_kept_is_the_fold_of_the_journal()
    {
        await using var collector = await Start();
        var sha256 = await collector.Bring(Bytes(100, 1));
        await collector.Client.PostAsJsonAsync($"/api/v1/evidence/{sha256}/hand-overs", new HandOver("李", "市公安局", "移送"), WireJson.Options).As<EvidenceItem>();
        await collector.Client.PostAsJsonAsync($"/api/v1/evidence/{sha256}/links", new EvidenceLinks("李", [new("A-2")], null, null), WireJson.Options).As<EvidenceItem>();
        await collector.Pack(sha256);
        await Tick(collector, 61);
        (await collector.Item(sha256)).Holder.Should().Be("市公安局");
        await collector.Restart();
        using var view = collector.Get<IStore>().OpenView();
        var report = JournalCheck.Run(view);
        report.Faults.Should().BeEmpty();
        view.Documents("evidence").Should().ContainSingle();
        view.Documents("evidence-log").Should().ContainSingle();
    }

    [Fact]
    public async Task A_log_whose_files_are_gone_is_written_again_from_the_journal()
    {
        await using var collector = await Start();
        for (var i = 0; i < 5; i++) await collector.Bring(Bytes(100, i));
        var tile = await collector.Client.GetByteArrayAsync("/api/v1/evidence/log/tile/0/000.p/5");
        await collector.Restart();
        Directory.Delete(Path.Combine(collector.Folder, "evidence", "log"), recursive: true);
        await collector.Restart();
        (await collector.Client.GetByteArrayAsync("/api/v1/evidence/log/tile/0/000.p/5")).Should().Equal(tile);
    }

    private static Checkpoint Open(string note, NoteKey key) => Checkpoint.Parse(SignedNote.Open(note, key)!)!;

    // The writer's tick comes by the clock; what is offered behind it is answered after it.
    private static async Task Tick(RunningCollector collector, int seconds)
    {
        collector.Time.Advance(TimeSpan.FromSeconds(seconds));
        var behind = new EvidenceWork<int>(_ => 0);
        collector.Get<JournalWriter>().Offer(behind);
        await behind.Done;
    }
}
