using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SignalWatch.Collector.Http;
using SignalWatch.Collector.Nodes;
using SignalWatch.Collector.Outbox;
using SignalWatch.Collector.Registers;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Rules;
using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Influx;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Commands;

/// <summary><c>run</c>: the collector, until it is told to stop.</summary>
internal static class RunCommand
{
    private const string KeepGood = "keepGood", RefuseWhole = "refuseWhole";

    private static readonly Option<string> Data = new("--data") { Description = "data folder 数据目录", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database keeps the journal there 日志存入 PostgreSQL" };
    private static readonly Option<string?> Broker = new("--broker") { Description = "amqp://user:password@host:port/vhost: one of several machines (needs --store postgres and --evidence) 多机运行的消息服务器" };
    private static readonly Option<string?> NodeName = new("--node") { Description = "this node's name (the machine's) 本节点名称（默认为机器名）" };
    private static readonly Option<string?> Advertise = new("--advertise") { Description = "http address where the other nodes reach this one 其他节点访问本节点的地址" };
    private static readonly Option<string?> Evidence = new("--evidence") { Description = "folder of evidence and its keys; of several machines shared storage 证据和密钥目录（多机时须为共用存储）" };
    private static readonly Option<int> Port = new("--port") { Description = "TCP port 端口", DefaultValueFactory = _ => 5080 };
    private static readonly Option<string> Host = new("--host") { Description = "IP address to listen on 监听地址", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<string?> Pack = new("--pack") { Description = "folder of the rule pack (required) 规则包目录（必需）" };
    private static readonly Option<string?> RequireSignedPack = new("--require-signed-pack") { Description = "PEM file of the Ed25519 public key that must have signed the pack 规则包必须由此公钥签名" };
    private static readonly Option<string?> Register = new("--register") { Description = "fm=FILE.csv: licence register 登记表" };
    private static readonly Option<string> RegisterMode = new("--register-mode") { Description = "bad rows: keepGood | refuseWhole 有错行时：保留正确行 | 整体拒绝", DefaultValueFactory = _ => RefuseWhole };
    private static readonly Option<string?> ConsoleFolder = new("--console") { Description = "folder of the built console 控制台网页目录" };
    private static readonly Option<string> SeriesKeep = new("--series-keep") { Description = "how long levels over time are kept at 1 s, 1 min, 1 h 曲线按 1 秒、1 分钟、1 小时各保存多久", DefaultValueFactory = _ => "2d,90d,3653d" };
    private static readonly Option<string[]> Influx = new("--influx") { Description = "URL that takes series, InfluxDB v1 /write?db= or v2 /api/v2/write?org=&bucket=&token-file=; may be given often 时序数据输出地址，可多次给出" };
    private static readonly Option<string?> Outputs = new("--outputs") { Description = "file that names who is told of alarms (otherwise outputs.yaml in the data folder) 告警外发设置文件（默认为数据目录中的 outputs.yaml）" };

    private static readonly Option<string> Keep = new("--keep") { Description = "how long what no alarm or case needs is kept 原始数据保存期限", DefaultValueFactory = _ => "observation=184d,gap=1096d,dead-letter=184d" };
    private static readonly Option<Uri?> TimestampServer = new("--timestamp-server") { Description = "http(s) address of an RFC 3161 time-stamp authority for the evidence log 时间戳服务器" };

    public static Command Create()
    {
        RegisterMode.AcceptOnlyFromAmong(KeepGood, RefuseWhole);
        var command = new Command("run", "Runs the collector until SIGTERM or Ctrl-C. 运行采集器") { Data, Store, Broker, NodeName, Advertise, Evidence, Port, Host, Pack, RequireSignedPack, Register, RegisterMode, ConsoleFolder, TimestampServer, SeriesKeep, Keep, Influx, Outputs, Terminal.LanguageOption };
        command.SetAction((parsed, cancelled) => Terminal.Guard(parsed, language => Run(parsed, language, cancelled)));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, Language language, CancellationToken cancelled)
    {
        var pack = ReadPack(parsed.GetValue(Pack), parsed.GetValue(RequireSignedPack));
        var listen = new IPEndPoint(Address(parsed.GetValue(Host)!), parsed.GetValue(Port));
        var options = new CollectorOptions
        {
            DataFolder = parsed.GetValue(Data)!,
            Store = parsed.GetValue(Store),
            EvidenceFolder = parsed.GetValue(Evidence),
            Node = ReadNode(parsed, listen),
            Listen = listen,
            Register = ReadRegister(parsed, language),
            ConsoleFolder = ConsoleFiles.Find(parsed.GetValue(ConsoleFolder)),
            TimestampServer = parsed.GetValue(TimestampServer),
            Influx = [.. (parsed.GetValue(Influx) ?? []).Select(InfluxTarget.Parse).DistinctBy(target => target.Id)],
            Outputs = ReadOutputs(parsed.GetValue(Outputs), parsed.GetValue(Data)!),
            Retention = RetentionSettings.Parse(parsed.GetValue(Keep)!),
            Series = new SeriesSettings { Keep = SeriesSettings.ParseKeep(parsed.GetValue(SeriesKeep)!) },
        };
        await using var app = CollectorHost.Build(options, pack.Pack, TimeProvider.System);
        try
        {
            await app.StartAsync(cancelled).ConfigureAwait(false);
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new ProblemException(Texts.PortBusy(listen.ToString()), failure);
        }
        catch (SocketException failure)
        {
            throw new ProblemException(Texts.BadHost($"{listen} ({failure.Message})"), failure);
        }
        if (pack.SignedBy is null) Console.Error.WriteLine(RulesTexts.Seal(pack).In(language));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"listening on {app.Urls.First()}"));
        await app.WaitForShutdownAsync(cancelled).ConfigureAwait(false);
        return 0;
    }

