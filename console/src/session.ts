import { computed, signal } from "@preact/signals";
import { ageOf, type Heard, type Link } from "./age";
import { WallConnection } from "./connection";
import { paint } from "./paint";
import { classesOf } from "./spectrum/classes";
import { SpectrumStream } from "./spectrum/stream";
import { applyDelta, fromSnapshot, type Wall } from "./store";
import type { Instant, WallHeartbeat } from "./wire";

/** What the wall shows; published once a frame, however many deltas came. */
export const wall = signal<Wall | undefined>(undefined);

/** What the collector last said of time. */
const heard = signal<Heard | null>(null);
export const link = signal<Link>({ phase: "connecting", downSinceMono: performance.now(), attempt: 1, retryAtMono: null });

/** The page's monotonic clock, four times a second: fast enough that a second never looks long. */
export const now = signal(performance.now());

export const age = computed(() => ageOf(now.value, heard.value, link.value));
export const stale = computed(() => age.value.kind === "stale");

/** Server time by which ages are told; it stands while the wall is stale, because an age that grows claims that the state still holds. */
export const wallTime = computed(() => {
  const ms = age.value.clockMs;
  return ms === null ? null : Math.floor(ms / 1000) * 1000;
});

/** Simulated input anywhere: everything is framed as a drill. */
export const drill = computed(() => anyOrigin(wall.value, "simulated"));
export const replay = computed(() => anyOrigin(wall.value, "replay"));

function anyOrigin(state: Wall | undefined, origin: "simulated" | "replay"): boolean {
  if (!state) return false;
  for (const rows of [state.probes, state.carriers, state.multiplexes, state.channels]) for (const row of rows.values()) if (row.origin === origin) return true;
  return state.alarms.some(a => a.origin === origin);
}

let newest: Wall | undefined;
let beatsBehind = 0;

/** The bands, with waterfalls that know their carriers whether they are looked at or not. */
export const spectrum = new SpectrumStream(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/spectrum`, frame => {
  const carriers = [...newest?.carriers.values() ?? []].filter(c => c.probe === frame.probe && c.watch === frame.watch);
  return classesOf(carriers, frame.startHz, frame.stepHz, frame.bins.length);
});

const publish = (): void => {
  wall.value = newest;
};

/** Only a heartbeat says whether the storage is full; from anything else `storageFull` is undefined, and the last word holds. */
function hear(serverTime: Instant, dataAt: Instant | undefined, storageFull?: boolean): void {
  const serverMs = Date.parse(serverTime), before = heard.peek()?.fullSinceMs ?? null;
  const fullSinceMs = storageFull === undefined ? before : storageFull ? before ?? serverMs : null;
  heard.value = { atMono: performance.now(), serverMs, dataMs: dataAt ? Date.parse(dataAt) : null, fullSinceMs };
}

function behind(heartbeat: WallHeartbeat): boolean {
  beatsBehind = newest && heartbeat.revision > newest.revision ? beatsBehind + 1 : 0;
  return beatsBehind >= 3;
}

/** Opens the connections of the page; they stay until it is closed. */
export function openSession(): void {
  const connection = new WallConnection("/hubs/wall", {
    snapshot(snapshot) {
      newest = fromSnapshot(snapshot, newest);
      beatsBehind = 0;
      hear(snapshot.serverTime, snapshot.dataAt);
      paint(publish);
    },
    delta(delta) {
      const result = applyDelta(newest, delta);
      if (result.kind === "gap") return false;
      hear(delta.serverTime, delta.dataAt);
      if (result.kind === "applied") {
        newest = result.wall;
        beatsBehind = 0;
        paint(publish);
      }
      return true;
    },
    heartbeat(heartbeat) {
      hear(heartbeat.serverTime, heartbeat.dataAt, heartbeat.storageFull);
      // A delta that was lost without a successor shows only here.
      if (behind(heartbeat)) {
        beatsBehind = 0;
        void connection.resync();
      }
    },
    link(next) {
      link.value = next;
    },
  });
  connection.start();
  spectrum.start();
  setInterval(() => {
    now.value = performance.now();
  }, 250);
}
