/** A label that wants to stand over its carrier. */
export interface Wish {
  readonly key: string;
  /** Where the carrier is, px. */
  readonly x: number;
  readonly width: number;
  /** Lower is placed first. */
  readonly rank: number;
  /** Stands in the top row, as long as there is room. */
  readonly top: boolean;
}

export interface Place {
  readonly left: number;
  /** 0 is the top row. */
  readonly row: number;
}

const gap = 8;
const leader = 4;

interface Taken {
  readonly from: number;
  readonly to: number;
}

/** Places labels in rows such that no label covers another. First without a leader line behind any label; what finds no room so may stand with its line behind others, which is still read.
 * What finds no room at all is left out, for the caller to list elsewhere: the lowest rank stays longest. */
export function placeLabels(wishes: readonly Wish[], width: number, rows: number): ReadonlyMap<string, Place> {
  const labels: Taken[][] = Array.from({ length: rows }, () => []), lines: Taken[][] = Array.from({ length: rows }, () => []);
  const places = new Map<string, Place>();
  const ordered = [...wishes].sort((a, b) => a.rank - b.rank || a.x - b.x || (a.key < b.key ? -1 : 1));
  for (const strict of [true, false]) {
    for (const wish of ordered) {
      const place = places.has(wish.key) ? null : findPlace(wish, width, labels, lines, strict);
      if (!place) continue;
      places.set(wish.key, place);
      labels[place.row]!.push({ from: place.left - gap / 2, to: place.left + wish.width + gap / 2 });
      for (let row = place.row + 1; row < rows; row++) lines[row]!.push({ from: wish.x - leader, to: wish.x + leader });
    }
  }
  return places;
}

type Rows = readonly (readonly Taken[])[];

function findPlace(wish: Wish, width: number, labels: Rows, lines: Rows, strict: boolean): Place | null {
  if (wish.width > width) return null;
  // Over the carrier first; then to its right and to its left, still touching its leader line.
  for (let i = 0; i < labels.length; i++) {
    const row = wish.top ? i : labels.length - 1 - i;
    for (const offset of [wish.width / 2, leader * 2, wish.width - leader * 2]) {
      const left = Math.max(0, Math.min(width - wish.width, wish.x - offset));
      if (fits(wish, left, row, labels, lines, strict)) return { left, row };
    }
  }
  return null;
}

function fits(wish: Wish, left: number, row: number, labels: Rows, lines: Rows, strict: boolean): boolean {
  const from = left - gap / 2, to = left + wish.width + gap / 2;
  if (!free(labels[row]!, from, to)) return false;
  if (!strict) return true;
  return free(lines[row]!, from, to) && labels.every((taken, below) => below <= row || free(taken, wish.x - 1, wish.x + 1));
}

function free(taken: readonly Taken[], from: number, to: number): boolean {
  return taken.every(o => o.to <= from || o.from >= to);
}
