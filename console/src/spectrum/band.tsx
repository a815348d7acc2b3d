import { useComputed, useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { open } from "../alarms/acknowledge";
import { Mark, markState } from "../alarms/mark";
import { duration, level, megahertz } from "../format";
import { OriginTag } from "../header/header";
import { paint } from "../paint";
import { language, say, theme } from "../preferences";
import { now, spectrum, stale, wall } from "../session";
import { texts } from "../texts";
import type { CarrierClass, CarrierRow } from "../wire";
import { carrierLabel, classRank } from "./carrier-label";
import { halfWidthHz } from "./classes";
import { placeLabels, type Place } from "./labels";
import { classCode, readPalette, type Palette } from "./palette";
import { nextScale, type Scale } from "./scale";
import { bandKey, type Band as LiveBand } from "./stream";
import { columnLevels, drawTrace, gridLevels, xOf, yOf, type Plot } from "./trace";

const classes: readonly CarrierClass[] = ["licensed", "overspill", "unidentified", "unregistered"];

/** A probe sends several frames a second; without one for so long the spectrum is not now. */
const quietMs = 5_000;

/** The FM band: what the antenna hears, and what the register says of it. */
export function BandPanel() {
  const chosen = useSignal<string | null>(null);
  const keys = useComputed(() => {
    const all = new Set(spectrum.keys.value);
    for (const carrier of wall.value?.carriers.values() ?? []) all.add(bandKey(carrier.probe, carrier.watch));
    return [...all].sort();
  });
  const key = chosen.value !== null && keys.value.includes(chosen.value) ? chosen.value : worthiest(keys.value);
  if (key === undefined) return <section class="band zone live"><div class="empty"><b>{say(texts.bandEmpty)}</b><p>{say(texts.bandEmptyHow)}</p></div></section>;
  const carriers = [...wall.value?.carriers.values() ?? []].filter(c => bandKey(c.probe, c.watch) === key).sort((a, b) => a.frequencyHz - b.frequencyHz);
  return (
    <section class="band zone live" data-testid="band" aria-label={say(texts.band)}>
      <Side band={spectrum.bands.get(key)} probe={key.slice(0, key.lastIndexOf("/"))} carriers={carriers}
        select={keys.value.length > 1 && <select aria-label={say(texts.bandSelect)} value={key} onChange={event => { chosen.value = event.currentTarget.value; }}>{keys.value.map(k => <option key={k} value={k}>{k}</option>)}</select>} />
      <BandPlot key={key} band={key} carriers={carriers} />
    </section>
  );
}

/** A wall without a pointer shows the band where something is that nobody registered. */
function worthiest(keys: readonly string[]): string | undefined {
  const suspicious = new Set([...wall.value?.carriers.values() ?? []].filter(c => c.class === "unregistered").map(c => bandKey(c.probe, c.watch)));
  return keys.find(key => suspicious.has(key)) ?? keys[0];
}

interface SideProps {
  readonly band: LiveBand | undefined;
  readonly probe: string;
  readonly carriers: readonly CarrierRow[];
  readonly select: preact.ComponentChild;
}

function Side({ band, probe, carriers, select }: SideProps) {
  void spectrum.keys.value; // the first frame of a band brings its unit and range
  const known = wall.value?.probes.get(probe), name = known?.name ?? probe;
  const range = rangeOf(band, carriers);
  const unit = band?.frame.unit ?? "dBFS", origin = band?.frame.origin ?? carriers[0]?.origin ?? "live";
  return (
    <div class="side">
      <h2>{range ? say(texts.bandRange(edge(range.fromHz), edge(range.toHz))) : say(texts.band)}</h2>
      {select || <span class="where">{name}{known && known.name !== probe ? ` ${probe}` : ""}</span>}
      <span class="scale">{unit === "dBFS" ? `${unit}${say(texts.separator)}${say(texts.uncalibrated)}` : unit}</span>
      {origin !== "live" && <span><OriginTag origin={origin} /></span>}
      <ul>
        {classes.map(c => ({ c, n: carriers.filter(carrier => carrier.class === c).length })).filter(({ c, n }) => n > 0 || c === "licensed" || c === "unregistered")
          .map(({ c, n }) => <li key={c} class="key" data-class={c}><i />{say(texts.carrierClass[c])} {n}</li>)}
      </ul>
    </div>
  );
}

/** An edge of the band to a tenth of a MHz: half a bin more or less is of no use to a reader. */
function edge(hz: number): string {
  return megahertz(Math.round(hz / 100_000) * 100_000).replace(/\.0$/, "");
}

interface Range {
  readonly fromHz: number;
  readonly toHz: number;
}

/** The range of the frames; before the first one, the range of the carriers. */
function rangeOf(band: LiveBand | undefined, carriers: readonly CarrierRow[]): Range | null {
  if (band) {
    const { startHz, stepHz, bins } = band.frame;
    return { fromHz: startHz - stepHz / 2, toHz: startHz + (bins.length - 0.5) * stepHz };
  }
  const first = carriers[0], last = carriers.at(-1);
  return first && last ? { fromHz: first.frequencyHz - 500_000, toHz: last.frequencyHz + 500_000 } : null;
}

interface Canvases {
  readonly trace: CanvasRenderingContext2D;
  readonly fall: CanvasRenderingContext2D;
}

interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly widthPx: number;
  readonly lineHeightPx: number;
  /** No width for names: a phone. */
  readonly narrow: boolean;
  readonly levels: readonly { readonly db: number; readonly topPx: number }[];
  readonly plot: Plot;
}

