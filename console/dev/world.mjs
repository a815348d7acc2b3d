// A made-up wall for looking at the page. Nothing here is a measurement.

const at = (ms = 0) => new Date(Date.now() - ms).toISOString();
const noise = seed => () => ((seed = (seed * 1664525 + 1013904223) >>> 0) / 4294967296);
const pack = { pack: "demonstration@1.0.0", packDigest: "3f9c2a1e".repeat(8), registerDigest: "8b1e07d4".repeat(8), build: "0.1.0+mock" };

const stations = [[97.4, "licensed", "OE1", -31], [97.8, "unregistered", undefined, -36.4], [98.2, "licensed", "NPO R1", -40], [98.5, "unidentified", undefined, -44], [98.8, "licensed", "INTER", -58]];
const full = [[88.0, "licensed", "青少年", -41], [88.6, "overspill", "青山", -62], [89.3, "licensed", "国际", -46], [90.3, "overspill", "港台", -60], [91.0, "unregistered", undefined, -36], [91.4, "licensed", "新闻", -21], [92.1, "overspill", "九龙", -65], [92.4, "licensed", "佛山", -38],
  [93.6, "licensed", "生活", -24], [94.4, "overspill", "青山", -61], [94.6, "licensed", "佛山", -40], [94.8, "overspill", "歌连臣角", -63], [95.3, "licensed", "股市", -26], [96.2, "licensed", "广州", -25], [97.4, "licensed", "珠江", -19], [98.5, "licensed", "佛山", -37], [99.3, "licensed", "音乐", -18], [100.4, "unidentified", undefined, -58], [100.8, "licensed", "增城", -44],
  [102.7, "licensed", "金曲", -27], [103.6, "licensed", "城市", -21], [104.0, "overspill", "礼顿山", -57], [105.2, "licensed", "羊城", -20], [106.1, "licensed", "交通", -28], [107.1, "licensed", "国际", -34], [107.7, "licensed", "文体", -29]];

function alarm(id, rule, priority, subject, zh, en, sentenceZh, sentenceEn, more = {}) {
  return { id, rule, subject, priority, state: "unacknowledged", isaState: "B", active: true, acknowledged: false, unknown: false, title: { zh, en }, sentence: { zh: sentenceZh, en: sentenceEn },
    area: "440106", witnesses: ["GZ-03"], occurrences: 1, raisedAt: at(42_000), origin: "live", version: 1, ...more };
}

function cityAlarms() {
  const level = (value, unit) => ({ name: "level_dbfs", value, unit, from: "GZ-03", at: at() });
  return [
    alarm("fm-01-97800000", "FM-01", 1, "frequency:440106/97800000", "疑似黑广播 97.8 MHz", "Suspected pirate broadcast 97.8 MHz", "97.8 MHz 上有调制的载波已连续 42 s，电平 −36.4 dBFS（未校准），登记表与溢波表中都没有它。", "A modulated carrier on 97.8 MHz for 42 s at −36.4 dBFS (uncalibrated); it is in neither the register nor the overspill list.", { measured: level({ value: -36.4, uncertainty: 1.5 }, "dBFS"), witnesses: ["GZ-03", "GZ-05", "GZ-11"] }),
    alarm("ts-cc", "TS-02", 2, "service:8572.1.3401", "连续丢包 Rai 1", "Continuity errors Rai 1", "一分钟内 34 次连续计数错误，门限 10。", "34 continuity errors in a minute, limit 10.", { measured: { name: "cc_errors", value: 34, unit: "", from: "GZ-03" }, occurrences: 34, raisedAt: at(198_000) }),
    alarm("ts-lost", "TS-01", 2, "multiplex:GZ-07/mux-2", "传输流失步 mux-2", "Transport stream lost mux-2", "已 26 min 没有同步。", "Out of sync for 26 min.", { acknowledged: true, acknowledgedBy: "陈航", acknowledgedAt: at(600_000), state: "acknowledged", isaState: "C", witnesses: ["GZ-07"], raisedAt: at(1_611_000), area: "440305", measured: { name: "sync_lost_s", value: 1611, unit: "s", from: "GZ-07" } }),
    alarm("fm-unid", "FM-03", 3, "frequency:440106/98500000", "未识别载波 98.5 MHz", "Unidentified carrier 98.5 MHz", "98.5 MHz 上有载波而没有调制，不是广播。", "A carrier without modulation on 98.5 MHz: not a broadcast.", { raisedAt: at(302_000), measured: level(-44.1, "dBFS") }),
    alarm("probe-off", "PR-01", 3, "probe:ST-02", "探针离线 ST-02", "Probe offline ST-02", "90 s 没有收到心跳。", "No heartbeat for 90 s.", { unknown: true, area: "440513", witnesses: [], raisedAt: at(7_300_000), measured: undefined }),
    alarm("svc-gone", "TS-04", 3, "service:8572.1.3409", "节目消失 Rai Scuola", "Service disappeared Rai Scuola", "节目已从 SDT 消失 40 s，又于 08:37 前恢复。", "The service was missing from the SDT for 40 s, and is back.", { active: false, state: "returned", isaState: "D", clearedAt: at(517_000), raisedAt: at(900_000) }),
    alarm("svc-new", "TS-05", 4, "service:8572.1.3500", "新节目 Rai Sport", "New service Rai Sport", "既有节目之外出现了一套节目。", "A service that is not in the learnt line-up.", { acknowledged: true, acknowledgedBy: "李敏", state: "acknowledged", isaState: "C", raisedAt: at(2_480_000) }),
  ];
}

