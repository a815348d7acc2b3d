using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Probe;

/// <summary>What people read of <c>probe fm</c>, <c>probe rds</c> and <c>probe listen</c>.</summary>
internal static class FmTexts
{
    private static readonly Text NothingDone = new("没有分析。", "Nothing was analysed.");

    public static readonly Text FmDescription = new(
        """
        测量一段调频频段或一个电台：载波、电平、频偏、导频、RDS、MPX 功率，并与登记表比较。

        示例：
          probe fm band.sigmf-meta --licences licences.csv     读完整个文件，打印报告
          probe fm band.sigmf-meta --licences licences.csv --json > result.json
          probe fm composite.wav                               复合信号（单声道 WAV，至少 128 kHz）
          probe fm iq.wav --center 98M                         IQ 的 WAV（两声道）
          probe fm band.cu8 --rate 2.4M --center 98M           裸样点
          probe fm "rtl_tcp://10.0.0.5:1234?rate=2400000&center=98000000&gain=auto" --duration 60
          probe fm rtlsdr:0 --center 98M                       本机的接收机
          probe fm city:fm                                     演练城市（模拟，不是真实信号）
        """,
        """
        Measures a stretch of the FM band or one station: carriers, levels, deviation, pilot, RDS, MPX power; and compares them with a register.

        Examples:
          probe fm band.sigmf-meta --licences licences.csv     reads the whole file and prints a report
          probe fm band.sigmf-meta --licences licences.csv --json > result.json
          probe fm composite.wav                               a multiplex signal (WAV of one channel, 128 kHz or more)
          probe fm iq.wav --center 98M                         IQ in a WAV of two channels
          probe fm band.cu8 --rate 2.4M --center 98M           bare samples
          probe fm "rtl_tcp://10.0.0.5:1234?rate=2400000&center=98000000&gain=auto" --duration 60
          probe fm rtlsdr:0 --center 98M                       a receiver at this machine
          probe fm city:fm                                     the simulated city (a drill, no real signal)
        """);

    public static readonly Text SourceArgument = new(
        "文件（.sigmf-meta、.sigmf、.wav、.cu8 .cs8 .cs16 .cf32 .iq）、rtl_tcp://、rtlsdr:、soapy: 或 city:fm",
        "a file (.sigmf-meta, .sigmf, .wav, .cu8 .cs8 .cs16 .cf32 .iq), rtl_tcp://, rtlsdr:, soapy: or city:fm");

    public static readonly Text JsonOption = new("打印一个 JSON 文档", "prints one JSON document");
    public static readonly Text LicencesOption = new("登记表（CSV，UTF-8 或 GB18030）；不给则不判断谁是合法的", "the register (CSV, UTF-8 or GB18030); without one nobody is judged");
    public static readonly Text AreaOption = new("接收地的行政区划代码（GB/T 2260，例如 440106）；缺省时各地区的条目都算", "area code of the place of reception (GB/T 2260, such as 440106); unless told, entries of every area count");
    public static readonly Text RateOption = new("采样率，例如 2.4M；裸样点文件和接收机", "samples a second, such as 2.4M; for bare files and receivers");
    public static readonly Text CenterOption = new("中心频率，例如 98M；裸样点、IQ WAV 和接收机", "frequency in the middle, such as 98M; for bare files, IQ in WAV and receivers");
    public static readonly Text FormatOption = new("裸样点的格式：cu8、cs8、cs16、cf32（缺省按文件名）", "format of bare samples: cu8, cs8, cs16, cf32 (by the file's name unless told)");
    public static readonly Text GainOption = new("接收机增益，dB，或 auto", "the receiver's gain, dB, or auto");
    public static readonly Text PpmOption = new("接收机时钟校正，百万分之一", "correction of the receiver's clock, parts in a million");
    public static readonly Text FullScaleOption = new("复合信号文件满刻度对应的频偏（缺省 150k）", "deviation at full scale of a multiplex file (150k unless told)");
    public static readonly Text DurationOption = new("信号时长，秒；文件缺省读完", "seconds of signal; files are read to their end unless told");

    public static readonly Problem NoSource = new("usage.source",
        new("没有指定信号来源。", "There is no source."), new("请给出文件或接收机；用 --help 查看示例。", "Name a file or a receiver; --help shows examples."));

