import { describe, expect, it } from "vitest";
import { classesOf } from "../src/spectrum/classes";
import { parseFrame } from "../src/spectrum/frame";
import { placeLabels, type Wish } from "../src/spectrum/labels";
import { classCode } from "../src/spectrum/palette";
import { nextScale } from "../src/spectrum/scale";
import { axisStepHz, columnLevels, type Plot } from "../src/spectrum/trace";
import type { CarrierRow } from "../src/wire";

// Written down byte by byte from the layout in SignalWatch.Contracts.SpectrumFrame, not with code of ours.
const literal = [
  0x53, 0x57, 0x53, 0x31, // SWS1
  0x00, 0x68, 0xe5, 0xcf, 0x8b, 0x01, 0x00, 0x00, // 1,700,000,000,000 ms = 2023-11-14T22:13:20Z
  0x00, 0x00, 0x00, 0x00, 0xe9, 0x14, 0x97, 0x41, // 96,811,584.0 Hz
  0x00, 0x00, 0x00, 0x00, 0x80, 0x4f, 0xa2, 0x40, // 2,343.75 Hz
  0x00, 0x00, 0xf0, 0xc2, // −120 dB
  0x00, 0x00, 0x00, 0x3f, // 0.5 dB
  0x01, 0x00, // replay, dBFS
  0x05, 0x02, // lengths of the ids
  0x03, 0x00, // bins
  0x47, 0x5a, 0x2d, 0x30, 0x33, // GZ-03
  0x66, 0x6d, // fm
  0x00, 0x80, 0xff,
];
const bytes = (values: readonly number[]): ArrayBuffer => Uint8Array.from(values).buffer;
const changed = (index: number, value: number): ArrayBuffer => bytes(literal.map((b, i) => i === index ? value : b));

describe("a spectrum frame", () => {
  it("is read as the collector writes it", () => {
    const frame = parseFrame(bytes(literal));
    expect(frame).toMatchObject({ at: 1_700_000_000_000, startHz: 96_811_584, stepHz: 2_343.75, floorDb: -120, stepDb: 0.5, origin: "replay", unit: "dBFS", probe: "GZ-03", watch: "fm" });
    expect([...frame!.bins]).toEqual([0, 128, 255]);
  });

  it("cut anywhere, or with a byte too many, is none", () => {
    for (let length = 0; length < literal.length; length++) expect(parseFrame(bytes(literal.slice(0, length)))).toBeNull();
    expect(parseFrame(bytes([...literal, 0]))).toBeNull();
  });

  it("with another magic, origin, unit, no probe, no watch, no bins or a step of zero is none", () => {
    for (const bad of [changed(0, 0x54), changed(36, 3), changed(37, 3), changed(38, 0), changed(39, 0), changed(40, 0), changed(41, 0xff)]) expect(parseFrame(bad)).toBeNull();
    expect(parseFrame(bytes(literal.map((b, i) => i >= 20 && i < 28 ? 0 : b)))).toBeNull();
    expect(parseFrame(bytes(literal.map((b, i) => i >= 28 && i < 32 ? 0xff : b)))).toBeNull(); // NaN
  });

  it("of any bytes never throws", () => {
    let seed = 3;
    for (let round = 0; round < 2_000; round++) {
      const mangled = literal.map(b => (seed = (seed * 1664525 + 1013904223) >>> 0) % 8 === 0 ? (seed >>> 8) & 255 : b);
      expect(() => parseFrame(bytes(mangled))).not.toThrow();
    }
  });
});

const carrier = (mhz: number, cls: CarrierRow["class"], obw = 160_000): CarrierRow => ({ key: String(mhz), probe: "P", watch: "fm", subject: "", frequencyHz: Math.round(mhz * 1e6), class: cls, facts: { occupied_bandwidth_hz: obw }, at: "", origin: "live" });

