import { describe, expect, it } from "vitest";
import { compareAlarms, mergeOrdered, tallRows, topOf, viewHeld, windowOf } from "../src/alarms/order";
import { alarm } from "./rows";

const ids = (rows: readonly { readonly id: string }[]) => rows.map(r => r.id).join(" ");

describe("order", () => {
  it("is: not acknowledged, priority, newest", () => {
    const rows = [alarm("old-p2"), alarm("acked-p1", { priority: 1, acknowledged: true }), alarm("new-p2", { at: 9 }), alarm("p4", { priority: 4, at: 99 }), alarm("p1", { priority: 1, at: -99 })];
    expect(ids(mergeOrdered([], new Set(), rows))).toBe("p1 new-p2 old-p2 p4 acked-p1");
  });

  it("goes by the instant, not by the letters of its offset", () => {
    const early = { ...alarm("early"), raisedAt: "2026-11-22T22:00:00+08:00" }, late = { ...alarm("late"), raisedAt: "2026-11-22T14:00:01Z" };
    expect(ids([early, late].sort(compareAlarms))).toBe("late early");
  });

  it("after any changes is the order of sorting everything anew", () => {
    // A fixed sequence of pseudo-random changes: what fails fails again.
    let seed = 1;
    const random = (n: number): number => (seed = (seed * 1664525 + 1013904223) >>> 0) % n;
    const row = (id: number) => alarm(`a${id}`, { priority: (1 + random(4)) as 1 | 2 | 3 | 4, acknowledged: random(2) === 0, at: random(50) });
    let ordered = mergeOrdered([], new Set(), Array.from({ length: 60 }, (_, i) => row(i)));
    for (let step = 0; step < 300; step++) {
      const changed = Array.from({ length: random(6) }, () => row(random(80))), gone = new Set(Array.from({ length: random(3) }, () => `a${random(80)}`));
      const expected = new Map(ordered.map(r => [r.id, r]));
      for (const r of changed) expected.set(r.id, r);
      for (const id of gone) expected.delete(id);
      ordered = mergeOrdered(ordered, gone, changed);
      expect(ids(ordered)).toBe(ids([...expected.values()].sort(compareAlarms)));
    }
  });
});

describe("a list that is held", () => {
  const held = { rows: [alarm("1"), alarm("2"), alarm("3")], tall: 0 };

  it("keeps places, shows the newest content, marks what is gone and adds what is new at the end", () => {
    const alarms = [alarm("new", { priority: 1 }), alarm("3"), alarm("1", { acknowledged: true })];
    const view = viewHeld(held, alarms, new Map(alarms.map(a => [a.id, a])));
    expect(ids(view.rows)).toBe("1 2 3 new");
    expect(view.rows[0]!.acknowledged).toBe(true);
    expect([...view.gone]).toEqual(["2"]);
    expect(view.added).toBe(1);
  });
});

describe("the window of a long list", () => {
  it("has about thirty rows of ten thousand, and the ones under the scroll position", () => {
    const window = windowOf(10_000, 2, 88, 60, 300_000, 600);
    expect(window.to - window.from).toBeLessThanOrEqual(30);
    expect(topOf(window.from, 2, 88, 60)).toBeLessThanOrEqual(300_000);
    expect(topOf(window.to, 2, 88, 60)).toBeGreaterThanOrEqual(300_600);
    expect(window.height).toBe(2 * 88 + 9_998 * 60);
  });

  it("ends with the list", () => expect(windowOf(3, 0, 88, 60, 0, 600)).toMatchObject({ from: 0, to: 3 }));

  it("gives room to the leading P1 that nobody has acknowledged, and to no other row", () => {
    expect(tallRows([alarm("1", { priority: 1 }), alarm("2", { priority: 2 }), alarm("3", { priority: 1 })])).toBe(1);
    expect(tallRows([alarm("1", { priority: 1, acknowledged: true })])).toBe(0);
  });
});