    public static Problem Needs(string option, string needed) => new("usage.needs", new($"{option} 需要 {needed}。", $"{option} needs {needed}."), NothingDone);

    public static Problem BadFrequency(string option, string text) => new("usage.number",
        new($"{option} 应为频率，例如 98.2M 或 98200000，而不是“{text}”。", $"{option} takes a frequency, such as 98.2M or 98200000, not “{text}”."), NothingDone);

    public static Problem BadNumber(string option, string text, double least, double most) => new("usage.number",
        new(string.Create(CultureInfo.InvariantCulture, $"{option} 应为 {least} 到 {most} 之间的数，而不是“{text}”。"), string.Create(CultureInfo.InvariantCulture, $"{option} takes a number from {least} to {most}, not “{text}”.")), NothingDone);

    public static Problem BadArea(string text) => new("usage.area",
        new($"--area 应为数字的行政区划代码，而不是“{text}”。", $"--area takes an area code in digits, not “{text}”."), new("没有分析。例如广东省为 44，广州天河为 440106。", "Nothing was analysed. Guangdong is 44, Tianhe of Guangzhou 440106."));

    public static Problem UnknownScheme(string scheme) => new("fm.source-unknown",
        new($"不认识的信号来源“{scheme}:”。", $"“{scheme}:” is no source that is known."),
        new("没有分析。可用：文件、rtl_tcp://主机:端口、rtlsdr:序号、soapy:参数、city:fm。", "Nothing was analysed. There are: files, rtl_tcp://HOST:PORT, rtlsdr:INDEX, soapy:ARGUMENTS and city:fm."));

    public static Problem UnknownCitySource(string written) => new("fm.source-city",
        new($"演练城市里没有“{written}”。", $"The simulated city has no “{written}”."), new("没有分析。调频频段写 city:fm。", "Nothing was analysed. Its FM band is city:fm."));

    public static Problem Missing(string path) => new("fm.source-missing",
        new($"找不到文件 {path}。", $"There is no file {path}."), new("没有分析。请检查路径和文件名。", "Nothing was analysed. Check the path and the name."), 404);

    public static Problem Folder(string path) => new("fm.source-folder",
        new($"{path} 是文件夹，不是文件。", $"{path} is a folder, not a file."), new("没有分析。请写出其中一个文件。", "Nothing was analysed. Name one of the files in it."));

    public static Problem UnknownFile(string path) => new("fm.source-unknown",
        new($"从文件名看不出 {path} 里是什么。", $"The name of {path} does not tell what is in it."),
        new("没有分析。裸样点请加 --format cu8|cs8|cs16|cf32、--rate 和 --center。", "Nothing was analysed. For bare samples add --format cu8|cs8|cs16|cf32, --rate and --center."));

    public static Problem NotIq(string written) => new("fm.not-iq",
        new($"{written} 里没有射频样点。", $"There are no samples of a radio signal in {written}."), new("没有分析。此命令需要 IQ 录音或接收机。", "Nothing was analysed. This command takes a recording of IQ or a receiver."));

    public static Problem OnlyGroups(string written) => new("fm.only-groups",
        new($"{written} 只有 RDS 组，没有信号。", $"{written} has RDS groups alone, no signal."), new($"没有分析。请用 probe rds {written}。", $"Nothing was analysed. Use probe rds {written}."));

    public static Problem TooShort(string written, double seconds) => new("fm.too-short",
        new(string.Create(CultureInfo.InvariantCulture, $"{written} 只有 {seconds * 1000:F0} 毫秒。"), string.Create(CultureInfo.InvariantCulture, $"{written} is only {seconds * 1000:F0} ms long.")),
        new("没有分析。至少需要 0.11 秒，RDS 需要几秒。", "Nothing was analysed. 0.11 s is the least, and RDS takes seconds."));

    public static Problem Interrupted(double seconds) => new("fm.interrupted",
        new("分析被中断。", "The analysis was interrupted."),
        new(string.Create(CultureInfo.InvariantCulture, $"结果为前 {seconds:F1} 秒。"), string.Create(CultureInfo.InvariantCulture, $"The result is of the first {seconds:F1} s.")));

