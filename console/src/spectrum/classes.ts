import { number, type CarrierRow } from "../wire";
import { classCode } from "./palette";

const modulatedHalfHz = 100_000; // the FM channel raster leaves ±100 kHz to a station
const widestHalfHz = 130_000; // an over-deviated station; wider would colour its neighbour
const bareHalfHz = 20_000; // a carrier without modulation is one bin and its skirts

/** How far a carrier reaches to each side, Hz. */
export function halfWidthHz(carrier: CarrierRow): number {
  const occupied = number(carrier.facts.occupied_bandwidth_hz);
  if (carrier.class === "unidentified") return bareHalfHz;
  return occupied === undefined ? modulatedHalfHz : Math.min(widestHalfHz, Math.max(modulatedHalfHz, occupied / 2));
}

/** The class of each bin, by the nearest carrier that reaches it; 0 where there is none. */
export function classesOf(carriers: readonly CarrierRow[], startHz: number, stepHz: number, bins: number): Uint8Array {
  const classes = new Uint8Array(bins), distance = new Float64Array(bins).fill(Infinity);
  for (const carrier of carriers) {
    const half = halfWidthHz(carrier), code = classCode[carrier.class];
    const from = Math.max(0, Math.ceil((carrier.frequencyHz - half - startHz) / stepHz)), to = Math.min(bins - 1, Math.floor((carrier.frequencyHz + half - startHz) / stepHz));
    for (let bin = from; bin <= to; bin++) {
      const away = Math.abs(startHz + bin * stepHz - carrier.frequencyHz);
      if (away >= distance[bin]!) continue;
      distance[bin] = away;
      classes[bin] = code;
    }
  }
  return classes;
}
