import { acknowledge, askOperator, open, opened, selected, selectedRow } from "./alarms/acknowledge";
import { hold, view } from "./alarms/hold";
import { help } from "./dialogs";

/** The keys of the wall. They rest while somebody writes or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || askOperator.value || help.value) return;
  const target = event.target as HTMLElement;
  if (event.key === "Escape") {
    opened.value = null;
    return;
  }
  if (target.closest("input, textarea, select") || (event.key === "Enter" && target.closest("button"))) return;
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const acts: Readonly<Record<string, () => void>> = {
  j: () => move(1), J: () => move(1), ArrowDown: () => move(1),
  k: () => move(-1), K: () => move(-1), ArrowUp: () => move(-1),
  a: acknowledgeSelected, A: acknowledgeSelected,
  Enter: () => { if (selected.value !== null) open(selected.value); },
  "?": () => { help.value = true; },
};

function move(by: number): void {
  const { rows } = view.value;
  if (rows.length === 0) return;
  hold();
  const at = rows.findIndex(r => r.id === selected.value);
  const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]!;
  selected.value = next.id;
  if (opened.value !== null) opened.value = next.id;
}

function acknowledgeSelected(): void {
  const row = selectedRow();
  if (row) void acknowledge(row);
}