    public static Problem SamplesLost(long samples, double seconds) => new("fm.samples-lost",
        new(string.Create(CultureInfo.InvariantCulture, $"丢失了 {samples:N0} 个样点（{seconds:F3} 秒）。"), string.Create(CultureInfo.InvariantCulture, $"{samples:N0} samples ({seconds:F3} s) were lost.")),
        new("该处的频偏和 RDS 差错可能是接收端造成的，不能算作电台的差错。请降低采样率或负载。", "Errors of RDS at that place may be our own and can't be held against a station. Lower the rate or the load."));

    public static readonly Problem Simulated = new("fm.simulated",
        new("这是演练城市：全部信号是模拟的。", "This is the simulated city: every signal is made up."), new("结果不能作为任何真实电台的证据。", "Nothing in the result is evidence of a real station."));

    public static readonly Problem Overload = new("fm.overload",
        new("接收机过载：满刻度样点超过万分之一。", "The receiver was overloaded: more than one sample in 10,000 was at full scale."),
        new("电平偏低，互调产物可能看起来像电台。请降低增益后重测。", "Levels read too low, and intermodulation may look like stations. Lower the gain and measure again."));

    public static Problem ShortObservation(double seconds) => new("fm.short",
        new(string.Create(CultureInfo.InvariantCulture, $"只观测了 {seconds:F1} 秒。"), string.Create(CultureInfo.InvariantCulture, $"Only {seconds:F1} s were observed.")),
        new("MPX 功率按标准为 60 秒（BS.412-9），频偏不超限要 60 秒才能断定，代表性节目至少 15 分钟（SM.1268-5）。", "MPX power is by its standard that of 60 s (BS.412-9); that deviation does not exceed takes 60 s to be sure of, and 15 min of programme to be representative (SM.1268-5)."));

    public static readonly Problem NoRegister = new("fm.no-register",
        new("没有登记表：谁是合法的无从判断，一律为“未知”。", "There is no register: who is licensed can't be said, all are “unknown”."), new("请用 --licences 指定登记表。", "Name one with --licences."));

    public static Problem RegisterMissing(string path) => new("register.missing",
        new($"找不到登记表 {path}。", $"There is no register {path}."), new("没有判断任何电台。请检查路径和文件名。", "No station was judged. Check the path and the name."), 404);

    public static Problem RegisterUnreadable(string path, string why) => new("register.unreadable",
        new($"无法读取登记表 {path}：{why}", $"The register {path} can't be read: {why}"), new("没有判断任何电台。请检查权限和磁盘。", "No station was judged. Check the permissions and the disk."));

    public static Problem RegisterInvalid(string path, IReadOnlyList<RowProblem> problems) => new("register.invalid",
        new($"{path} 不是可用的登记表。", $"{path} is no register that can be used."),
        new("没有判断任何电台。" + string.Join(" ", problems.Take(5).Select(p => p.In(Language.Chinese))), "No station was judged. " + string.Join(" ", problems.Take(5).Select(p => p.In(Language.English)))));

    public static Problem RowsLeftOut(string path, int left, int kept) => new("register.rows",
        new($"登记表 {path} 有 {left} 行未采用，采用了 {kept} 行。", $"{left} rows of the register {path} were left out, {kept} are in use."),
        new("这些行上的合法电台会显示为未登记。请更正后重新分析。", "A station that is licensed by one of these rows shows as unregistered. Correct them and analyse again."));

    public static Problem BadRow(RowProblem row) => new("register.row", new(row.In(Language.Chinese), row.In(Language.English)), new("", ""));

    public static Problem MoreBadRows(int more) => new("register.row", new($"另有 {more} 处错误。", $"{more} more errors."), new("", ""));

    public static readonly Problem EveryArea = new("register.every-area",
        new("没有给出接收地：登记表中各地区的条目都算。", "No place of reception is given: entries of every area count."),
        new("因此可能放过占用外地频率的电台。请用 --area 给出行政区划代码。", "So somebody on a frequency of another area may be overlooked. Give the area code with --area."));