const probe = (id, name, area, more = {}) => ({ probe: id, name, area, online: true, lastReceived: at(700), version: "0.1.0", clockOffsetMs: 12, spoolEntries: 0, watchesFailed: 0, faults: [], origin: "live", ...more });
const service = (id, name, bps, more = {}, ccErrors = 0) => ({ subject: `service:8572.1.${id}`, name, facts: { bitrate_bps: bps, present: true, scrambled: false, provider: "Rai", ...more }, ccErrors });

function cityMultiplexes() {
  return [
    { key: "multiplex:8572.1", probe: "GZ-03", watch: "mux-1", at: at(), origin: "live", facts: { sync: true, transport_stream_id: 1, bitrate_bps: 23_756_000, services: 8 }, services: [service(3401, "Rai 1", 5_120_000, {}, 34), service(3402, "Rai 2", 4_870_000), service(3403, "Rai 3 TGR Piemonte", 4_310_000), service(3411, "Rai Radio1", 132_000), service(3412, "Rai Radio2", 131_000), service(3409, "Rai Scuola", 2_100_000), service(3500, "Rai Sport", 3_020_000, { scrambled: true }), service(3413, "Rai Radio3", undefined)] },
    { key: "multiplex:GZ-07/mux-2", probe: "GZ-07", watch: "mux-2", at: at(), origin: "live", facts: { sync: false, sync_lost_s: 1611 }, services: [] },
  ];
}

export class World {
  down = false;
  mute = false;
  frozen = null;
  storageFull = false;
  instance = crypto.randomUUID();
  revision = 1;
  changed = new Set();
  carriersChanged = false;
  random = noise(7);

  constructor(scene) {
    this.scene = scene;
    const origin = scene === "drill" ? "simulated" : scene === "replay" ? "replay" : "live", nothing = scene === "empty" || scene === "nodata";
    this.origin = origin;
    const as = row => ({ ...row, origin });
    this.alarms = new Map((nothing ? [] : scene === "many" ? many() : cityAlarms()).map(as).map(a => [a.id, a]));
    this.list = nothing ? [] : scene === "replay" ? stations : full;
    this.carriers = this.list.map(([mhz, cls, name, dbfs]) => as({ key: `GZ-03/fm/${Math.round(mhz * 1e6)}`, probe: "GZ-03", watch: "fm", subject: `frequency:440106/${Math.round(mhz * 1e6)}`, frequencyHz: Math.round(mhz * 1e6), class: cls, name, at: at(), facts: { level_dbfs: dbfs, snr_db: 30, modulated: cls !== "unidentified", on_air_s: 42, occupied_bandwidth_hz: cls === "unidentified" ? 3000 : 160000 } }));
    this.probes = scene === "nodata" ? [] : scene === "empty" ? [probe("GZ-03", "火炉山", "440106")] : [probe("GZ-03", "火炉山", "440106"), probe("GZ-07", "南山前端", "440305", { clockOffsetMs: undefined, spoolEntries: 1840, watchesFailed: 1, faults: ["mux-2: 239.1.1.2:1234 没有数据"] }), probe("ST-02", "潮阳", "440513", { online: false, lastReceived: at(1_611_000) })];
    this.probes = this.probes.map(as);
    this.multiplexes = nothing ? [] : cityMultiplexes().map(as);
    this.channels = nothing ? [] : [{ subject: "ott:gd-1", probe: "GZ-07", name: "广东卫视 OTT", facts: { available: true, stale_s: 0 }, at: at() }, { subject: "ott:gd-2", probe: "GZ-07", name: "岭南戏曲", facts: { available: false, fault: "HTTP 404", stale_s: 84 }, at: at() }].map(as);
  }

