import type { SpectrumFrame } from "./frame";
import { classCode, type Palette } from "./palette";
import type { Scale } from "./scale";

/** Where the trace lies in its canvas, device px. `unit` is one px of a 1080p wall. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  /** Height kept free for the labels. */
  readonly top: number;
  /** Height of the frequency axis. */
  readonly axis: number;
  readonly unit: number;
  readonly fontPx: number;
  readonly fromHz: number;
  readonly toHz: number;
}

export function xOf(plot: Plot, hz: number): number {
  return (hz - plot.fromHz) / (plot.toHz - plot.fromHz) * plot.width;
}

export function yOf(plot: Plot, scale: Scale, db: number): number {
  const share = (db - scale.low) / (scale.high - scale.low);
  return plot.top + (1 - Math.max(0, Math.min(1, share))) * (plot.height - plot.top - plot.axis);
}

/** Level of each pixel column, dB: the highest of its bins, or between two bins where a pixel is narrower than one. Writes into `levels` and returns it. */
export function columnLevels(frame: SpectrumFrame, plot: Plot, levels: Float32Array): Float32Array {
  const hzPerPx = (plot.toHz - plot.fromHz) / plot.width, last = frame.bins.length - 1;
  for (let x = 0; x < plot.width; x++) {
    const from = (plot.fromHz + x * hzPerPx - frame.startHz) / frame.stepHz, to = from + hzPerPx / frame.stepHz;
    const low = Math.max(0, Math.min(last, Math.floor(from))), high = Math.max(0, Math.min(last, Math.floor(to)));
    let value = frame.bins[low]!;
    if (high > low) for (let bin = low + 1; bin <= high; bin++) value = Math.max(value, frame.bins[bin]!);
    else if (low < last && from > low) value += (frame.bins[low + 1]! - value) * (from - low);
    levels[x] = frame.floorDb + frame.stepDb * value;
  }
  return levels;
}

/** Draws grid, trace and axis. The hue says the class: grey for what is registered, hatched for what is known or has no verdict, red for what nobody registered. */
export function drawTrace(g: CanvasRenderingContext2D, plot: Plot, scale: Scale, palette: Palette, levels: Float32Array | null, classOf: (hz: number) => number): void {
  g.fillStyle = palette.ground;
  g.fillRect(0, 0, plot.width, plot.height);
  drawGrid(g, plot, scale, palette);
  if (levels) {
    drawFills(g, plot, scale, palette, levels, classOf);
    g.strokeStyle = palette.trace;
    g.lineWidth = 1.25 * plot.unit;
    strokeSpan(g, plot, scale, levels, 0, plot.width - 1);
    for (const span of spans(plot, classOf)) {
      if (span.code !== classCode.unregistered) continue;
      g.strokeStyle = palette.alarmFill;
      g.lineWidth = 2.25 * plot.unit;
      strokeSpan(g, plot, scale, levels, span.from, span.to);
    }
  }
  drawAxis(g, plot, palette);
}

function drawGrid(g: CanvasRenderingContext2D, plot: Plot, scale: Scale, palette: Palette): void {
  g.strokeStyle = palette.grid;
  g.lineWidth = plot.unit;
  g.beginPath();
  for (const db of gridLevels(scale)) {
    const y = Math.round(yOf(plot, scale, db)) + 0.5;
    g.moveTo(0, y);
    g.lineTo(plot.width, y);
  }
  g.stroke();
}

/** Two or three round levels inside the scale. */
export function gridLevels(scale: Scale): readonly number[] {
  const step = scale.high - scale.low > 70 ? 40 : 20, found: number[] = [];
  for (let db = Math.ceil((scale.low + 5) / step) * step; db <= scale.high - 5; db += step) found.push(db);
  return found;
}

interface Span {
  readonly code: number;
  readonly from: number;
  readonly to: number;
}

