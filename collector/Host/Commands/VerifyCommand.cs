using System.CommandLine;
using System.Text.Json;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Evidence.Packages;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>verify</c>: is a package of evidence what was signed? Needs no server. Ends with 0 where it is, 1 where something was changed, 2 where it can't be said.</summary>
internal static class VerifyCommand
{
    private const int Unreadable = 2;

    private static readonly Argument<string> Package = new("FILE.zip") { Description = "the package 证据包" };
    private static readonly Option<string?> Key = new("--key") { Description = "the log's public key (name+id+key), or a file that has it 日志公钥" };
    private static readonly Option<bool> Json = new("--json") { Description = "for machines 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("verify", "Verifies a package of evidence by itself: 0 verified, 1 changed, 2 unreadable. 核验证据包（无需服务器）") { Package, Key, Json, Terminal.LanguageOption };
        command.SetAction((parsed, cancelled) => Terminal.Guard(parsed, language => Run(parsed.GetValue(Package)!, parsed.GetValue(Key), parsed.GetValue(Json), language, cancelled)));
        return command;
    }

    private static async Task<int> Run(string file, string? key, bool json, Language language, CancellationToken cancelled)
    {
        PackageVerdict verdict;
        try
        {
            var given = key is null ? null : NoteKey.Parse(File.Exists(key) ? await File.ReadAllTextAsync(key, cancelled).ConfigureAwait(false) : key);
            if (key is not null && given is null)
            {
                Terminal.Print(EvidenceTexts.BadKey(key), language);
                return Unreadable;
            }
            await using var zip = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            verdict = await PackageVerifier.Verify(zip, given, cancelled).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Terminal.Print(Texts.FileUnreadable(file, failure.Message), language);
            return Unreadable;
        }
        if (json) Console.WriteLine(JsonSerializer.Serialize(verdict, WireJson.Options));
        else Print(file, verdict, language);
        return verdict.Result switch { "verified" => 0, "failed" => 1, _ => Unreadable };
    }

    private static void Print(string file, PackageVerdict verdict, Language language)
    {
        foreach (var fault in verdict.Faults) Console.WriteLine($"FAIL {fault.What.In(language)}");
        if (verdict.Key is { } key) Console.WriteLine(new Text($"密钥 {key}{(verdict.KeyIsGiven ? "" : "（取自包内，须另行确认）")}", $"key {key}{(verdict.KeyIsGiven ? "" : " (the package's own: confirm it by another way)")}").In(language));
        if (verdict.Timestamp is { } at) Console.WriteLine(new Text($"时间戳 {EvidenceTexts.Moment(at)}", $"time stamp {EvidenceTexts.Moment(at)}").In(language));
        if (verdict.Package is not null) Console.WriteLine(new Text($"{verdict.Package}：证据 {verdict.Items} 件，其中仅作线索 {verdict.LeadsOnly} 件", $"{verdict.Package}: {verdict.Items} items, of them {verdict.LeadsOnly} leads only").In(language));
        var result = verdict.Result switch
        {
            "verified" => new Text($"{file}：通过", $"{file}: VERIFIED"),
            "failed" => new Text($"{file}：未通过", $"{file}: FAILED"),
            _ => new Text($"{file}：无法读取", $"{file}: UNREADABLE"),
        };
        Console.WriteLine(result.In(language));
    }
}