function BandPlot({ band: key, carriers }: { readonly band: string; readonly carriers: readonly CarrierRow[] }) {
  const traceRef = useRef<HTMLCanvasElement>(null), fallRef = useRef<HTMLCanvasElement>(null);
  const layout = useSignal<Layout | null>(null);
  const newest = useRef(carriers);
  newest.current = carriers;
  const painter = useRef<Painter | null>(null);

  useLayoutEffect(() => {
    const canvases: Canvases = { trace: traceRef.current!.getContext("2d")!, fall: fallRef.current!.getContext("2d", { alpha: true })! };
    const mine = painter.current = new Painter(canvases, () => spectrum.bands.get(key), () => newest.current, next => { layout.value = next; });
    const resized = new ResizeObserver(mine.resize);
    resized.observe(traceRef.current!);
    resized.observe(fallRef.current!);
    // Slices of the font arrive when their letters are first used, and change the width of the labels.
    document.fonts.addEventListener("loadingdone", mine.relabel);
    return () => {
      resized.disconnect();
      document.fonts.removeEventListener("loadingdone", mine.relabel);
    };
  }, [key]);

  const themeNow = theme.value;
  useEffect(() => painter.current?.recolour(), [themeNow]);
  const signature = carriers.map(c => `${c.key} ${c.class} ${carrierLabel(c).length}`).join("|") + language.value;
  useEffect(() => painter.current?.relabel(), [signature]);
  useEffect(() => spectrum.painted.subscribe(() => { if (!stale.peek()) painter.current?.request(); }), []);

  return (
    <div class="plot">
      <div class="trace"><canvas ref={traceRef} aria-hidden="true" />{layout.value && <Labels layout={layout.value} carriers={carriers} />}<Quiet band={key} /></div>
      <div class="fall"><canvas ref={fallRef} aria-hidden="true" /><span class="edge now">{say(texts.nowLine)}</span><span class="edge then">{say(texts.twoMinutes)}</span></div>
      {layout.value && <Unplaced layout={layout.value} carriers={carriers} />}
    </div>
  );
}

function Quiet({ band: key }: { readonly band: string }) {
  const at = now.value, band = spectrum.bands.get(key), quiet = band ? at - band.atMono : Infinity;
  if (quiet < quietMs) return null;
  return <span class="quiet-band">{say(band ? texts.spectrumStopped(duration(quiet)) : texts.spectrumWaiting)}</span>;
}