  get dataAt() {
    if (this.scene === "nodata") return undefined;
    return this.frozen ?? at(400);
  }

  snapshot() {
    return { instance: this.instance, revision: this.revision, serverTime: at(), dataAt: this.dataAt, alarms: [...this.alarms.values()], carriers: this.carriers, probes: this.probes, multiplexes: this.multiplexes, channels: this.channels };
  }

  heartbeat() {
    return { serverTime: at(), dataAt: this.dataAt, revision: this.revision, storageFull: this.storageFull };
  }

  step() {
    if (this.frozen) return null;
    this.multiplexes = this.multiplexes.map(m => ({ ...m, at: at() }));
    this.channels = this.channels.map(m => ({ ...m, at: at() }));
    if (this.scene === "many") this.churn();
    const alarms = [...this.changed].map(id => this.alarms.get(id)).filter(Boolean);
    this.changed.clear();
    return { instance: this.instance, fromRevision: this.revision++, revision: this.revision, serverTime: at(), dataAt: this.dataAt, alarms, alarmsGone: [], carriers: [], carriersGone: [], probes: [], multiplexes: this.multiplexes, channels: this.channels };
  }

  /** 100 changes a second. */
  churn() {
    const ids = [...this.alarms.keys()];
    for (let i = 0; i < 25; i++) {
      const id = ids[Math.floor(this.random() * ids.length)], row = this.alarms.get(id);
      this.alarms.set(id, { ...row, occurrences: row.occurrences + 1, version: row.version + 1, raisedAt: this.random() < 0.2 ? at() : row.raisedAt });
      this.changed.add(id);
    }
  }

  control(query) {
    if (query.has("down")) this.down = query.get("down") === "1";
    if (query.has("mute")) this.mute = query.get("mute") === "1";
    if (query.has("freeze")) this.frozen = query.get("freeze") === "1" ? at() : null;
    if (query.has("full")) this.storageFull = query.get("full") === "1";
    if (query.has("skip")) this.revision++;
    if (query.has("touch")) this.alarms.get(query.get("touch")).version++;
    if (query.has("raise")) {
      const id = `raised-${query.get("raise")}`;
      this.alarms.set(id, { ...alarm(id, "FM-01", Number(query.get("raise")), `frequency:440106/${id}`, "疑似黑广播 104.9 MHz", "Suspected pirate broadcast 104.9 MHz", "登记表中没有它。", "It is not in the register."), origin: this.origin, raisedAt: at() });
      this.changed.add(id);
    }
  }

  acknowledge(id, { actor, version }) {
    const row = this.alarms.get(id);
    if (!row) return [404, { code: "alarm.not-found", texts: { title: { zh: "没有这条告警。", en: "There is no such alarm." }, detail: { zh: "它可能已撤下。", en: "It may be gone." } } }];
    if (version !== row.version) return [409, { code: "alarm.version", texts: { title: { zh: "告警在你看到之后有变化。", en: "The alarm changed after you saw it." }, detail: { zh: "没有确认；请看新的内容再确认。", en: "It was not acknowledged; look at it again." } } }];
    const next = { ...row, acknowledged: true, acknowledgedBy: actor, acknowledgedAt: at(), state: "acknowledged", isaState: "C", version: version + 1 };
    this.alarms.set(id, next);
    this.changed.add(id);
    return [200, next];
  }

