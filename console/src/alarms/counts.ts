import type { Wall } from "../store";
import type { Priority } from "../wire";

export interface AlarmCounts {
  readonly by: Readonly<Record<Priority, number>>;
  /** Of drill or replay, on a wall that also has live probes: not counted. */
  readonly apart: number;
  readonly urgentOpen: boolean;
}

/** Alarms by priority. Where a live probe stands beside a drill, only what is live counts; a wall that has nothing live counts what it shows, and its tag says what that is. */
export function countAlarms(wall: Wall | undefined): AlarmCounts {
  const by: Record<Priority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 };
  let apart = 0, urgentOpen = false;
  if (wall) {
    const mixed = [...wall.probes.values()].some(p => p.origin === "live");
    for (const alarm of wall.alarms) {
      if (mixed && alarm.origin !== "live") {
        apart++;
        continue;
      }
      by[alarm.priority]++;
      urgentOpen ||= alarm.priority === 1 && !alarm.acknowledged;
    }
  }
  return { by, apart, urgentOpen };
}
