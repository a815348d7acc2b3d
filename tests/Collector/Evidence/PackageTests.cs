using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Evidence.Packages;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;
using static SignalWatch.Collector.Tests.Evidence.EvidenceClient;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Evidence;

public sealed class PackageTests
{
    [Fact]
    public async Task A_package_has_what_it_must_and_any_program_unpacks_it()
    {
        await using var collector = await Start();
        var (sound, crop) = (Bytes(5_000), Bytes(50));
        await collector.Bring(sound);
        var derived = await collector.Bring(crop, Declare(crop, "<script>alert(1)<b>.png") with { Parent = Declare(sound).Sha256, Kind = EvidenceKinds.Photo });
        using var zip = new ZipArchive(new MemoryStream(await collector.Pack(derived)));
        zip.Entries.Select(e => e.FullName).Should().Contain(["manifest.json", "manifest.note", "manifest.sm2", "custody.json", "verdicts.json", "report.html", "VERIFY.txt",
            "proofs/checkpoint.note", "proofs/0.tlog-proof", "proofs/1.tlog-proof", "certificates/log.vkey", "certificates/ed25519.pem", "certificates/sm2.pem"]);
        var files = zip.Entries.Where(e => e.FullName.StartsWith("files/", StringComparison.Ordinal)).ToList();
        files.Should().HaveCount(2, "the original comes with what was made of it");
        (await Content(files.Single(f => f.Length == 5_000))).Should().Equal(sound);
        var report = Encoding.UTF8.GetString(await Content(zip.GetEntry("report.html")!));
        report.Should().Contain("&lt;script&gt;").And.NotContain("<script").And.Contain(TwoDigests.Of(sound).Sm3).And.Contain("移送公安");
        using var manifest = JsonDocument.Parse(await Content(zip.GetEntry("manifest.json")!));
        manifest.RootElement.GetProperty("items").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task A_package_verifies_by_itself_and_with_the_logs_key_and_not_with_anothers()
    {
        await using var collector = await Start();
        var package = await Package(collector);
        var key = NoteKey.Parse(await collector.Client.GetStringAsync("/api/v1/evidence/log/key"))!;
        var own = await Verify(package);
        own.Faults.Should().BeEmpty();
        (own.Result, own.KeyIsGiven, own.Items, own.LeadsOnly).Should().Be(("verified", false, 2, 1));
        (await Verify(package, key)).Should().Match<PackageVerdict>(v => v.Result == "verified" && v.KeyIsGiven);
        using var other = Ed25519.PrivateKey.Create();
        (await Verify(package, new NoteKey(key.Name, other.PublicKey))).Result.Should().Be("failed");
    }

    [Fact]
    public async Task One_byte_changed_in_any_file_is_found_and_the_file_named()
    {
        await using var collector = await Start();
        var package = await Package(collector);
        var key = NoteKey.Parse(await collector.Client.GetStringAsync("/api/v1/evidence/log/key"))!;
        foreach (var entry in ZipDirectory.Read(new MemoryStream(package)))
        {
            var content = Find(package, entry);
            foreach (var at in new[] { 0, 1, entry.Bytes / 3, entry.Bytes / 2, entry.Bytes - 2, entry.Bytes - 1 }.Where(a => a >= 0 && a < entry.Bytes).Distinct())
            {
                var changed = (byte[])package.Clone();
                changed[content + at] ^= 1;
                var verdict = await Verify(changed, key);
                verdict.Result.Should().Be("failed", "byte {0} of {1} was changed", at, entry.Name);
                verdict.Faults.Should().Contain(f => f.File == entry.Name, "byte {0} of {1} was changed, found was {2}", at, entry.Name, string.Join(", ", verdict.Faults.Select(f => f.File)));
            }
        }
    }

    [Fact]
    public async Task A_byte_changed_between_the_files_changes_no_content_or_is_found()
    {
        await using var collector = await Start();
        var package = await Package(collector);
        var original = Contents(package)!;
        var inside = new bool[package.Length];
        foreach (var entry in ZipDirectory.Read(new MemoryStream(package))) inside.AsSpan(Find(package, entry), (int)entry.Bytes).Fill(true);
        for (var at = 0; at < package.Length; at++)
        {
            if (inside[at] || (at % 3 != 0 && at < package.Length - 200)) continue;
            var changed = (byte[])package.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            var verdict = await Verify(changed);
            if (verdict.Result == "verified") Digests(Contents(changed)!).Should().Be(Digests(original), "byte {0} was changed and it verifies", at);
        }
    }

    [Fact]
    public async Task Files_added_removed_or_doubled_are_named()
    {
        await using var collector = await Start();
        var package = await Package(collector);
        var victim = Contents(package)!.Keys.First(n => n.StartsWith("files/", StringComparison.Ordinal));
        (await Verify(Rezipped(package, files => files.Remove(victim)))).Faults.Should().Contain(f => f.Code == "file.missing" && f.File == victim);
        (await Verify(Rezipped(package, files => files["files/extra.txt"] = [1]))).Faults.Should().ContainSingle().Which.Should().Match<PackageFault>(f => f.Code == "file.added" && f.File == "files/extra.txt");
        (await Verify(Rezipped(package, files => files["../../outside"] = [1]))).Faults.Should().Contain(f => f.Code == "file.bad-name");
        (await Verify(Rezipped(package, _ => { }))).Result.Should().Be("verified", "another program's zip of the same files is the same package");
        (await Verify(Rezipped(package, files => files.Remove("manifest.json")))).Result.Should().Be("unreadable");
        foreach (var name in new[] { "manifest.note", "manifest.sm2", "custody.json", "proofs/checkpoint.note", "proofs/0.tlog-proof", "certificates/log.vkey", "certificates/sm2.pem" })
            (await Verify(Rezipped(package, files => files.Remove(name)))).Faults.Should().Contain(f => f.File == name);
    }

    [Fact]
    public async Task A_package_that_was_altered_throughout_is_caught_by_its_signature()
    {
        await using var collector = await Start();
        var package = await Package(collector);
        var key = NoteKey.Parse(await collector.Client.GetStringAsync("/api/v1/evidence/log/key"))!;
        // Another recording in the place of the real one, the manifest made to fit.
        var altered = Rezipped(package, files =>
        {
            var name = files.Keys.First(n => n.StartsWith("files/", StringComparison.Ordinal));
            var (before, after) = (TwoDigests.Of(files[name]), TwoDigests.Of(Bytes(files[name].Length, 99)));
            files[name] = Bytes(files[name].Length, 99);
            files["manifest.json"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files["manifest.json"]).Replace(before.Sha256, after.Sha256, StringComparison.Ordinal).Replace(before.Sm3, after.Sm3, StringComparison.Ordinal));
        });
        var verdict = await Verify(altered, key);
        verdict.Faults.Select(f => (f.Code, f.File)).Should().Contain([("manifest.changed", "manifest.json"), ("signature.invalid", "manifest.sm2")]);
        verdict.Faults.Should().Contain(f => f.Code == "item.not-logged", "the log knows no such item");

        // And signed anew with a key of one's own: whoever has the real key sees it.
        using var forger = Ed25519.PrivateKey.Create();
        var forgerSm2 = Sm2.PrivateKey.Create();
        var signed = Rezipped(altered, files =>
        {
            files["certificates/log.vkey"] = Encoding.UTF8.GetBytes(new NoteKey(key.Name, forger.PublicKey) + "\n");
            files["manifest.note"] = Encoding.UTF8.GetBytes(SignedNote.Sign(PackageManifest.NoteText(key.Name, files["manifest.json"]), key.Name, forger));
            files["certificates/sm2.pem"] = Encoding.UTF8.GetBytes(forgerSm2.PublicPem + "\n");
            files["manifest.sm2"] = Encoding.UTF8.GetBytes(Convert.ToBase64String(forgerSm2.Sign(files["manifest.json"], Sm2.DefaultId)) + "\n");
        });
        (await Verify(signed, key)).Faults.Should().Contain(f => f.File == "manifest.note" && f.Code == "signature.invalid");
    }

