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

/** Places labels in rows such that no label covers another, or another's leader line. What finds no room is left out, and counted by the caller: least rank first stays. */
export function placeLabels(wishes: readonly Wish[], width: number, rows: number): ReadonlyMap<string, Place> {
  const taken: Taken[][] = Array.from({ length: rows }, () => []);
  const places = new Map<string, Place>();
  for (const wish of [...wishes].sort((a, b) => a.rank - b.rank || a.x - b.x || (a.key < b.key ? -1 : 1))) {
    const place = findPlace(wish, width, taken);
    if (!place) continue;
    places.set(wish.key, place);
    taken[place.row]!.push({ from: place.left - gap / 2, to: place.left + wish.width + gap / 2 });
    for (let row = place.row + 1; row < rows; row++) taken[row]!.push({ from: wish.x - leader, to: wish.x + leader });
  }
  return places;
}

function findPlace(wish: Wish, width: number, taken: readonly (readonly Taken[])[]): Place | null {
  const order = taken.map((_, row) => wish.top ? row : taken.length - 1 - row);
  // Over the carrier first; then to its right and to its left, still touching its leader line.
  for (const row of order) {
    for (const offset of [wish.width / 2, leader * 2, wish.width - leader * 2]) {
      const left = Math.max(0, Math.min(width - wish.width, wish.x - offset));
      if (left >= 0 && fits(wish, left, row, taken)) return { left, row };
    }
  }
  return null;
}

function fits(wish: Wish, left: number, row: number, taken: readonly (readonly Taken[])[]): boolean {
  const free = (t: readonly Taken[], from: number, to: number): boolean => t.every(o => o.to <= from || o.from >= to);
  if (wish.width > 0 && !free(taken[row]!, left - gap / 2, left + wish.width + gap / 2)) return false;
  for (let below = row + 1; below < taken.length; below++) if (!free(taken[below]!, wish.x - 1, wish.x + 1)) return false;
  return true;
}
