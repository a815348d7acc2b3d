import { duration } from "./format";
import { say } from "./preferences";
import { wall, wallTime } from "./session";
import { rateWindowMs } from "./store";
import { texts } from "./texts";
import { flag } from "./wire";

const target = 1; // alarms in 10 minutes for one operator (EEMUA 191)

/** How the system itself does. Ink only: a figure is no alarm. Nothing of a drill or replay is in it. */
export function Kpi() {
  return (
    <footer class="kpi zone">
      <ProbesOnline />
      <AlarmRate />
      <Oldest />
      <OnAir />
      <span class="end">{say(texts.kpiRule)}</span>
    </footer>
  );
}

function ProbesOnline() {
  const probes = [...wall.value?.probes.values() ?? []], live = probes.filter(p => p.origin === "live"), apart = probes.length - live.length;
  return (
    <div class="k">
      <span>{say(texts.kpiProbes)}</span>
      {live.length === 0 ? <b title={say(texts.kpiNoLive)}>—</b> : <><b>{live.filter(p => p.online).length}</b><span>/ {live.length}</span></>}
      {apart > 0 && <span>{say(texts.kpiNotCounted(apart))}</span>}
    </div>
  );
}

function AlarmRate() {
  const at = wallTime.value;
  const n = at === null ? null : [...wall.value?.raisings.values() ?? []].filter(raised => at - raised <= rateWindowMs).length;
  return (
    <div class="k" data-over={n !== null && n > target} title={say(texts.kpiAlarmsTitle)}>
      <span>{say(texts.kpiAlarms)}</span><b>{n ?? "—"}</b><span>{say(texts.kpiWindow)}</span><em>{say(n !== null && n > target ? texts.kpiOver : texts.kpiTarget)}</em>
    </div>
  );
}

function Oldest() {
  const at = wallTime.value, open = (wall.value?.alarms ?? []).filter(a => a.origin === "live" && !a.acknowledged);
  const since = open.reduce((oldest, a) => Math.min(oldest, Date.parse(a.raisedAt)), Infinity);
  return (
    <div class="k">
      <span>{say(texts.kpiUnacknowledged)}</span><b>{wall.value ? open.length : "—"}</b>{at !== null && open.length > 0 && <span>{say(texts.kpiOldest(duration(at - since)))}</span>}
    </div>
  );
}

function OnAir() {
  const services = [...wall.value?.multiplexes.values() ?? []].filter(m => m.origin === "live").flatMap(m => m.services);
  return (
    <div class="k">
      <span>{say(texts.kpiServices)}</span>{services.length === 0 ? <b title={say(texts.noMultiplex)}>—</b> : <><b>{services.filter(s => flag(s.facts.present) !== false).length}</b><span>/ {services.length}</span></>}
    </div>
  );
}