    [Fact]
    public async Task A_bomb_costs_nothing_and_bytes_of_chance_do_no_harm()
    {
        await using var collector = await Start();
        var package = await Package(collector);
        var victim = Contents(package)!.Keys.First(n => n.StartsWith("files/", StringComparison.Ordinal));
        var bomb = Rezipped(package, files => files[victim] = new byte[200 << 20]);
        bomb.Length.Should().BeLessThan(2 << 20);
        var before = GC.GetTotalAllocatedBytes();
        (await Verify(bomb)).Faults.Should().Contain(f => f.Code == "file.changed" && f.File == victim);
        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(50 << 20, "no more is unpacked than was promised");

        // One that lies about its size: the directory says what the manifest says.
        var at = bomb.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(victim)) - 46;
        BitConverter.TryWriteBytes(bomb.AsSpan(at + 24), Contents(package)![victim].Length).Should().BeTrue();
        var again = GC.GetTotalAllocatedBytes();
        (await Verify(bomb)).Faults.Should().Contain(f => f.Code == "file.changed" && f.File == victim);
        (GC.GetTotalAllocatedBytes() - again).Should().BeLessThan(50 << 20, "it ends at the first byte too many");
        using var promised = new Promised(new MemoryStream(new byte[10]), 9);
        promised.Invoking(p => p.CopyTo(Stream.Null)).Should().Throw<InvalidDataException>();