  detail(id) {
    const row = this.alarms.get(id);
    if (!row) return [404, { code: "alarm.not-found", texts: { title: { zh: "没有这条告警。", en: "There is no such alarm." }, detail: { zh: "它可能已撤下。", en: "It may be gone." } } }];
    const inputs = [
      { name: "snr_db", value: 41.2, unit: "dB", from: "GZ-03", at: at(1000) }, { name: "level_dbfs", value: { value: -36.4, uncertainty: 1.5 }, unit: "dBFS", from: "GZ-03", at: at(1000) }, { name: "modulated", value: true, unit: "", from: "GZ-03", at: at(1000) },
      { name: "offset_hz", value: 2301.4, unit: "Hz", from: "GZ-03", at: at(1000) }, { name: "occupied_bandwidth_hz", value: 183_000, unit: "Hz", from: "GZ-05", at: at(1000) }, { name: "pilot", unit: "", from: "GZ-11" }, { name: "licence.class", value: "unregistered", unit: "", from: "register", at: "2026-01-01T00:00:00+08:00" },
      { name: "hold_s", value: 20, unit: "s", from: "parameter", at: "2026-01-01T00:00:00+08:00" }, { name: "min_snr_db", value: 12, unit: "dB", from: "parameter", at: "2026-01-01T00:00:00+08:00" },
    ];
    const verdict = { id: "5d07c1e4".repeat(4), rule: row.rule, ruleVersion: 1, subject: row.subject, result: row.unknown ? "undetermined" : "violation", severity: row.priority, title: row.title, sentence: row.sentence, missing: row.unknown ? ["on_air", "snr_db"] : [], since: row.raisedAt, at: at(), inputs, witnesses: row.witnesses, occurrences: row.occurrences, origin: row.origin, ...pack };
    const timeline = [{ at: row.raisedAt, what: "raised", note: row.sentence }, ...row.acknowledged ? [{ at: row.acknowledgedAt ?? at(), what: "acknowledged", actor: row.acknowledgedBy, note: { zh: "", en: "" } }] : []];
    return [200, { alarm: row, verdict: row.rule === "PR-01" ? undefined : verdict, timeline }];
  }

  frames() {
    if (this.list.length === 0 || this.frozen) return [];
    const [from, to, bins] = this.scene === "replay" ? [96.8, 99.2, 1024] : [87, 108, 2048], step = (to - from) * 1e6 / bins;
    const levels = new Uint8Array(bins), gauss = () => this.random() + this.random() + this.random() + this.random() - 2;
    const wobble = this.list.map(() => 1 + 0.25 * gauss());
    for (let i = 0; i < bins; i++) {
      const mhz = from + i * step / 1e6;
      let db = -82 + gauss() * 2.4;
      this.list.forEach(([centre, cls, , level], k) => {
        const away = Math.abs(mhz - centre) / (cls === "unidentified" ? 0.004 : 0.07 * wobble[k]);
        const skirt = Math.max(0, away - 0.55);
        db = Math.max(db, level + 8 - 2 * away * away * (away < 0.55 ? 1 : 0) - 20 * skirt * skirt + gauss() * 2);
      });
      levels[i] = Math.max(0, Math.min(255, Math.round((db + 120) / 0.5)));
    }
    return [encode("GZ-03", "fm", from * 1e6, step, -120, 0.5, { live: 0, replay: 1, simulated: 2 }[this.origin], levels)];
  }
}

function many() {
  return Array.from({ length: 10_000 }, (_, i) => alarm(`many-${i}`, "TS-02", i < 2 ? 1 : i % 10 < 1 ? 2 : i % 10 < 4 ? 3 : 4, `service:1.1.${i}`, `连续丢包 节目 ${i}`, `Continuity errors service ${i}`, "一分钟内 34 次连续计数错误，门限 10。", "34 continuity errors in a minute, limit 10.", { raisedAt: at(i * 1000), acknowledged: i % 3 === 0, state: i % 3 === 0 ? "acknowledged" : "unacknowledged", acknowledgedBy: i % 3 === 0 ? "李敏" : undefined }));
}

/** The layout of SignalWatch.Contracts.SpectrumFrame. */
function encode(probe, watch, startHz, stepHz, floorDb, stepDb, origin, bins) {
  const head = Buffer.alloc(42);
  head.write("SWS1", "latin1");
  head.writeBigInt64LE(BigInt(Date.now()), 4);
  head.writeDoubleLE(startHz, 12);
  head.writeDoubleLE(stepHz, 20);
  head.writeFloatLE(floorDb, 28);
  head.writeFloatLE(stepDb, 32);
  head.set([origin, 0, Buffer.byteLength(probe), Buffer.byteLength(watch)], 36);
  head.writeUInt16LE(bins.length, 40);
  return Buffer.concat([head, Buffer.from(probe), Buffer.from(watch), bins]);
}
