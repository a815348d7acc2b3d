import type { AlarmRow, WallDelta, WallSnapshot } from "../src/wire";

/** An alarm as the collector sends it; `at` is seconds after 2026-11-22T14:00:00Z. */
export function alarm(id: string, more: Partial<AlarmRow> & { at?: number } = {}): AlarmRow {
  const { at = 0, ...rest } = more;
  return {
    id, rule: "FM-01", subject: `frequency:440106/${id}`, priority: 2, state: "unacknowledged", isaState: "B", active: true, acknowledged: false, unknown: false,
    title: { zh: id, en: id }, sentence: { zh: "", en: "" }, area: "440106", witnesses: [], occurrences: 1, raisedAt: instant(at), origin: "live", version: 1, ...rest,
  };
}

export function instant(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 22, 14) + seconds * 1000).toISOString();
}

export function snapshot(more: Partial<WallSnapshot> = {}): WallSnapshot {
  return { instance: "a", revision: 10, serverTime: instant(0), dataAt: instant(0), alarms: [], carriers: [], probes: [], multiplexes: [], channels: [], ...more };
}

export function delta(fromRevision: number, more: Partial<WallDelta> = {}): WallDelta {
  return { ...snapshot(), fromRevision, revision: fromRevision + 1, alarmsGone: [], carriersGone: [], ...more };
}
