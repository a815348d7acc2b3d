// What travels between the collector and the console: the same nouns as SignalWatch.Contracts, camelCase. A member without a value is not there at all.

export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** A measured value; `uncertainty` is the half width of the 95 % interval, in the unit of the value. */
export type Fact = number | boolean | string | { readonly value: number; readonly uncertainty: number };
export type Facts = Readonly<Record<string, Fact>>;

/** Only `live` counts in figures and is evidence. */
export type Origin = "live" | "replay" | "simulated";

/** An instant, ISO 8601 with offset. */
export type Instant = string;

export type AlarmState = "unacknowledged" | "acknowledged" | "returned" | "normal";
export type Priority = 1 | 2 | 3 | 4;

export interface VerdictInput {
  readonly name: string;
  readonly value?: Fact;
  readonly unit: string;
  readonly from: string;
  readonly at?: Instant;
  readonly title?: Text;
}

export interface AlarmRow {
  readonly id: string;
  readonly rule: string;
  /** `kind:key`. */
  readonly subject: string;
  readonly priority: Priority;
  readonly state: AlarmState;
  readonly isaState: string;
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly unknown: boolean;
  readonly title: Text;
  readonly sentence: Text;
  readonly reason?: Text;
  readonly area: string;
  readonly measured?: VerdictInput;
  readonly witnesses: readonly string[];
  readonly occurrences: number;
  readonly raisedAt: Instant;
  readonly clearedAt?: Instant;
  readonly acknowledgedBy?: string;
  readonly acknowledgedAt?: Instant;
  readonly origin: Origin;
  readonly version: number;
}

export type CarrierClass = "licensed" | "overspill" | "unregistered" | "unidentified";

export interface CarrierRow {
  readonly key: string;
  readonly probe: string;
  readonly watch: string;
  readonly subject: string;
  readonly frequencyHz: number;
  readonly class: CarrierClass;
  readonly name?: string;
  readonly facts: Facts;
  readonly at: Instant;
  readonly origin: Origin;
}

export interface ProbeRow {
  readonly probe: string;
  readonly name: string;
  readonly area: string;
  readonly online: boolean;
  readonly lastReceived: Instant;
  readonly version?: string;
  readonly clockOffsetMs?: number;
  readonly spoolEntries: number;
  readonly watchesFailed: number;
  readonly faults: readonly string[];
  readonly origin: Origin;
}

export interface ServiceRow {
  readonly subject: string;
  readonly name: string;
  readonly facts: Facts;
  /** Continuity errors of the last minute. */
  readonly ccErrors: number;
}

export interface MultiplexRow {
  readonly key: string;
  readonly probe: string;
  readonly watch: string;
  readonly facts: Facts;
  readonly services: readonly ServiceRow[];
  readonly at: Instant;
  readonly origin: Origin;
}

export interface ChannelRow {
  readonly subject: string;
  readonly probe: string;
  readonly name: string;
  readonly facts: Facts;
  readonly at: Instant;
  readonly origin: Origin;
}

export interface WallSnapshot {
  readonly instance: string;
  readonly revision: number;
  readonly serverTime: Instant;
  readonly dataAt?: Instant;
  readonly alarms: readonly AlarmRow[];
  readonly carriers: readonly CarrierRow[];
  readonly probes: readonly ProbeRow[];
  readonly multiplexes: readonly MultiplexRow[];
  readonly channels: readonly ChannelRow[];
}

export interface WallDelta extends WallSnapshot {
  readonly fromRevision: number;
  readonly alarmsGone: readonly string[];
  readonly carriersGone: readonly string[];
}

export interface WallHeartbeat {
  readonly serverTime: Instant;
  readonly dataAt?: Instant;
  readonly revision: number;
  readonly storageFull: boolean;
}

export interface Verdict {
  readonly id: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly subject: string;
  readonly result: "violation" | "compliant" | "undetermined";
  readonly severity: Priority;
  readonly title: Text;
  readonly sentence: Text;
  readonly reason?: Text;
  readonly missing: readonly string[];
  readonly since: Instant;
  readonly at: Instant;
  readonly inputs: readonly VerdictInput[];
  readonly witnesses: readonly string[];
  readonly occurrences: number;
  readonly origin: Origin;
  readonly pack: string;
  readonly packDigest: string;
  readonly registerDigest: string;
  readonly build: string;
}

export interface TimelineEntry {
  readonly at: Instant;
  /** `raised`, `returned`, `unknown`, `known`, `acknowledged`; a newer collector may say more. */
  readonly what: string;
  readonly actor?: string;
  readonly note: Text;
}

export interface AlarmDetail {
  readonly alarm: AlarmRow;
  readonly verdict?: Verdict;
  readonly timeline: readonly TimelineEntry[];
}

export interface Acknowledgement {
  readonly actor: string;
  readonly version: number;
  readonly note?: string;
}

/** RFC 9457 with a stable code and both languages. */
export interface Problem {
  readonly code: string;
  readonly title?: string;
  readonly detail?: string;
  readonly texts?: { readonly title: Text; readonly detail: Text };
}

/** The number in a fact, or undefined where it is missing or not a number. */
export function number(fact: Fact | undefined): number | undefined {
  if (typeof fact === "number") return fact;
  return typeof fact === "object" ? fact.value : undefined;
}

export function flag(fact: Fact | undefined): boolean | undefined {
  return typeof fact === "boolean" ? fact : undefined;
}

export function text(fact: Fact | undefined): string | undefined {
  return typeof fact === "string" && fact !== "" ? fact : undefined;
}