        Prop.ForAll<byte[]>(bytes => Verify(bytes).GetAwaiter().GetResult().Result == "unreadable").QuickCheckThrowOnFailure();
        for (var length = 0; length < package.Length; length += 97) (await Verify(package[..length])).Result.Should().NotBe("verified", "only {0} of {1} bytes are there", length, package.Length);
    }

    [Fact]
    public async Task The_same_content_gives_the_same_zip()
    {
        var (first, second) = (new MemoryStream(), new MemoryStream());
        foreach (var to in new[] { first, second })
        {
            var zip = new ZipWriter(to);
            await zip.Add("a.txt", "a"u8.ToArray(), default);
            await zip.Add("目录/b.bin", new MemoryStream(Bytes(300_000)), 300_000, Crc32.Of(Bytes(300_000)), default);
            await zip.Finish(default);
        }
        first.ToArray().Should().Equal(second.ToArray());
        var entries = ZipDirectory.Read(first);
        entries.Select(e => (e.Name, e.Bytes)).Should().Equal(("a.txt", 1L), ("目录/b.bin", 300_000L));
        var changing = async () => await new ZipWriter(new MemoryStream()).Add("c", new MemoryStream([1]), 1, 0, default);
        await changing.Should().ThrowAsync<InvalidDataException>();
    }

    [Fact] // ISO 3309, the check value of every catalogue
    public void The_checksum_is_that_of_zip() => Crc32.Of("123456789"u8).Should().Be(0xcbf43926);

    [Fact]
    public async Task A_case_is_packed_whole()
    {
        await using var collector = await Start();
        await collector.Bring(Bytes(100, 1));
        await collector.Bring(Bytes(100, 2), Declare(Bytes(100, 2)) with { Cases = ["C-2"] });
        using var response = await collector.Client.PostAsJsonAsync("/api/v1/evidence/packages", new PackageRequest("李", null, null, null, "C-1"), WireJson.Options);
        var verdict = await Verify(await response.Content.ReadAsByteArrayAsync());
        (verdict.Result, verdict.Items).Should().Be(("verified", 1));
        using var nothing = await collector.Client.PostAsJsonAsync("/api/v1/evidence/packages", new PackageRequest("李", null, null, null, "C-3"), WireJson.Options);
        (await IngestTests.Code(nothing)).Should().Be("evidence.nothing-to-pack");
    }

    private static async Task<byte[]> Package(RunningCollector collector)
    {
        var good = await collector.Bring(Bytes(1_500, 1));
        var lead = await collector.Bring(Bytes(700, 2), Declare(Bytes(700, 2), "lead.iq") with { Kind = EvidenceKinds.Iq, Review = null });
        return await collector.Pack(good, lead);
    }

    private static Task<PackageVerdict> Verify(byte[] package, NoteKey? key = null) => PackageVerifier.Verify(new MemoryStream(package), key, default);

    private static async Task<byte[]> Content(ZipArchiveEntry entry)
    {
        await using var stream = await entry.OpenAsync();
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>What is in it, as our reader reads it; null where it does not.</summary>
    private static SortedDictionary<string, byte[]>? Contents(byte[] package)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var zip = new MemoryStream(package);
        foreach (var entry in ZipDirectory.Read(zip))
        {
            var bytes = new MemoryStream();
            ZipDirectory.Open(zip, entry).CopyTo(bytes);
            files[entry.Name] = bytes.ToArray();
        }
        return files;
    }

    private static string Digests(SortedDictionary<string, byte[]> files) => string.Join('\n', files.Select(f => $"{f.Key} {TwoDigests.Of(f.Value)}"));

    private static int Find(byte[] package, ZipEntry entry) => (int)entry.Offset + 30 + BitConverter.ToUInt16(package, (int)entry.Offset + 26) + BitConverter.ToUInt16(package, (int)entry.Offset + 28);

    /// <summary>The files, changed, in a zip of another program, which packs them.</summary>
    private static byte[] Rezipped(byte[] package, Action<SortedDictionary<string, byte[]>> change)
    {
        var files = Contents(package)!;
        change(files);
        var to = new MemoryStream();
        using (var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in files)
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                stream.Write(bytes);
            }
        return to.ToArray();
    }
}
