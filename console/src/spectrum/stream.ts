import { signal } from "@preact/signals";
import { retryDelayMs } from "../age";
import { paint } from "../paint";
import { parseFrame, type SpectrumFrame } from "./frame";
import { Waterfall } from "./waterfall";

/** One band as it is seen by one watch of one probe. */
export interface Band {
  readonly key: string;
  readonly probe: string;
  readonly watch: string;
  frame: SpectrumFrame;
  /** Page's monotonic clock at the newest frame, ms. */
  atMono: number;
  readonly waterfall: Waterfall;
}

export function bandKey(probe: string, watch: string): string {
  return `${probe}/${watch}`;
}

/** Spectrum frames over a raw WebSocket. They are pictures: what is lost is lost, and only the newest of a band matters. */
export class SpectrumStream {
  readonly bands = new Map<string, Band>();
  /** Keys of the bands, in the order of their names. */
  readonly keys = signal<readonly string[]>([]);
  /** Rises with each frame that is to be painted. */
  readonly painted = signal(0);
  private attempt = 0;
  private readonly url: string;
  private readonly classes: (frame: SpectrumFrame) => Uint8Array;

  /** `classes` tells the class of each bin by what is known of the carriers now. */
  constructor(url: string, classes: (frame: SpectrumFrame) => Uint8Array) {
    this.url = url;
    this.classes = classes;
  }

  start(): void {
    this.attempt++;
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.attempt = 0;
    };
    socket.onmessage = event => {
      if (event.data instanceof ArrayBuffer) this.take(event.data);
    };
    // An error is always followed by close, so this alone retries.
    socket.onclose = () => setTimeout(() => this.start(), retryDelayMs(Math.max(1, this.attempt)));
  }

  private take(bytes: ArrayBuffer): void {
    const frame = parseFrame(bytes);
    if (!frame) return;
    const key = bandKey(frame.probe, frame.watch), atMono = performance.now();
    const band = this.bands.get(key);
    if (band) {
      band.frame = frame;
      band.atMono = atMono;
      band.waterfall.add(frame, this.classes(frame), atMono);
    } else {
      const waterfall = new Waterfall();
      waterfall.add(frame, this.classes(frame), atMono);
      this.bands.set(key, { key, probe: frame.probe, watch: frame.watch, frame, atMono, waterfall });
      this.keys.value = [...this.bands.keys()].sort();
    }
    paint(this.announce);
  }

  private readonly announce = (): void => {
    this.painted.value++;
  };
}