    public static readonly Text ListenDescription = new(
        """
        把一个电台的声音写成文件（32 kHz，16 位；满刻度 = 75 kHz 频偏）。

        示例：
          probe listen band.sigmf-meta --frequency 97.4M --out 974.wav
          probe listen "rtl_tcp://10.0.0.5:1234?rate=2400000&center=98000000" --frequency 98.2M --duration 60 --out 982.wav
          probe listen band.sigmf-meta --frequency 97.4M --out - | aplay -f S16_LE -r 32000 -c 2
        """,
        """
        Writes a station's sound to a file (32 kHz, 16 bits; full scale is 75 kHz deviation).

        Examples:
          probe listen band.sigmf-meta --frequency 97.4M --out 974.wav
          probe listen "rtl_tcp://10.0.0.5:1234?rate=2400000&center=98000000" --frequency 98.2M --duration 60 --out 982.wav
          probe listen band.sigmf-meta --frequency 97.4M --out - | aplay -f S16_LE -r 32000 -c 2
        """);

    public static readonly Text FrequencyOption = new("电台频率，例如 97.4M；缺省为最强的一个", "the station's frequency, such as 97.4M; the strongest unless told");
    public static readonly Text OutOption = new("声音文件（.wav 或 .flac），或 -：标准输出，无文件头", "sound file (.wav or .flac), or -: standard output without a header");
    public static readonly Text MonoOption = new("单声道", "one channel");

    public static Problem UnknownSoundFile(string path) => new("usage.out",
        new($"不能写成 {path}：文件名应以 .wav 或 .flac 结尾。", $"{path} can't be written: its name has to end in .wav or .flac."), new("没有写任何内容。", "Nothing was written."));

    public static Problem CantWriteSound(string path, string why, double seconds) => new("output.failed",
        new($"无法继续写入 {path}：{why}", $"{path} can't be written any further: {why}"),
        new(string.Create(CultureInfo.InvariantCulture, $"前 {seconds:F1} 秒已写入。请检查磁盘空间。"), string.Create(CultureInfo.InvariantCulture, $"The first {seconds:F1} s are in it. Check the disk's space.")));

    public static Problem OutsideBand(double hz, double from, double to) => new("fm.frequency-outside",
        new(string.Create(CultureInfo.InvariantCulture, $"{hz / 1e6:F3} MHz 不在此信号的频段内。"), string.Create(CultureInfo.InvariantCulture, $"{hz / 1e6:F3} MHz is outside of this signal's band.")),
        new(string.Create(CultureInfo.InvariantCulture, $"可用 {from / 1e6:F2} 至 {to / 1e6:F2} MHz。没有写任何内容。"), string.Create(CultureInfo.InvariantCulture, $"It reaches from {from / 1e6:F2} to {to / 1e6:F2} MHz. Nothing was written.")));

    public static Problem NoSuchCarrier(double? hz, IEnumerable<long> there)
    {
        var list = string.Join(", ", there.Select(Megahertz));
        return new("fm.no-carrier",
            hz is { } wanted ? new($"{Megahertz(wanted)} MHz 上没有载波。", $"There is no carrier on {Megahertz(wanted)} MHz.") : new("没有找到载波。", "No carrier was found."),
            list.Length > 0 ? new($"有载波的频率：{list} MHz。没有写任何内容。", $"There are carriers on {list} MHz. Nothing was written.") : new("整个频段没有载波。没有写任何内容。请检查天线和增益。", "There is none in the whole band. Nothing was written. Check antenna and gain."));
    }

    public static Problem NoSound(long? hz) => new("fm.no-sound",
        new($"{(hz is { } f ? Megahertz(f) : "")} MHz 没有得到声音。", $"No sound came of {(hz is { } g ? Megahertz(g) : "")} MHz."), new("信号太短。没有写任何内容。", "The signal is too short. Nothing was written."));

    public static Problem StrongestChosen(long hz, IEnumerable<long> others) => new("fm.strongest",
        new($"有几个电台，取最强的 {Megahertz(hz)} MHz。", $"There are several stations; the strongest is taken, {Megahertz(hz)} MHz."),
        new($"其他：{string.Join(", ", others.Select(Megahertz))} MHz，用 --frequency 选择。", $"The others: {string.Join(", ", others.Select(Megahertz))} MHz; choose with --frequency."));

