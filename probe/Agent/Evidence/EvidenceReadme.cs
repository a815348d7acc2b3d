using System.Globalization;

namespace SignalWatch.Probe.Evidence;

/// <summary>README.txt of a dossier: for an expert of a court who has never seen this program.</summary>
internal static class EvidenceReadme
{
    public const string Name = "README.txt";

    public static string Text(long frequencyHz)
    {
        var mhz = (frequencyHz / 1e6).ToString("F3", CultureInfo.InvariantCulture);
        return $"""
            调频广播取证卷宗  {mhz} MHz

            evidence.json   清单：对象、时间（含时区和时钟来源）、地点、接收机、校准、登记库版本、缺失部分，以及每个文件的 SHA-256 和 SHA-512。
                            standing.use：evidence 可作证据；leadOnly 仅可作线索；none 为回放或演练材料，不能作证据。
                            state：complete 完整；interrupted 录制时断电或程序中断，现存内容按原样保留。
            sound-NNN.flac  解调并去加重后的声音，32 kHz、16 位、双声道，FLAC 无损（RFC 9639）。满幅为 150 kHz 频偏。第一个文件从嫌疑开始前约 20 秒起。
                            缺失处不补静音，前后直接相接；位置和长度见 evidence.json 的 gaps。
            channel.sigmf-data / .sigmf-meta   解调之前该信道的 IQ 样点约 10 秒（SigMF 1.2）。signalwatch:gain 是存储前乘的系数，除以它得到接收机的原始幅度。
            spectra.npy     整个频段的频谱，每秒一行，每个频点一字节（NumPy，NEP 1）。电平 = floorDbfs + stepDb × 字节，频率 = startHz + stepHz × 列；数值在 evidence.json 的 spectra。
            spectra.csv     与 spectra.npy 逐行对应：时间、载波 200 kHz 内功率、载波峰值、频段中值（dBFS）。
            rds.spy         RDS 原始组，每行一组四块（十六进制），---- 为未收到的块，@ 后为接收时间（清单所写时区）。

            核对：sha256sum -c SHA256SUMS      sha512sum -c SHA512SUMS
            SHA256SUMS 包含 evidence.json；evidence.json 的 SHA-256 在卷宗完成时已发往采集器存档，两者应一致。
            查看：声音用任意播放器，或 flac -t 检验；IQ 用任何支持 SigMF 的软件；numpy.load("spectra.npy") 读取频谱。


            Dossier of an FM carrier  {mhz} MHz

            evidence.json   The manifest: of what, when (with zone and source of the clock), where, which receiver, calibration, version of the register, what is missing, and SHA-256 and SHA-512 of each file.
                            standing.use: "evidence"; "leadOnly", a lead and no more; "none", replayed or drill material, which is no evidence.
                            state: "complete"; "interrupted", where power or program failed while it was recorded and what was there was left as it was.
            sound-NNN.flac  Demodulated, de-emphasised sound, 32 kHz, 16 bits, two channels, lossless FLAC (RFC 9639). Full scale is 150 kHz deviation. The first file begins about 20 s before the suspicion.
                            Nothing is filled in where sound is missing: what is before and after adjoins. Where, and how long, stands under gaps in evidence.json.
            channel.sigmf-data / .sigmf-meta   About 10 s of IQ samples of the channel, before demodulation (SigMF 1.2). They were multiplied by signalwatch:gain; divided by it they are what the receiver gave.
            spectra.npy     Spectra of the whole band, a row a second, a byte a bin (NumPy, NEP 1). Level = floorDbfs + stepDb × byte, frequency = startHz + stepHz × column; the values are under spectra in evidence.json.
            spectra.csv     Row by row with spectra.npy: time, power of the carrier in 200 kHz, its peak, the median of the band (dBFS).
            rds.spy         Raw RDS groups, one a line: four blocks in hex, ---- for a block that was not received, the time of reception after @ (in the zone of the manifest).

            To check: sha256sum -c SHA256SUMS      sha512sum -c SHA512SUMS
            SHA256SUMS has evidence.json too. Its SHA-256 went to the collector's journal when the dossier was whole; both must be the same.
            To look: any player for sound, or flac -t to test it; any SigMF program for IQ; numpy.load("spectra.npy") for spectra.

            """;
    }
}
