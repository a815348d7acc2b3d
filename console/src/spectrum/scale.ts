import type { SpectrumFrame } from "./frame";

/** The levels between which the band is drawn, dB. */
export interface Scale {
  readonly low: number;
  readonly high: number;
}

const step = 10;

/** The scale after one more frame. It grows at once and shrinks only when the picture would use less than two thirds of it, so that it does not breathe with the modulation. */
export function nextScale(frame: SpectrumFrame, before: Scale | null): Scale {
  const { floor, top } = extent(frame);
  const low = Math.floor((floor - 6) / step) * step, high = Math.ceil((top + 4) / step) * step;
  if (!before) return { low, high };
  const grown = { low: Math.min(low, before.low), high: Math.max(high, before.high) };
  if (high - low < (grown.high - grown.low) * 0.66) return { low, high };
  return grown.low === before.low && grown.high === before.high ? before : grown;
}

/** Noise floor (the lower quarter of the bins) and highest level, dB: a histogram, because sorting thousands of bins for each frame is not needed. */
function extent(frame: SpectrumFrame): { readonly floor: number; readonly top: number } {
  const histogram = new Uint32Array(256);
  let top = 0;
  for (const bin of frame.bins) {
    histogram[bin]!++;
    if (bin > top) top = bin;
  }
  let floor = 0;
  for (let below = histogram[0]!; below * 4 < frame.bins.length; below += histogram[++floor]!);
  return { floor: frame.floorDb + frame.stepDb * floor, top: frame.floorDb + frame.stepDb * top };
}
