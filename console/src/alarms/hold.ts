import { computed, signal } from "@preact/signals";
import { now, wall } from "../session";
import { viewHeld, viewOf, type Held } from "./order";

/** A pointer that rests on the list for ever must not freeze it. */
const holdMs = 3_000;

const held = signal<{ readonly rows: Held; readonly untilMono: number } | null>(null);

const holding = computed(() => held.value !== null && now.value < held.value.untilMono);

/** The list as it stands on the screen. */
export const view = computed(() => {
  const alarms = wall.value?.alarms ?? [];
  return holding.value ? viewHeld(held.value!.rows, alarms, wall.value?.alarmById ?? new Map()) : viewOf(alarms);
});

/** Somebody acts on the list: its rows keep their places for the next three seconds. */
export function hold(): void {
  const rows = holding.peek() ? held.peek()!.rows : view.peek();
  held.value = { rows, untilMono: performance.now() + holdMs };
}

export function release(): void {
  held.value = null;
}
