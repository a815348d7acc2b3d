import { mergeOrdered } from "./alarms/order";
import type { AlarmRow, CarrierRow, ChannelRow, MultiplexRow, ProbeRow, WallDelta, WallSnapshot } from "./wire";

/** What the wall shows, immutable: a delta makes a new one, and shares every collection that it did not change. */
export interface Wall {
  readonly instance: string;
  readonly revision: number;
  /** In the order of the list: see `alarms/order`. */
  readonly alarms: readonly AlarmRow[];
  readonly alarmById: ReadonlyMap<string, AlarmRow>;
  /** The worst live alarm of a subject, so that a carrier or service can carry its mark. */
  readonly alarmBySubject: ReadonlyMap<string, AlarmRow>;
  readonly carriers: ReadonlyMap<string, CarrierRow>;
  readonly probes: ReadonlyMap<string, ProbeRow>;
  readonly multiplexes: ReadonlyMap<string, MultiplexRow>;
  readonly channels: ReadonlyMap<string, ChannelRow>;
  /** Raisings of live alarms that this screen knows of, `id raisedAt` to Unix ms. Alarms leave the wall, the rate of alarms must not forget them. */
  readonly raisings: ReadonlyMap<string, number>;
}

export type Applied = { readonly kind: "applied"; readonly wall: Wall } | { readonly kind: "ignored" } | { readonly kind: "gap" };

/** How far back the rate of alarms looks (notes on ISA-18.2: alarms in 10 minutes). */
export const rateWindowMs = 10 * 60_000;

export function fromSnapshot(snapshot: WallSnapshot, before?: Wall): Wall {
  // Raisings outlive a reconnection to the same history: ids and times are the collector's, not the run's.
  const raisings = noteRaisings(before?.raisings ?? new Map(), snapshot.alarms, Date.parse(snapshot.serverTime));
  const alarms = mergeOrdered([], new Set(), snapshot.alarms);
  return {
    instance: snapshot.instance,
    revision: snapshot.revision,
    alarms,
    alarmById: new Map(alarms.map(a => [a.id, a])),
    alarmBySubject: bySubject(alarms),
    carriers: new Map(snapshot.carriers.map(c => [c.key, c])),
    probes: new Map(snapshot.probes.map(p => [p.probe, p])),
    multiplexes: new Map(snapshot.multiplexes.map(m => [m.key, m])),
    channels: new Map(snapshot.channels.map(c => [c.subject, c])),
    raisings,
  };
}

/** A delta applies to exactly one revision of one run; an older one was already contained in a snapshot, any other means that something was missed. */
export function applyDelta(wall: Wall | undefined, delta: WallDelta): Applied {
  if (!wall || wall.instance !== delta.instance) return { kind: "gap" };
  if (delta.revision <= wall.revision) return { kind: "ignored" };
  if (delta.fromRevision !== wall.revision) return { kind: "gap" };
  const alarmsChanged = delta.alarms.length + delta.alarmsGone.length > 0;
  const alarms = alarmsChanged ? mergeOrdered(wall.alarms, new Set(delta.alarmsGone), delta.alarms) : wall.alarms;
  return {
    kind: "applied",
    wall: {
      instance: wall.instance,
      revision: delta.revision,
      alarms,
      alarmById: alarmsChanged ? new Map(alarms.map(a => [a.id, a])) : wall.alarmById,
      alarmBySubject: alarmsChanged ? bySubject(alarms) : wall.alarmBySubject,
      carriers: replaced(wall.carriers, delta.carriers, c => c.key, delta.carriersGone),
      probes: replaced(wall.probes, delta.probes, p => p.probe),
      multiplexes: replaced(wall.multiplexes, delta.multiplexes, m => m.key),
      channels: replaced(wall.channels, delta.channels, c => c.subject),
      raisings: alarmsChanged ? noteRaisings(wall.raisings, delta.alarms, Date.parse(delta.serverTime)) : wall.raisings,
    },
  };
}

function replaced<T>(rows: ReadonlyMap<string, T>, changed: readonly T[], key: (row: T) => string, gone: readonly string[] = []): ReadonlyMap<string, T> {
  if (changed.length === 0 && gone.length === 0) return rows;
  const next = new Map(rows);
  for (const row of changed) next.set(key(row), row);
  for (const k of gone) next.delete(k);
  return next;
}

/** Alarms are in order of urgency, so the first of a subject is its worst. */
function bySubject(alarms: readonly AlarmRow[]): ReadonlyMap<string, AlarmRow> {
  const map = new Map<string, AlarmRow>();
  for (const alarm of alarms) if (!map.has(alarm.subject)) map.set(alarm.subject, alarm);
  return map;
}

/** Replayed and simulated alarms never count. */
function noteRaisings(known: ReadonlyMap<string, number>, alarms: readonly AlarmRow[], now: number): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  for (const [key, at] of known) if (now - at <= rateWindowMs) next.set(key, at);
  for (const alarm of alarms) {
    const at = Date.parse(alarm.raisedAt);
    if (alarm.origin === "live" && now - at <= rateWindowMs) next.set(`${alarm.id} ${alarm.raisedAt}`, at);
  }
  return next;
}
