import type { Text } from "./wire";

// Names of the facts in verdicts, for people: the list of SignalWatch.Contracts.Vocabulary, and what rules read of the register.
const names: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  frequency_hz: ["标称频率", "nominal frequency"],
  on_air: ["在播", "on air"],
  offset_hz: ["频率偏差", "offset from nominal"],
  level_dbfs: ["电平（未校准）", "level (uncalibrated)"],
  level_dbm: ["输入电平", "input level"],
  field_dbuvm: ["场强", "field strength"],
  snr_db: ["信噪比", "signal-to-noise ratio"],
  occupied_bandwidth_hz: ["占用带宽", "occupied bandwidth"],
  deviation_rms_hz: ["均方根频偏", "RMS deviation"],
  modulated: ["有调制", "modulated"],
  status: ["判别结果", "what it is"],
  own_carrier: ["独立载波（非镜像、互调）", "a carrier of its own, no image or product"],
  pilot: ["导频", "stereo pilot"],
  pi: ["节目标识 PI", "programme identification"],
  ps: ["台名 PS", "programme service name"],
  rds_block_error_rate: ["RDS 误块率", "RDS block error rate"],
  on_air_s: ["连续在播", "on air for"],
  start_hz: ["起始频率", "lower edge"],
  stop_hz: ["终止频率", "upper edge"],
  noise_floor_dbfs: ["噪声底", "noise floor"],
  carriers: ["载波数", "carriers"],
  overload: ["过载", "overload"],
  samples_lost: ["丢失样点", "samples lost"],
  sync: ["同步", "in sync"],
  sync_lost_s: ["失步时长", "out of sync for"],
  transport_stream_id: ["传输流标识", "transport stream id"],
  original_network_id: ["原始网络标识", "original network id"],
  bitrate_bps: ["码率", "bit rate"],
  packets: ["包数", "packets"],
  services: ["节目数", "services"],
  cc_errors: ["连续计数错误", "continuity errors"],
  transport_errors: ["传输错误", "transport errors"],
  sync_byte_errors: ["同步字节错误", "sync byte errors"],
  crc_errors: ["CRC 错误", "CRC errors"],
  input: ["输入", "input"],
  service_id: ["业务标识", "service id"],
  name: ["名称", "name"],
  provider: ["提供者", "provider"],
  service_type: ["业务类型", "service type"],
  present: ["在播", "present"],
  in_lineup: ["属既有节目", "in the learnt line-up"],
  scrambled: ["加扰", "scrambled"],
  components: ["分量数", "components"],
  multiplex: ["所在传输流", "multiplex"],
  available: ["可用", "available"],
  live: ["直播", "live"],
  stale_s: ["未更新时长", "not updated for"],
  media_sequence: ["媒体序号", "media sequence"],
  target_duration_s: ["目标时长", "target duration"],
  fault: ["故障", "fault"],
  uptime_s: ["运行时长", "uptime"],
  spool_entries: ["待传条数", "entries in the spool"],
  spool_bytes: ["待传字节", "bytes in the spool"],
  dropped: ["已丢弃", "dropped"],
  watches: ["任务数", "watches"],
  watches_failed: ["故障任务数", "watches failed"],
  version: ["版本", "version"],
  area: ["区划代码", "area code"],
  running: ["运行", "running"],
  reason: ["原因", "reason"],
  from_sequence: ["起始序号", "first number missing"],
  to_sequence: ["终止序号", "last number missing"],
  count: ["条数", "count"],
  "licence.class": ["登记类别", "class in the register"],
  "licence.elsewhere": ["其他地区的登记", "registered elsewhere"],
  "licence.name": ["登记台名", "licensed name"],
  "licence.licensee": ["持证单位", "licensee"],
  "licence.frequency_hz": ["登记频率", "licensed frequency"],
  "licence.pi": ["登记 PI", "licensed PI"],
  "licence.ps": ["登记 PS", "licensed PS"],
  "licence.max_deviation_hz": ["登记最大频偏", "licensed deviation"],
  "licence.erp_kw": ["登记功率", "licensed ERP"],
  hold_s: ["持续时间", "hold"],
  clear_s: ["恢复时间", "clearing time"],
  min_snr_db: ["最小信噪比", "least signal-to-noise ratio"],
};

/** A fact's name for people; a name that is not known is shown as it is, it is the rule's own. */
export function factName(name: string): Text {
  const found = names[name] ?? names[name.slice(name.indexOf(".") + 1)];
  return found ? { zh: found[0], en: found[1] } : { zh: name, en: name };
}

const registerWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  licensed: ["已登记", "licensed"],
  overspill: ["已知溢波", "known overspill"],
  unregistered: ["未登记", "not registered"],
  unidentified: ["未识别", "unidentified"],
  none: ["登记表中没有", "not in the register"],
};

/** A word of the register for people, or undefined for any other text. */
export function registerWord(word: string): Text | undefined {
  const found = registerWords[word];
  return found && { zh: found[0], en: found[1] };
}
