import { describe, expect, it } from "vitest";
import { applyDelta, fromSnapshot, type Wall } from "../src/store";
import { alarm, delta, instant, snapshot } from "./rows";

function applied(wall: Wall, ...deltas: ReturnType<typeof delta>[]): Wall {
  return deltas.reduce((before, next) => {
    const result = applyDelta(before, next);
    if (result.kind !== "applied") throw new Error(result.kind);
    return result.wall;
  }, wall);
}

describe("deltas", () => {
  it("apply to the revision that they name, and to the run that they belong to", () => {
    const wall = fromSnapshot(snapshot({ alarms: [alarm("1")] }));
    const after = applied(wall, delta(10, { alarms: [alarm("2")] }), delta(11, { alarmsGone: ["1"] }));
    expect(after.revision).toBe(12);
    expect(after.alarms.map(a => a.id)).toEqual(["2"]);
    expect([...after.alarmById.keys()]).toEqual(["2"]);
  });

  it("that skip a revision are a gap", () => expect(applyDelta(fromSnapshot(snapshot()), delta(11)).kind).toBe("gap"));

  it("of another run are a gap, whatever their revision", () => {
    expect(applyDelta(fromSnapshot(snapshot()), delta(10, { instance: "b" })).kind).toBe("gap");
    expect(applyDelta(fromSnapshot(snapshot()), delta(3, { instance: "b" })).kind).toBe("gap");
  });

  it("before any snapshot are a gap", () => expect(applyDelta(undefined, delta(0)).kind).toBe("gap"));

  it("that a snapshot already contains are ignored, not a gap: they were on the way when it was asked for", () => {
    expect(applyDelta(fromSnapshot(snapshot()), delta(8)).kind).toBe("ignored");
    expect(applyDelta(fromSnapshot(snapshot()), delta(9)).kind).toBe("ignored");
  });

  it("may be coalesced over many revisions", () => {
    const result = applyDelta(fromSnapshot(snapshot()), { ...delta(10), revision: 250 });
    expect(result.kind === "applied" && result.wall.revision).toBe(250);
  });

  it("leave what they do not change as it is, so that nothing of it is painted again", () => {
    const wall = fromSnapshot(snapshot({ alarms: [alarm("1")] }));
    const after = applied(wall, delta(10));
    expect(after.alarms).toBe(wall.alarms);
    expect(after.carriers).toBe(wall.carriers);
  });

  it("replace a row of the same key and drop the ones that are gone", () => {
    const carrier = (key: string, name?: string) => ({ key, probe: "P", watch: "fm", subject: `frequency:1/${key}`, frequencyHz: 1, class: "licensed" as const, ...name ? { name } : {}, facts: {}, at: instant(0), origin: "live" as const });
    const wall = fromSnapshot(snapshot({ carriers: [carrier("a"), carrier("b")] }));
    const after = applied(wall, delta(10, { carriers: [carrier("a", "OE1")], carriersGone: ["b"] }));
    expect([...after.carriers.values()].map(c => [c.key, c.name])).toEqual([["a", "OE1"]]);
    expect(wall.carriers.size).toBe(2); // a wall is never changed in place
  });
});

describe("the rate of alarms", () => {
  it("remembers an alarm that has left the wall, and counts one that is raised again", () => {
    const wall = fromSnapshot(snapshot({ alarms: [alarm("1", { at: -60 })] }));
    const after = applied(wall, delta(10, { alarmsGone: ["1"] }), delta(11, { alarms: [alarm("1", { at: 30 })], serverTime: instant(30) }));
    expect(after.raisings.size).toBe(2);
  });

  it("does not count an alarm twice because it changed", () => {
    const wall = fromSnapshot(snapshot({ alarms: [alarm("1")] }));
    expect(applied(wall, delta(10, { alarms: [alarm("1", { occurrences: 7, version: 2 })] })).raisings.size).toBe(1);
  });

  it("forgets what is older than ten minutes", () => {
    const wall = fromSnapshot(snapshot({ alarms: [alarm("1")] }));
    expect(applied(wall, delta(10, { alarms: [alarm("2", { at: 601 })], serverTime: instant(601) })).raisings.size).toBe(1);
  });

  it("never counts drill or replay", () => {
    expect(fromSnapshot(snapshot({ alarms: [alarm("1", { origin: "simulated" }), alarm("2", { origin: "replay" })] })).raisings.size).toBe(0);
  });

  it("outlives a new snapshot", () => {
    const before = fromSnapshot(snapshot({ alarms: [alarm("1")] }));
    expect(fromSnapshot(snapshot({ instance: "b" }), before).raisings.size).toBe(1);
  });
});

it("marks a subject with its worst alarm", () => {
  const wall = fromSnapshot(snapshot({ alarms: [alarm("1", { subject: "service:1.1.1", priority: 4 }), alarm("2", { subject: "service:1.1.1", priority: 2 })] }));
  expect(wall.alarmBySubject.get("service:1.1.1")?.id).toBe("2");
});
