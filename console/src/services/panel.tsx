import type { ComponentChildren } from "preact";
import { open } from "../alarms/acknowledge";
import { Mark, markState } from "../alarms/mark";
import { areaName } from "../areas";
import { decimal, duration, megabits, plain } from "../format";
import { OriginTag } from "../header/header";
import { say } from "../preferences";
import { wall, wallTime } from "../session";
import { texts } from "../texts";
import { flag, number, text, type ChannelRow, type Instant, type MultiplexRow, type ProbeRow, type ServiceRow } from "../wire";

/** A row whose data are older than this shows what was last known, and says so. */
const oldMs = 15_000;

/** Transport streams with their services, OTT channels, probes: what is watched, and how it is. */
export function Services() {
  const state = wall.value;
  const multiplexes = [...state?.multiplexes.values() ?? []].sort(by(m => m.key)), channels = [...state?.channels.values() ?? []].sort(by(c => c.name)), probes = [...state?.probes.values() ?? []].sort(by(p => p.probe));
  if (multiplexes.length + channels.length + probes.length === 0) {
    return <section class="services zone" data-testid="services" aria-label={say(texts.multiplexes)}><div class="empty"><b>{say(texts.servicesEmpty)}</b><p>{say(texts.servicesEmptyHow)}</p></div></section>;
  }
  return (
    <section class="services zone" data-testid="services" aria-label={say(texts.multiplexes)} tabIndex={0}>
      <h2 class="zhead">{say(texts.multiplexes)}</h2>
      {multiplexes.length === 0 ? <p class="none">{say(texts.noMultiplex)}</p> : multiplexes.map(m => <Multiplex key={m.key} row={m} />)}
      <h2 class="zhead">{say(texts.channels)}</h2>
      {channels.length === 0 ? <p class="none">{say(texts.noChannel)}</p> : <ul class="grid1">{channels.map(c => <Channel key={c.subject} row={c} />)}</ul>}
      <h2 class="zhead">{say(texts.probesHead)}</h2>
      {probes.length === 0 ? <p class="none">{say(texts.noProbe)}</p> : <ul>{probes.map(p => <Probe key={p.probe} row={p} />)}</ul>}
    </section>
  );
}

