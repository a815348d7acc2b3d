// How old the picture is. All pure: `now` and every `…Mono` are the page's monotonic clock in ms, because the wall's own wall clock may be wrong.

/** What the collector last said of time. */
export interface Heard {
  readonly atMono: number;
  readonly serverMs: number;
  /** When the newest observation was received, Unix ms; null before the first. */
  readonly dataMs: number | null;
  /** Since when the collector can't store, Unix ms by its clock; null while it can. */
  readonly fullSinceMs: number | null;
}

export interface Link {
  readonly phase: "connecting" | "connected" | "waiting";
  /** Since when there is no connection; null while connected. */
  readonly downSinceMono: number | null;
  /** Attempts since the connection was lost. */
  readonly attempt: number;
  /** When the next attempt begins, while waiting. */
  readonly retryAtMono: number | null;
}

/** Why the picture is not now. */
export type Cause = "connection" | "silence" | "storage" | "data";

export interface Age {
  /** `starting`: nothing was ever received; `empty`: connected, and no probe has ever delivered. */
  readonly kind: "starting" | "empty" | "fresh" | "stale";
  readonly cause: Cause | null;
  /** Age of the newest observation, ms; null before the first. */
  readonly dataAgeMs: number | null;
  /** What the clock shows, Unix ms: it stands while the picture is stale. Null before the first word of the collector. */
  readonly clockMs: number | null;
  /** How long the picture has stood, ms. */
  readonly stoppedMs: number;
}

/** Older than this is stale. */
export const staleMs = 5_000;

/** A connection that is back sooner than this is not worth an alarm of the eye. */
export const downMs = 1_500;

export function ageOf(now: number, heard: Heard | null, link: Link): Age {
  const down = link.downSinceMono !== null && now - link.downSinceMono > downMs;
  if (!heard) {
    const stoppedMs = link.downSinceMono === null ? 0 : now - link.downSinceMono;
    return { kind: down ? "stale" : "starting", cause: down ? "connection" : null, dataAgeMs: null, clockMs: null, stoppedMs };
  }
  const sinceHeard = Math.max(0, now - heard.atMono);
  const serverNow = heard.serverMs + sinceHeard;
  const dataAgeMs = heard.dataMs === null ? null : Math.max(0, serverNow - heard.dataMs);
  const stale = (cause: Cause, clockMs: number): Age => ({ kind: "stale", cause, dataAgeMs, clockMs, stoppedMs: Math.max(0, serverNow - clockMs) });
  if (down) return stale("connection", heard.serverMs);
  if (sinceHeard >= staleMs) return stale("silence", heard.serverMs);
  if (heard.fullSinceMs !== null) return stale("storage", Math.min(heard.fullSinceMs, heard.dataMs ?? heard.fullSinceMs));
  if (dataAgeMs !== null && dataAgeMs >= staleMs) return stale("data", heard.dataMs!);
  return { kind: dataAgeMs === null ? "empty" : "fresh", cause: null, dataAgeMs, clockMs: serverNow, stoppedMs: 0 };
}

/** Lit ticks of the badge, one a second; five are a stale picture. */
export function ticks(age: Age): number {
  if (age.kind === "stale") return 5;
  if (age.dataAgeMs === null) return 0;
  return Math.min(5, Math.floor(age.dataAgeMs / 1000));
}

const delays = [500, 1_000, 2_000] as const;

/** Waiting time before attempt 1, 2, 3 …: short at first, then every 3 s, for ever. */
export function retryDelayMs(attempt: number): number {
  return delays[attempt - 1] ?? 3_000;
}
