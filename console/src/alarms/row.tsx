import { areaName } from "../areas";
import { duration, quantity } from "../format";
import { OriginTag } from "../header/header";
import { say } from "../preferences";
import { wallTime } from "../session";
import { texts } from "../texts";
import type { AlarmRow } from "../wire";
import { factName } from "../vocabulary";
import { Mark, markState } from "./mark";

interface RowProps {
  readonly row: AlarmRow;
  readonly index: number;
  readonly top: number;
  readonly tall: boolean;
  readonly gone: boolean;
  readonly chosen: boolean;
  readonly opened: boolean;
  readonly onOpen: (id: string) => void;
}

export function Row({ row, index, top, tall, gone, chosen, opened, onOpen }: RowProps) {
  const open = !row.acknowledged, urgent = open && row.priority === 1;
  return (
    <div role="row" aria-rowindex={index + 1} aria-selected={chosen} class={`row${tall ? " tall" : ""}`} style={{ transform: `translateY(${top}px)` }}
      data-testid="alarm-row" data-alarm-id={row.id} data-rule={row.rule} data-state={row.state} data-priority={row.priority} data-unknown={row.unknown} data-origin={row.origin}
      data-open={open} data-urgent={urgent} data-gone={gone} data-opened={opened} onClick={() => onOpen(row.id)}>
      <span role="gridcell" class="cell-mark"><Mark priority={row.priority} state={markState(row)} /></span>
      <State row={row} gone={gone} />
      <span role="gridcell" class="what">
        <span class="l1"><OriginTag origin={row.origin} /><span class="title">{say(row.title)}</span>{row.occurrences > 1 && <span class="times">{say(texts.times(row.occurrences))}</span>}</span>
        <span class="l2">{where(row)}</span>
      </span>
      <Measured row={row} />
      <Witnesses row={row} />
    </div>
  );
}

/** Place and reason in a few words; the whole sentence is a click away, and stands here only where the rule gives no reason. */
function where(row: AlarmRow): string {
  const place = areaName(row.area);
  return [...row.unknown ? [say(texts.unknownWhy)] : [], ...place ? [say(place)] : [], say(row.reason ?? row.sentence)].join(say(texts.separator));
}

/** The state word and how long it has been so; told by server time, and standing while that stands. */
function State({ row, gone }: { readonly row: AlarmRow; readonly gone: boolean }) {
  const from = Date.parse(row.clearedAt ?? row.raisedAt);
  const words = gone ? texts.gone : row.unknown ? texts.unknownState : texts.state[row.state];
  return (
    <span role="gridcell" class="state" title={gone ? say(texts.goneWhy) : row.unknown ? say(texts.unknownWhy) : undefined}>
      <span class="l1">{say(words)}</span>
      <span class="l2">{wallTime.value === null ? "" : duration(wallTime.value - from)}</span>
    </span>
  );
}

function Measured({ row }: { readonly row: AlarmRow }) {
  const { measured } = row;
  if (!measured || measured.value === undefined) return <span role="gridcell" class="num measured" title={say(texts.noMeasured)}><span class="l1">—</span></span>;
  const { value, unit, spread } = quantity(measured.value, measured.unit, say(texts.yes), say(texts.no));
  return (
    <span role="gridcell" class="num measured">
      <span class="l1">{value}{unit && <span class="unit">{unit}</span>}</span>
      <span class="l2">{[...spread ? [`± ${spread}`] : [], say(measured.unit === "dBFS" ? texts.uncalibrated : factName(measured.name))].join(say(texts.separator))}</span>
    </span>
  );
}

function Witnesses({ row }: { readonly row: AlarmRow }) {
  const { witnesses } = row;
  const named = witnesses.length === 0 ? "—" : witnesses.length === 1 ? witnesses[0]! : say(texts.probes(witnesses.length));
  return (
    <span role="gridcell" class="num who" title={witnesses.length === 0 ? say(texts.noWitness) : witnesses.join(" ")}>
      <span class="l1">{named}</span>
      <span class="l2">{row.acknowledgedBy ?? say(texts.nobody)}</span>
    </span>
  );
}