function spans(plot: Plot, classOf: (hz: number) => number): readonly Span[] {
  const found: Span[] = [], hzPerPx = (plot.toHz - plot.fromHz) / plot.width;
  let from = 0, code = 0;
  for (let x = 0; x <= plot.width; x++) {
    const next = x < plot.width ? classOf(plot.fromHz + (x + 0.5) * hzPerPx) : -1;
    if (next === code) continue;
    if (code > 0) found.push({ code, from: Math.max(0, from - 1), to: Math.min(plot.width - 1, x) });
    from = x;
    code = next;
  }
  return found;
}

function drawFills(g: CanvasRenderingContext2D, plot: Plot, scale: Scale, palette: Palette, levels: Float32Array, classOf: (hz: number) => number): void {
  g.fillStyle = palette.fill;
  area(g, plot, scale, levels, 0, plot.width - 1);
  g.fill();
  for (const span of spans(plot, classOf)) {
    if (span.code === classCode.licensed) continue;
    area(g, plot, scale, levels, span.from, span.to);
    g.fillStyle = span.code === classCode.unregistered ? palette.alarmWash : palette.ground;
    g.fill();
    if (span.code !== classCode.unregistered) hatch(g, plot, palette, span);
  }
}

/** 45° lines, 1 px in 5, inside the path that was just filled. */
function hatch(g: CanvasRenderingContext2D, plot: Plot, palette: Palette, span: Span): void {
  const base = plot.height - plot.axis, rise = base - plot.top;
  g.save();
  g.clip();
  g.strokeStyle = palette.hatch;
  g.lineWidth = Math.max(1, plot.unit);
  g.beginPath();
  for (let x = span.from - rise - 5 * plot.unit; x < span.to; x += 5 * plot.unit) {
    g.moveTo(x, base);
    g.lineTo(x + rise, plot.top);
  }
  g.stroke();
  g.restore();
}

function area(g: CanvasRenderingContext2D, plot: Plot, scale: Scale, levels: Float32Array, from: number, to: number): void {
  const base = plot.height - plot.axis;
  g.beginPath();
  g.moveTo(from, base);
  for (let x = from; x <= to; x++) g.lineTo(x, yOf(plot, scale, levels[x]!));
  g.lineTo(to, base);
  g.closePath();
}

function strokeSpan(g: CanvasRenderingContext2D, plot: Plot, scale: Scale, levels: Float32Array, from: number, to: number): void {
  g.lineJoin = "round";
  g.beginPath();
  for (let x = from; x <= to; x++) g.lineTo(x, yOf(plot, scale, levels[x]!));
  g.stroke();
}

/** A step of the frequency axis that leaves every number room, Hz. */
export function axisStepHz(spanHz: number, numbers: number): number {
  return [100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000].find(step => spanHz / step <= numbers) ?? 10_000_000;
}

function drawAxis(g: CanvasRenderingContext2D, plot: Plot, palette: Palette): void {
  const base = plot.height - plot.axis + 0.5, span = plot.toHz - plot.fromHz, step = axisStepHz(span, plot.width / (plot.fontPx * 3.6));
  g.strokeStyle = palette.axis;
  g.fillStyle = palette.ink;
  g.lineWidth = plot.unit;
  g.font = `${plot.fontPx}px ${palette.font}`;
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.beginPath();
  g.moveTo(0, base);
  g.lineTo(plot.width, base);
  for (let hz = Math.ceil(plot.fromHz / step) * step; hz <= plot.toHz; hz += step) {
    const x = Math.round(xOf(plot, hz)) + 0.5, label = step < 1e6 ? (hz / 1e6).toFixed(1) : String(Math.round(hz / 1e6));
    g.moveTo(x, base);
    g.lineTo(x, base + 4 * plot.unit);
    const half = g.measureText(label).width / 2;
    // A number that would leave the canvas is left out rather than moved off its tick.
    if (x - half > 0 && x + half < plot.width) g.fillText(label, x, base + (plot.axis + 4 * plot.unit) / 2);
  }
  g.stroke();
}
