import type { AlarmRow } from "../wire";

const raisedMs = new WeakMap<AlarmRow, number>();

/** Rows are immutable, so each is parsed once: a list of ten thousand compares its rows some hundred thousand times. */
function raised(row: AlarmRow): number {
  let ms = raisedMs.get(row);
  if (ms === undefined) raisedMs.set(row, ms = Date.parse(row.raisedAt));
  return ms;
}

/** What needs a person first: not acknowledged, then by priority, then the newest; the id decides at last, so that equal rows never change places. */
export function compareAlarms(a: AlarmRow, b: AlarmRow): number {
  return Number(a.acknowledged) - Number(b.acknowledged)
    || a.priority - b.priority
    || raised(b) - raised(a)
    || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The ordered list after some rows changed and some went. Only the changed rows are sorted and searched for, so that a change among ten thousand alarms costs a copy of the list and no more. */
export function mergeOrdered(ordered: readonly AlarmRow[], gone: ReadonlySet<string>, changed: readonly AlarmRow[]): readonly AlarmRow[] {
  const newest = new Map(changed.map(row => [row.id, row]));
  const fresh = [...newest.values()].filter(row => !gone.has(row.id)).sort(compareAlarms);
  const kept = ordered.filter(row => !gone.has(row.id) && !newest.has(row.id));
  const next: AlarmRow[] = [];
  let from = 0;
  for (const row of fresh) {
    const to = insertion(kept, row, from);
    for (; from < to; from++) next.push(kept[from]!);
    next.push(row);
  }
  for (; from < kept.length; from++) next.push(kept[from]!);
  return next;
}

function insertion(rows: readonly AlarmRow[], row: AlarmRow, from: number): number {
  let low = from, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareAlarms(rows[middle]!, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows as they stand on the screen while somebody points at the list: nothing changes its place. */
export interface Held {
  readonly rows: readonly AlarmRow[];
  readonly tall: number;
}

/** What the list shows. */
export interface View extends Held {
  /** No longer live; they keep their place until the list is let go, so that a click never meets another row. */
  readonly gone: ReadonlySet<string>;
  /** New since the list is held; at its end. */
  readonly added: number;
}

/** The list while held: every row in its old place with its newest content, new rows below the rest. */
export function viewHeld(held: Held, alarms: readonly AlarmRow[], byId: ReadonlyMap<string, AlarmRow>): View {
  const known = new Set(held.rows.map(r => r.id));
  const gone = new Set<string>();
  const kept = held.rows.map(row => {
    const current = byId.get(row.id);
    if (!current) gone.add(row.id);
    return current ?? row;
  });
  const added = alarms.filter(a => !known.has(a.id));
  return { rows: [...kept, ...added], tall: held.tall, gone, added: added.length };
}

const nothing: ReadonlySet<string> = new Set();

export function viewOf(alarms: readonly AlarmRow[]): View {
  return { rows: alarms, tall: tallRows(alarms), gone: nothing, added: 0 };
}

/** The rows of a long list that are on the screen, and where they stand; heights in px. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

export function topOf(index: number, tall: number, tallPx: number, rowPx: number): number {
  return Math.min(index, tall) * tallPx + Math.max(0, index - tall) * rowPx;
}

/** How many rows lie wholly below the screen. */
export function below(count: number, tall: number, tallPx: number, rowPx: number, scrollPx: number, viewPx: number): number {
  const bottom = scrollPx + viewPx, inTall = Math.min(tall, Math.ceil(bottom / tallPx));
  const seen = inTall < tall ? inTall : tall + Math.ceil(Math.max(0, bottom - tall * tallPx) / rowPx);
  return Math.max(0, count - seen);
}

const overscan = 3;

export function windowOf(count: number, tall: number, tallPx: number, rowPx: number, scrollPx: number, viewPx: number): Window {
  const at = (y: number): number => y < tall * tallPx ? Math.floor(y / tallPx) : tall + Math.floor((y - tall * tallPx) / rowPx);
  return { from: Math.max(0, at(scrollPx) - overscan), to: Math.min(count, at(scrollPx + viewPx) + 1 + overscan), height: topOf(count, tall, tallPx, rowPx) };
}

/** How many leading rows stand tall: P1 that nobody has acknowledged. */
export function tallRows(alarms: readonly AlarmRow[]): number {
  let n = 0;
  while (n < alarms.length && alarms[n]!.priority === 1 && !alarms[n]!.acknowledged) n++;
  return n;
}