    private static NodeOptions? ReadNode(ParseResult parsed, IPEndPoint listen)
    {
        if (parsed.GetValue(Broker) is not { } given) return null;
        if (parsed.GetValue(Store) is null) throw new ProblemException(NodeTexts.BrokerWithoutStore());
        if (parsed.GetValue(Evidence) is null) throw new ProblemException(NodeTexts.BrokerWithoutEvidence());
        if (!Uri.TryCreate(given, UriKind.Absolute, out var broker) || broker.Scheme is not ("amqp" or "amqps")) throw new ProblemException(NodeTexts.BadBroker());
        var isAnywhere = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        var said = parsed.GetValue(Advertise) ?? string.Create(CultureInfo.InvariantCulture, $"http://{(isAnywhere ? Environment.MachineName : listen.Address)}:{listen.Port}");
        if (!Uri.TryCreate(said, UriKind.Absolute, out var advertise) || advertise.Scheme is not ("http" or "https")) throw new ProblemException(NodeTexts.BadAdvertise(said));
        return new(parsed.GetValue(NodeName) ?? Environment.MachineName, broker, advertise);
    }

    private static IReadOnlyList<OutboxTarget> ReadOutputs(string? named, string data) =>
        named is not null ? OutboxSettings.Read(named) : Path.Combine(data, "outputs.yaml") is var usual && File.Exists(usual) ? OutboxSettings.Read(usual) : [];

    private static IPAddress Address(string host) =>
        host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var address) ? address : throw new ProblemException(Texts.BadHost(host));

    /// <summary>The pack; one that is wrong ends the program with every problem by file, line and column.</summary>
    private static SealedPack ReadPack(string? folder, string? keyFile)
    {
        // Without rules a collector would show a calm wall, whatever happens.
        if (folder is null) throw new ProblemException(Texts.NoPack());
        if (!Directory.Exists(folder)) throw new ProblemException(Texts.PackAbsent(folder));
        return PackSeal.Load(folder, keyFile is null ? [] : RulesCommand.ReadPublicKey(keyFile));
    }

    private static InitialRegister? ReadRegister(ParseResult parsed, Language language)
    {
        if (parsed.GetValue(Register) is not { } given) return null;
        if (given.Split('=', 2) is not [RegisterSchemas.FmType, { Length: > 0 } file]) throw new ProblemException(Texts.BadRegisterOption(given));
        byte[] content;
        try
        {
            content = File.ReadAllBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.FileUnreadable(file, failure.Message), failure);
        }
        // It is the whole register, and the first there is: what somebody imports later is not undone by a start.
        var choice = new ImportChoice(ImportKind.Replace, DateOnly.MinValue, parsed.GetValue(RegisterMode) == KeepGood);
        var import = new RegisterImport(RegisterSchemas.Find(RegisterSchemas.FmType)!, RegisterFile.Read(RegisterSchemas.Find(RegisterSchemas.FmType)!, content, Areas.BuiltIn), choice, Path.GetFullPath(file), "command line");
        foreach (var problem in import.File.Problems) Console.Error.WriteLine($"{file}: {problem.In(language)}");
        return ImportPlan.Of(import.File, RegisterState.Empty.Tables[import.Schema.Type], choice).Refusal is null ? new InitialRegister(import) : throw new ProblemException(Texts.RegisterRefused(file, import.File.ProblemCount));
    }
}
