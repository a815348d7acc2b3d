import type { CarrierClass } from "../wire";

/** Colours of the tokens as the canvas needs them. */
export interface Palette {
  readonly ground: string;
  readonly grid: string;
  readonly trace: string;
  readonly fill: string;
  readonly hatch: string;
  readonly axis: string;
  readonly ink: string;
  readonly alarmFill: string;
  readonly alarmWash: string;
  readonly font: string;
  /** 256 × RGB: what is licensed or known. */
  readonly grey: Uint8Array;
  /** 256 × RGB: what nobody registered. */
  readonly alarm: Uint8Array;
}

/** 0: no carrier. The order is the order of weight where two meet. */
export const classCode: Readonly<Record<CarrierClass, number>> = { licensed: 1, overspill: 2, unidentified: 3, unregistered: 4 };

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ground: token("--spec-ground"), grid: token("--spec-grid"), trace: token("--spec-trace"), fill: token("--spec-fill"), hatch: token("--spec-hatch"),
    axis: token("--line-2"), ink: token("--ink-2"), alarmFill: token("--p1-fill"), alarmWash: token("--p1-wash"), font: token("--font"),
    grey: ramp(["--ramp-0", "--ramp-1", "--ramp-2", "--ramp-3", "--ramp-4"].map(token), 1.3),
    alarm: ramp(["--ramp-0", "--ramp-alarm-2", "--ramp-alarm-3", "--ramp-alarm-4"].map(token), 0.8),
  };
}

/** A table of 256 colours through the stops; gamma bends the levels, so that noise stays dark and an unregistered carrier is bright early. */
export function ramp(stops: readonly string[], gamma: number): Uint8Array {
  const rgb = stops.map(hex => [1, 3, 5].map(i => Number.parseInt(hex.slice(i, i + 2), 16)));
  const table = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) {
    const x = Math.pow(level / 255, gamma) * (stops.length - 1), from = Math.min(stops.length - 2, Math.floor(x));
    for (let c = 0; c < 3; c++) table[level * 3 + c] = Math.round(rgb[from]![c]! + (rgb[from + 1]![c]! - rgb[from]![c]!) * (x - from));
  }
  return table;
}
