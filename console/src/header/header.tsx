import { areaName, provinceOf } from "../areas";
import { ticks } from "../age";
import { askOperator } from "../alarms/acknowledge";
import { countAlarms } from "../alarms/counts";
import { Mark } from "../alarms/mark";
import { soundOn, toggleSound } from "../alarms/sound";
import { clock, day, duration, zoneName } from "../format";
import { language, operator, say, theme } from "../preferences";
import { age, drill, replay, stale, wall, wallTime } from "../session";
import { texts } from "../texts";
import type { Origin, Priority } from "../wire";
import { Eye } from "./eye";

const priorities: readonly Priority[] = [1, 2, 3, 4];

export function Header() {
  return (
    <header class="head">
      <h1 class="brand"><Eye />{language.value === "zh" && <b>{say(texts.brand)}</b>}<b class="latin">SignalWatch</b><Province /></h1>
      <Clock />
      <DataAge />
      <Origins />
      <Counts />
      <Controls />
    </header>
  );
}

function Province() {
  const probes = [...wall.value?.probes.values() ?? []];
  const place = provinceOf(probes.map(p => p.area)) ?? areaName(probes.find(p => p.area !== "")?.area ?? "");
  return <span class="province">{place ? say(place) : ""}</span>;
}

function Clock() {
  const ms = wallTime.value;
  return (
    <div class="clock" title={say(texts.clockTitle)}>
      <time data-testid="clock">{ms === null ? "--:--:--" : clock(ms)}</time>
      <span>{stale.value && ms !== null ? say(texts.clockStopped) : ms === null ? zoneName : `${day(ms, language.value)} ${zoneName}`}</span>
    </div>
  );
}

/** How old the newest observation is, in words and in five ticks. */
function DataAge() {
  const current = age.value, lit = ticks(current);
  const words = current.kind === "starting" ? say(texts.connecting)
    : current.dataAgeMs === null ? say(texts.dataNone)
    : current.kind === "stale" ? say(texts.dataStopped(duration(Math.max(current.dataAgeMs, current.stoppedMs))))
    : say(texts.dataAge(Math.floor(current.dataAgeMs / 1000)));
  return (
    <div class="age" data-testid="data-age" data-kind={current.kind} title={say(texts.ageTitle)}>
      <span>{words}</span>
      <span class="ticks" aria-hidden="true">{[1, 2, 3, 4, 5].map(n => <i key={n} class={n <= lit ? "on" : ""} />)}</span>
    </div>
  );
}

function Origins() {
  return (
    <div class="origins">
      {drill.value && <OriginTag origin="simulated" />}
      {replay.value && <OriginTag origin="replay" />}
    </div>
  );
}

/** Says of anything that it is not live. Nothing is said of what is. */
export function OriginTag({ origin }: { readonly origin: Origin }) {
  if (origin === "live") return null;
  return <span class="origin-tag" data-testid="origin-tag" data-origin={origin} title={say(texts.originTitle[origin])}>{say(texts.origin[origin])}</span>;
}

function Counts() {
  const counts = countAlarms(wall.value), digits = priorities.reduce((sum, p) => sum + String(counts.by[p]).length, 0);
  // Shape and digit say the priority; the words go first where the head has no room for them.
  const crowded = digits > 8 || counts.apart > 0 || operator.value.length > 8 || (language.value === "en" && (drill.value || replay.value || stale.value));
  return (
    <div class="counts" data-long={crowded}>
      {priorities.map(p => (
        <span key={p} class="count" data-zero={counts.by[p] === 0} title={say(texts.countTitle(counts.by[p], say(texts.priority[p])))}>
          <Mark priority={p} state={p === 1 && counts.urgentOpen ? "open" : "acked"} /><b>{wall.value ? counts.by[p] : "—"}</b><span>{say(texts.priority[p])}</span>
        </span>
      ))}
      {counts.apart > 0 && <span class="apart">{say(texts.notCounted(counts.apart))}</span>}
    </div>
  );
}

function Controls() {
  return (
    <div class="controls">
      <button type="button" class="tool" data-testid="sound" aria-pressed={soundOn.value} title={say(texts.soundTitle)} onClick={toggleSound}>{say(soundOn.value ? texts.soundOn : texts.soundOff)}</button>
      <button type="button" class="tool" data-testid="theme" title={say(texts.themeTitle)} onClick={() => { theme.value = theme.value === "dark" ? "light" : "dark"; }}>{say(theme.value === "dark" ? texts.themeToLight : texts.themeToDark)}</button>
      <button type="button" class="tool" data-testid="language" title={say(texts.languageTitle)} onClick={() => { language.value = language.value === "zh" ? "en" : "zh"; }}>{say(texts.languageSwitch)}</button>
      <button type="button" class="tool operator" data-testid="operator" title={say(texts.operatorTitle)} onClick={() => { askOperator.value = () => undefined; }}>{operator.value || say(texts.operatorNone)}</button>
    </div>
  );
}