describe("classes of bins", () => {
  const classes = classesOf([carrier(97.4, "licensed"), carrier(97.8, "unregistered"), carrier(98.5, "unidentified", 1_000)], 97e6, 10_000, 200);
  const at = (mhz: number): number => classes[Math.round((mhz - 97) * 100)]!;
  it("follow the carriers, and are none between them", () => {
    expect([at(97.4), at(97.8), at(98.5)]).toEqual([classCode.licensed, classCode.unregistered, classCode.unidentified]);
    expect([at(97.1), at(97.6), at(98.1)]).toEqual([0, 0, 0]);
  });
  it("of a bare carrier reach no further than its skirts", () => expect(at(98.55)).toBe(0));
  it("outside the band are no error", () => expect([...classesOf([carrier(120, "licensed"), carrier(80, "licensed")], 97e6, 10_000, 10)]).toEqual(Array(10).fill(0)));
});

describe("labels", () => {
  const overlap = (wishes: readonly Wish[], width: number, rows: number): void => {
    const places = placeLabels(wishes, width, rows), byKey = new Map(wishes.map(w => [w.key, w]));
    const boxes = [...places].map(([key, p]) => ({ ...p, right: p.left + byKey.get(key)!.width }));
    for (const a of boxes) {
      expect(a.left).toBeGreaterThanOrEqual(0);
      expect(a.right).toBeLessThanOrEqual(width);
      for (const b of boxes) if (a !== b && a.row === b.row) expect(a.right <= b.left || b.right <= a.left).toBe(true);
    }
  };

  it("never cover one another, however dense the band", () => {
    let seed = 5;
    const random = (n: number): number => (seed = (seed * 1664525 + 1013904223) >>> 0) % n;
    for (let round = 0; round < 200; round++) overlap(Array.from({ length: 1 + random(40) }, (_, i) => ({ key: String(i), x: random(1_000), width: 20 + random(150), rank: random(4), top: random(5) === 0 })), 1_000, 1 + random(4));
  });

  it("of what may be an offence keep their place when there is room for one only", () => {
    const wish = (key: string, rank: number): Wish => ({ key, x: 100, width: 90, rank, top: false });
    expect([...placeLabels([wish("licensed", 2), wish("pirate", 0)], 100, 1).keys()]).toEqual(["pirate"]);
  });

  it("that are wider than the plot are left to the list", () => expect(placeLabels([{ key: "a", x: 5, width: 500, rank: 0, top: true }], 300, 3).size).toBe(0));
});

describe("the trace", () => {
  const frame = { probe: "P", watch: "fm", at: 0, startHz: 100, stepHz: 1, floorDb: -100, stepDb: 1, origin: "live" as const, unit: "dBFS" as const, bins: Uint8Array.from([0, 0, 90, 0, 0, 0, 0, 0]) };
  const plot = (width: number): Plot => ({ width, height: 100, top: 0, axis: 0, unit: 1, fontPx: 10, fromHz: 99.5, toHz: 107.5 });
  it("does not lose a single high bin where a pixel covers several", () => expect(Math.max(...columnLevels(frame, plot(2), new Float32Array(2)))).toBe(-10));
  it("interpolates where a bin covers several pixels", () => {
    const levels = columnLevels(frame, plot(64), new Float32Array(64));
    expect(Math.max(...levels)).toBeCloseTo(-10, 0);
    expect([...levels].some(l => l > -90 && l < -20)).toBe(true);
  });
  it("keeps its scale while the level breathes, and grows it at once", () => {
    const first = nextScale(frame, null);
    expect(nextScale({ ...frame, bins: frame.bins.map(b => b && b - 3) }, first)).toBe(first);
    expect(nextScale({ ...frame, bins: frame.bins.map(b => b && 99) }, first).high).toBeGreaterThan(first.high);
  });
  it("has an axis whose numbers leave one another room", () => expect([axisStepHz(2.4e6, 20), axisStepHz(21e6, 22), axisStepHz(21e6, 7)]).toEqual([200_000, 1_000_000, 5_000_000]));
});