function Labels({ layout, carriers }: { readonly layout: Layout; readonly carriers: readonly CarrierRow[] }) {
  const ratio = layout.plot.width / layout.widthPx;
  return (
    <>
      {layout.levels.map(({ db, topPx }) => <span key={db} class="level" style={{ top: `${topPx}px` }}>{String(db).replace("-", "−")}</span>)}
      {carriers.map(carrier => {
        const place = layout.places.get(carrier.key);
        if (!place) return null;
        const x = xOf(layout.plot, carrier.frequencyHz) / ratio, top = place.row * layout.lineHeightPx;
        const base = (layout.plot.height - layout.plot.axis) / ratio;
        return (
          <Fragment key={carrier.key}>
            <i class="leader" data-class={carrier.class} style={{ left: `${x}px`, top: `${top + layout.lineHeightPx}px`, height: `${Math.max(0, leaderEnd(layout, base) - top - layout.lineHeightPx)}px` }} />
            <CarrierLabel carrier={carrier} short={layout.narrow} at={{ left: `${place.left}px`, top: `${top}px` }} />
          </Fragment>
        );
      })}
    </>
  );
}

/** A carrier's name over its place, or in the list of those that found none. With an alarm it carries its mark, and opens it. */
function CarrierLabel({ carrier, at, short = false }: { readonly carrier: CarrierRow; readonly at?: { readonly left: string; readonly top: string }; readonly short?: boolean }) {
  const alarm = wall.value?.alarmBySubject.get(carrier.subject), measured = level(carrier.facts);
  return (
    <button type="button" class="carrier" data-testid="carrier-label" data-frequency-hz={carrier.frequencyHz} data-class={carrier.class} data-placed={at !== undefined} style={at}
      title={measured ? `${measured.quantity.value} ${measured.quantity.unit}${measured.calibrated ? "" : ` ${say(texts.uncalibrated)}`}` : undefined} disabled={!alarm} onClick={() => alarm && open(alarm.id)}>
      {alarm && <Mark priority={alarm.priority} state={markState(alarm)} />}{carrierLabel(carrier, short)}
    </button>
  );
}

/** What found no room over the plot: a list below it on a phone, a count on the wall. */
function Unplaced({ layout, carriers }: { readonly layout: Layout; readonly carriers: readonly CarrierRow[] }) {
  const rest = carriers.filter(c => !layout.places.has(c.key));
  if (rest.length === 0) return null;
  return (
    <div class="unplaced">
      <p title={rest.map(c => carrierLabel(c)).join("\n")}>{say(texts.notLabelled(rest.length))}</p>
      <ul>{rest.map(c => <li key={c.key}><CarrierLabel carrier={c} /></li>)}</ul>
    </div>
  );
}

function leaderEnd(layout: Layout, base: number): number {
  const ratio = layout.plot.width / layout.widthPx;
  return Math.min(base, layout.plot.top / ratio + 6);
}

function inRange(plot: Plot, carrier: CarrierRow): boolean {
  return carrier.frequencyHz >= plot.fromHz && carrier.frequencyHz <= plot.toHz;
}

/** Paints one band into its two canvases, only inside the shared animation frame. */
class Painter {
  private readonly canvases: Canvases;
  private readonly band: () => LiveBand | undefined;
  private readonly carriers: () => readonly CarrierRow[];
  private readonly publish: (layout: Layout) => void;
  private palette: Palette = readPalette();
  private scale: Scale | null = null;
  private levels = new Float32Array(0);
  private relabelDue = true;
  private labelledFor = "";

  constructor(canvases: Canvases, band: () => LiveBand | undefined, carriers: () => readonly CarrierRow[], publish: (layout: Layout) => void) {
    this.canvases = canvases;
    this.band = band;
    this.carriers = carriers;
    this.publish = publish;
  }

  readonly request = (): void => paint(this.run);

  readonly recolour = (): void => {
    this.palette = readPalette();
    this.request();
  };

  readonly relabel = (): void => {
    this.relabelDue = true;
    this.request();
  };