function by<T>(key: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

/** The mark of the worst alarm of a subject; it opens the alarm. */
function AlarmOf({ subject }: { readonly subject: string }) {
  const alarm = wall.value?.alarmBySubject.get(subject);
  if (!alarm) return null;
  const label = `${say(texts.openAlarm)} ${say(alarm.title)}`;
  return <button type="button" class="alarm-of" title={label} onClick={() => open(alarm.id)}><Mark priority={alarm.priority} state={markState(alarm)} /><span class="heard">{label}</span></button>;
}

/** A value that is not known is a dash that says why, never a zero. */
function Missing({ why }: { readonly why: string }) {
  return <span class="missing" title={why}>—</span>;
}

function ageOfRow(at: Instant): number | null {
  const ms = wallTime.value, age = ms === null ? 0 : ms - Date.parse(at);
  return age > oldMs ? age : null;
}

function Old({ ms }: { readonly ms: number | null }) {
  return ms === null ? null : <span class="old" title={say(texts.dataOldTitle)}>{say(texts.dataOld(duration(ms)))}</span>;
}

function Multiplex({ row }: { readonly row: MultiplexRow }) {
  const { facts } = row, sync = flag(facts.sync), rate = number(facts.bitrate_bps), id = number(facts.transport_stream_id), lost = number(facts.sync_lost_s);
  const old = ageOfRow(row.at);
  return (
    <div class="multiplex" data-old={old !== null}>
      <div class="mux-head">
        <i class="lamp" data-on={old === null && sync === true} />
        <b>{row.probe} {row.watch}</b>
        <AlarmOf subject={row.key} /><OriginTag origin={row.origin} />
        <span class="id">{id === undefined ? "" : `TS ${id}`}</span>
        <span class={sync === false ? "bad" : ""}>{sync === undefined ? <Missing why={say(texts.notMeasured)} /> : sync ? say(texts.inSync) : say(lost === undefined ? texts.noSync : texts.noSyncFor(duration(lost * 1000)))}</span>
        <span class="end"><Old ms={old} />{say(texts.services(row.services.length))}<Rate bps={rate} /></span>
      </div>
      <ul class="grid2">{row.services.map(s => <Service key={s.subject} row={s} />)}</ul>
    </div>
  );
}

function Rate({ bps }: { readonly bps: number | undefined }) {
  return <span class="rate">{bps === undefined ? <Missing why={say(texts.notMeasured)} /> : <>{megabits(bps)}<span class="unit">Mb/s</span></>}</span>;
}

function Service({ row }: { readonly row: ServiceRow }) {
  const present = flag(row.facts.present), scrambled = flag(row.facts.scrambled);
  return (
    <li class="service" data-testid="service-row" data-subject={row.subject} data-bad={row.ccErrors > 0 || present === false}>
      <AlarmOf subject={row.subject} />
      <span class="name" title={text(row.facts.provider)}>{row.name}</span>
      {scrambled === true && <Lock />}
      {present === false && <span class="word bad">{say(texts.notPresent)}</span>}
      {row.ccErrors > 0 && <span class="bad" title={say(texts.ccTitle)}>{say(texts.ccErrors(decimal(row.ccErrors, 0)))}</span>}
      <Rate bps={number(row.facts.bitrate_bps)} />
    </li>
  );
}

function Lock() {
  return <svg class="lock" viewBox="0 0 16 16" role="img" aria-label={say(texts.scrambled)}><title>{say(texts.scrambled)}</title><path d="M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" stroke-width="1.6" /></svg>;
}

function Channel({ row }: { readonly row: ChannelRow }) {
  const available = flag(row.facts.available), fault = text(row.facts.fault), since = number(row.facts.stale_s);
  const bad = available === false || fault !== undefined;
  return (
    <li class="service" data-testid="service-row" data-subject={row.subject} data-bad={bad}>
      <AlarmOf subject={row.subject} />
      <span class="name">{row.name}</span><OriginTag origin={row.origin} />
      <Old ms={ageOfRow(row.at)} />
      <span class={bad ? "bad" : ""} title={fault}>{available === undefined ? <Missing why={say(texts.notMeasured)} /> : say(available ? texts.available : texts.unavailable)}</span>
      {since !== undefined && since > 0 && <span>{say(texts.notUpdated(plain(since)))}</span>}
    </li>
  );
}

function Probe({ row }: { readonly row: ProbeRow }) {
  const place = areaName(row.area), ms = wallTime.value;
  return (
    <li class="probe" data-testid="probe-row" data-probe={row.probe} data-online={row.online}>
      <i class="lamp" data-on={row.online} />
      <b>{row.name}</b>{row.name !== row.probe && <span class="id">{row.probe}</span>}
      <AlarmOf subject={`probe:${row.probe}`} /><OriginTag origin={row.origin} />
      {place && <span>{say(place)}</span>}
      <span class={row.online ? "" : "bad"}>{row.online ? say(texts.online) : say(texts.probeUnknown(ms === null ? "—" : duration(ms - Date.parse(row.lastReceived))))}</span>
      <Facts>
        <span class={row.spoolEntries > 1_000 ? "bad" : ""}>{say(texts.spool(decimal(row.spoolEntries, 0)))}</span>
        <span class={Math.abs(row.clockOffsetMs ?? 0) > 1_000 ? "bad" : ""}>{row.clockOffsetMs === undefined ? <Missing why={say(texts.clockOffsetNone)} /> : say(texts.clockOffset(decimal(row.clockOffsetMs, 0)))}</span>
        {row.watchesFailed > 0 && <span class="bad">{say(texts.faults(row.watchesFailed))}</span>}
      </Facts>
      {row.faults.length > 0 && <p class="fault">{row.faults.join(say(texts.separator))}</p>}
    </li>
  );
}

function Facts({ children }: { readonly children: ComponentChildren }) {
  return <span class="end">{children}</span>;
}
