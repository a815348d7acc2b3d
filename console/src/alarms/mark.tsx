import type { AlarmRow, Priority } from "../wire";

export type MarkState = "open" | "acked" | "back" | "unknown";

// One shape for each priority on a grid of 32 × 32, so that no priority is told by its hue alone. Attributes rather than the CSS property `d`, which Safari on a phone does not know.
const shapes: Readonly<Record<Priority, string>> = {
  1: "M5 3h22a2 2 0 0 1 2 2v22a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z",
  2: "M14.3 2.9a2 2 0 0 1 3.4 0l13 23.2a2 2 0 0 1-1.7 3H3a2 2 0 0 1-1.7-3z",
  3: "M16 2a14 14 0 1 1 0 28a14 14 0 0 1 0-28z",
  4: "M14.6 2.4a2 2 0 0 1 2.8 0l12.2 12.2a2 2 0 0 1 0 2.8L17.4 29.6a2 2 0 0 1-2.8 0L2.4 17.4a2 2 0 0 1 0-2.8z",
};
const baselines: Readonly<Record<Priority, number>> = { 1: 23.2, 2: 25.6, 3: 23.2, 4: 22.6 };

export function markState(alarm: AlarmRow): MarkState {
  if (alarm.unknown) return "unknown";
  if (!alarm.active) return "back";
  return alarm.acknowledged ? "acked" : "open";
}

/** Shape, digit and outline of an alarm: the shape says the priority, the outline the state. */
export function Mark({ priority, state }: { readonly priority: Priority; readonly state: MarkState }) {
  return (
    <svg class="mark" data-p={priority} data-state={state} viewBox="0 0 32 32" role="img" aria-label={`P${priority}`}>
      <path class="ring" d={shapes[priority]} />
      <path class="body" d={shapes[priority]} />
      <text x="16" y={baselines[priority]}>{priority}</text>
    </svg>
  );
}
