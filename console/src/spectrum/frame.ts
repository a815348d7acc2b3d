import type { Origin } from "../wire";

export type SpectrumUnit = "dBFS" | "dBm" | "dBµV/m";

/** One line of the waterfall. `bins` is a view into the message: level = floorDb + stepDb × byte. */
export interface SpectrumFrame {
  readonly probe: string;
  readonly watch: string;
  /** Source time, Unix ms. */
  readonly at: number;
  /** Centre of the first bin, Hz. */
  readonly startHz: number;
  readonly stepHz: number;
  readonly floorDb: number;
  readonly stepDb: number;
  readonly origin: Origin;
  readonly unit: SpectrumUnit;
  readonly bins: Uint8Array;
}

const magic = 0x31535753; // "SWS1", little-endian
const headerBytes = 42;
const maxBins = 4096;
const maxTimeMs = 253402300799999; // the year 9999, as the collector has it
const origins: readonly Origin[] = ["live", "replay", "simulated"];
const units: readonly SpectrumUnit[] = ["dBFS", "dBm", "dBµV/m"];
const utf8 = new TextDecoder();

/** Reads a frame (layout: SignalWatch.Contracts.SpectrumFrame); null where the bytes are not a whole, valid frame. */
export function parseFrame(buffer: ArrayBuffer): SpectrumFrame | null {
  if (buffer.byteLength < headerBytes) return null;
  const view = new DataView(buffer);
  const probeBytes = view.getUint8(38), watchBytes = view.getUint8(39), bins = view.getUint16(40, true);
  const origin = origins[view.getUint8(36)], unit = units[view.getUint8(37)];
  if (view.getUint32(0, true) !== magic || origin === undefined || unit === undefined) return null;
  if (probeBytes === 0 || watchBytes === 0 || bins === 0 || bins > maxBins) return null;
  if (buffer.byteLength !== headerBytes + probeBytes + watchBytes + bins) return null;
  const at = Number(view.getBigInt64(4, true));
  const startHz = view.getFloat64(12, true), stepHz = view.getFloat64(20, true), floorDb = view.getFloat32(28, true), stepDb = view.getFloat32(32, true);
  if (at < 0 || at > maxTimeMs || ![startHz, stepHz, floorDb, stepDb].every(Number.isFinite) || stepHz <= 0 || stepDb <= 0) return null;
  return {
    probe: utf8.decode(new Uint8Array(buffer, headerBytes, probeBytes)),
    watch: utf8.decode(new Uint8Array(buffer, headerBytes + probeBytes, watchBytes)),
    at, startHz, stepHz, floorDb, stepDb, origin, unit,
    bins: new Uint8Array(buffer, headerBytes + probeBytes + watchBytes, bins),
  };
}
