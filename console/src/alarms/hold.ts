import { computed, effect, signal } from "@preact/signals";
import { now, wall } from "../session";
import { viewHeld, viewOf, type Held } from "./order";

/** A pointer that rests on the list for ever must not freeze it. */
const holdMs = 3_000;

const held = signal<Held | null>(null);
let untilMono = 0;

/** The list as it stands on the screen. */
export const view = computed(() => {
  const alarms = wall.value?.alarms ?? [];
  return held.value ? viewHeld(held.value, alarms, wall.value?.alarmById ?? new Map()) : viewOf(alarms);
});

effect(() => {
  if (now.value >= untilMono) release();
});

/** Somebody acts on the list: its rows keep their places for the next three seconds. */
export function hold(): void {
  untilMono = performance.now() + holdMs;
  held.value ??= view.peek();
}

export function release(): void {
  held.value = null;
}