    public static Text Heard(string path, double seconds, double left, double right, double peak) => new(
        string.Create(CultureInfo.InvariantCulture, $"{path}  {seconds:F1} 秒  左 {left:F1} dBFS  右 {right:F1} dBFS  峰值 {peak:F1} dBFS"),
        string.Create(CultureInfo.InvariantCulture, $"{path}  {seconds:F1} s  left {left:F1} dBFS  right {right:F1} dBFS  peak {peak:F1} dBFS"));

    public static Problem BadAddress(string written, string part) => new("usage.address",
        new($"地址 {written} 有误：“{part}”。", $"The address {written} is wrong at “{part}”."),
        new("没有分析。例如 rtl_tcp://10.0.0.5:1234?rate=2400000&center=98000000&gain=auto；可用 rate、center、gain、ppm、agc=0|1、bias=0|1。", "Nothing was analysed. Such as rtl_tcp://10.0.0.5:1234?rate=2400000&center=98000000&gain=auto; there are rate, center, gain, ppm, agc=0|1 and bias=0|1."));

    public static Problem NotForMpx(string option) => new("usage.mpx",
        new($"{option} 不适用于复合信号：文件里只有一个电台，没有频率。", $"{option} is not for a multiplex signal: the file has one station, and no frequency."), NothingDone);

    public static readonly Text RdsDescription = new(
        """
        解码一个电台的 RDS：PI、PS、RT、PTY、AF、时钟、EON、RT+、TMC，或逐组输出。

        示例：
          probe rds composite.wav                              复合信号
          probe rds band.sigmf-meta --frequency 97.4M          频段中的一个电台
          probe rds log.spy --json                             RDS Spy 的记录，每组一个 JSON 对象
          probe rds rtlsdr:0 --center 98M --frequency 98.2M --groups
          probe rds - --json < groups.txt                      标准输入的十六进制组
        """,
        """
        Decodes a station's RDS: PI, PS, RT, PTY, AF, clock, EON, RT+, TMC; or gives it group by group.

        Examples:
          probe rds composite.wav                              a multiplex signal
          probe rds band.sigmf-meta --frequency 97.4M          a station of a band
          probe rds log.spy --json                             a log of RDS Spy, one JSON object a group
          probe rds rtlsdr:0 --center 98M --frequency 98.2M --groups
          probe rds - --json < groups.txt                      groups in hexadecimal from standard input
        """);

    public static readonly Text RdsSourceArgument = new(
        "信号（同 probe fm）、RDS 组的记录（.spy、.rds、.txt）或 -（标准输入）", "a signal (as for probe fm), a log of RDS groups (.spy, .rds, .txt) or - (standard input)");

    public static readonly Text GroupsOption = new("每组一行：3ABC E751 6573 3401，丢失的块为 ----", "one group a line: 3ABC E751 6573 3401, a lost block is ----");
    public static readonly Text RdsJsonOption = new("每组一个 JSON 对象（NDJSON，字段名同 redsea）", "one JSON object a group (NDJSON, with redsea's names)");
    public static readonly Text RbdsOption = new("按北美 RBDS 解释 PTY 和呼号", "PTY and call signs as in North America (RBDS)");

    public static Problem NoRds(string source) => new("rds.none",
        new($"{source} 中没有 RDS。", $"There is no RDS in {source}."), new("没有收到任何组。", "Not one group was received."));

    public static Problem OtherLines(long lines) => new("rds.other-lines",
        new(string.Create(CultureInfo.InvariantCulture, $"有 {lines:N0} 行不是 RDS 组，已跳过。"), string.Create(CultureInfo.InvariantCulture, $"{lines:N0} lines are no groups of RDS; they were passed over.")),
        new("一组应为四个十六进制块，例如 3ABC E751 6573 3401。", "A group is four blocks in hexadecimal, such as 3ABC E751 6573 3401."));

    public static Problem LogUnreadable(string path, string why) => new("rds.unreadable",
        new($"无法读取 {path}：{why}", $"{path} can't be read: {why}"), NothingDone);

    public static Problem OneStation(string path) => new("usage.one-station",
        new($"--frequency 不适用于 {path}：其中只有一个电台。", $"--frequency is not for {path}: it has one station."), NothingDone);

    private static string Megahertz(long hz) => Megahertz((double)hz);

    private static string Megahertz(double hz) => (hz / 1e6).ToString("0.0##", CultureInfo.InvariantCulture);
}
