import type { SpectrumFrame } from "./frame";
import { classCode, type Palette } from "./palette";
import type { Scale } from "./scale";

/** One row of the waterfall lasts so long, whatever the rate of the frames: the axis of time stays true. */
export const rowMs = 500;
export const waterfallRows = 240;
const maxColumns = 2048;

/** The last two minutes of a band as a ring of rows. Raw levels are kept beside the picture, so that another theme or scale can draw them again. */
export class Waterfall {
  private columns = 0;
  private geometry = "";
  private levels = new Float32Array(0);
  private classes = new Uint8Array(0);
  private readonly slots = new Float64Array(waterfallRows).fill(-1);
  private readonly dirty = new Set<number>();
  private newest = -1;
  private picture: HTMLCanvasElement | null = null;
  private drawnWith: { palette: Palette; scale: Scale } | null = null;

  /** Takes a frame, with the class of each bin, at the page's monotonic time. Of several in a row's time the highest level stays, so that a short emission is not lost.
   * A row keeps its classes: it shows what was known then. */
  add(frame: SpectrumFrame, binClasses: Uint8Array, atMono: number): void {
    const geometry = `${frame.bins.length} ${frame.startHz} ${frame.stepHz}`;
    if (geometry !== this.geometry) this.reset(geometry, Math.min(maxColumns, frame.bins.length));
    const slot = Math.floor(atMono / rowMs), row = slot % waterfallRows;
    const again = this.slots[row] === slot;
    this.slots[row] = slot;
    this.newest = slot;
    this.dirty.add(row);
    const offset = row * this.columns, bins = frame.bins.length;
    for (let c = 0; c < this.columns; c++) {
      let top = 0, code = 0;
      for (let bin = Math.floor(c * bins / this.columns), end = Math.floor((c + 1) * bins / this.columns); bin < end; bin++) {
        top = Math.max(top, frame.bins[bin]!);
        code = Math.max(code, binClasses[bin]!);
      }
      const level = frame.floorDb + frame.stepDb * top, at = offset + c;
      this.levels[at] = again ? Math.max(this.levels[at]!, level) : level;
      this.classes[at] = code;
    }
  }

  /** Draws the ring into a box, newest row at the top. What was not received stays transparent, and the hatched ground of the box shows through. */
  draw(g: CanvasRenderingContext2D, width: number, height: number, palette: Palette, scale: Scale): void {
    g.clearRect(0, 0, width, height);
    if (this.newest < 0) return;
    const picture = this.refresh(palette, scale);
    // Slot s lies at row − 1 − s mod rows, so that going down is going back, with one seam.
    const top = waterfallRows - 1 - this.newest % waterfallRows, first = waterfallRows - top, seam = first / waterfallRows * height;
    g.imageSmoothingEnabled = true;
    g.drawImage(picture, 0, top, this.columns, first, 0, 0, width, seam);
    if (top > 0) g.drawImage(picture, 0, 0, this.columns, top, 0, seam, width, height - seam);
  }

  private reset(geometry: string, columns: number): void {
    this.geometry = geometry;
    this.columns = columns;
    this.levels = new Float32Array(waterfallRows * columns);
    this.classes = new Uint8Array(waterfallRows * columns);
    this.slots.fill(-1);
    this.newest = -1;
    this.picture = null;
    this.drawnWith = null;
  }

  private refresh(palette: Palette, scale: Scale): HTMLCanvasElement {
    this.picture ??= Object.assign(document.createElement("canvas"), { width: this.columns, height: waterfallRows });
    const g = this.picture.getContext("2d")!;
    const whole = this.drawnWith?.palette !== palette || this.drawnWith.scale !== scale;
    this.drawnWith = { palette, scale };
    const line = g.createImageData(this.columns, 1);
    for (let row = 0; row < waterfallRows; row++) {
      // A row that the ring has overtaken without a frame is a gap, not an old picture.
      const lost = this.slots[row]! >= 0 && this.slots[row]! <= this.newest - waterfallRows;
      if (lost) this.slots[row] = -1;
      if (!whole && !lost && !this.dirty.has(row)) continue;
      this.colour(line.data, row, palette, scale);
      g.putImageData(line, 0, waterfallRows - 1 - row);
    }
    this.dirty.clear();
    return this.picture;
  }

  private colour(pixels: Uint8ClampedArray, row: number, palette: Palette, scale: Scale): void {
    if (this.slots[row]! < 0) {
      pixels.fill(0);
      return;
    }
    const span = scale.high - scale.low, offset = row * this.columns;
    for (let c = 0; c < this.columns; c++) {
      const table = this.classes[offset + c] === classCode.unregistered ? palette.alarm : palette.grey;
      const level = Math.max(0, Math.min(255, Math.round((this.levels[offset + c]! - scale.low) / span * 255))) * 3;
      pixels[c * 4] = table[level]!;
      pixels[c * 4 + 1] = table[level + 1]!;
      pixels[c * 4 + 2] = table[level + 2]!;
      pixels[c * 4 + 3] = 255;
    }
  }
}