  readonly resize = (): void => {
    for (const { canvas } of [this.canvases.trace, this.canvases.fall]) {
      canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
      canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
    }
    this.levels = new Float32Array(this.canvases.trace.canvas.width);
    this.relabel();
  };

  private readonly run = (): void => {
    const band = this.band(), carriers = this.carriers(), range = rangeOf(band, carriers), { canvas } = this.canvases.trace;
    if (!range || canvas.width === 0) return;
    const before = this.scale;
    this.scale = band ? nextScale(band.frame, before) : { low: -100, high: 0 };
    const plot = this.plot(range);
    drawTrace(this.canvases.trace, plot, this.scale, this.palette, band ? columnLevels(band.frame, plot, this.levels) : null, classAt(carriers));
    if (band) {
      band.waterfall.draw(this.canvases.fall, this.canvases.fall.canvas.width, this.canvases.fall.canvas.height, this.palette, this.scale);
    }
    // The first frame brings the true range, and a probe may be tuned elsewhere at any time.
    const shape = `${plot.fromHz} ${plot.toHz} ${plot.width} ${plot.height} ${plot.unit}`;
    if (!this.relabelDue && before === this.scale && shape === this.labelledFor) return;
    this.labelledFor = shape;
    this.label(plot, carriers);
  };

  private plot({ fromHz, toHz }: Range): Plot {
    const { canvas } = this.canvases.trace, style = getComputedStyle(canvas), root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const rem = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) * root * devicePixelRatio;
    return { width: canvas.width, height: canvas.height, top: rem("--label-zone"), axis: rem("--axis"), fontPx: rem("--axis-font"), unit: root * devicePixelRatio / 16, fromHz, toHz };
  }

  private label(plot: Plot, carriers: readonly CarrierRow[]): void {
    this.relabelDue = false;
    const { canvas } = this.canvases.trace, style = getComputedStyle(canvas), root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const lineHeightPx = Number.parseFloat(style.getPropertyValue("--label-line")) * root, rows = Math.round(Number.parseFloat(style.getPropertyValue("--label-zone")) * root / lineHeightPx);
    const fontPx = Number.parseFloat(style.getPropertyValue("--label-font")) * root, ratio = plot.width / canvas.clientWidth;
    // Where there is no width for names, only what may be an offence stands over the plot.
    const narrow = canvas.clientWidth < 700, crowded = narrow && carriers.length > 6;
    const wishes = carriers.filter(c => inRange(plot, c) && (!crowded || classRank[c.class] <= classRank.unidentified)).map(c => ({
      key: c.key, x: xOf(plot, c.frequencyHz) / ratio, rank: classRank[c.class], top: c.class === "unregistered",
      width: this.width(carrierLabel(c, narrow), fontPx, c.class) + (wall.peek()?.alarmBySubject.has(c.subject) ? fontPx * 1.5 : 0) + fontPx * 0.8,
    }));
    this.publish({
      places: placeLabels(wishes, canvas.clientWidth, rows), widthPx: canvas.clientWidth, lineHeightPx, narrow, plot,
      levels: gridLevels(this.scale!).map(db => ({ db, topPx: yOf(plot, this.scale!, db) / ratio })),
    });
  }

  private width(text: string, fontPx: number, of: CarrierClass): number {
    const g = this.canvases.trace;
    g.font = `${of === "unregistered" ? 700 : 400} ${fontPx}px ${this.palette.font}`;
    return g.measureText(text).width;
  }
}

/** The class at a frequency, by the nearest carrier that reaches it. */
function classAt(carriers: readonly CarrierRow[]): (hz: number) => number {
  const reach = carriers.map(c => ({ hz: c.frequencyHz, half: halfWidthHz(c), code: classCode[c.class] }));
  return hz => {
    let code = 0, nearest = Infinity;
    for (const c of reach) {
      const away = Math.abs(hz - c.hz);
      if (away > c.half || away >= nearest) continue;
      nearest = away;
      code = c.code;
    }
    return code;
  };
}
