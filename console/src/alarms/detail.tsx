import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { areaName } from "../areas";
import { clock, dateTime, duration, quantity } from "../format";
import { OriginTag } from "../header/header";
import { say } from "../preferences";
import { wall, wallTime } from "../session";
import { texts } from "../texts";
import { factName, registerWord } from "../vocabulary";
import type { AlarmDetail, AlarmRow, Text, TimelineEntry, Verdict, VerdictInput } from "../wire";
import { acknowledge, acknowledging, fetchDetail, opened, refusals } from "./acknowledge";
import { Mark, markState } from "./mark";

type Fetched = { readonly detail: AlarmDetail } | { readonly failed: Text } | null;

/** One alarm with all that it rests on, beside the list. */
export function Detail() {
  const id = opened.value;
  return id === null ? null : <DetailOf key={id} id={id} />;
}

function DetailOf({ id }: { readonly id: string }) {
  const [fetched, setFetched] = useState<Fetched>(null);
  const panel = useRef<HTMLElement>(null);
  const current = wall.value?.alarmById.get(id), version = current?.version;

  // Again with each version: the panel never shows an older verdict than the row beside it.
  useEffect(() => {
    const abort = new AbortController();
    void fetchDetail(id, abort.signal).then(answer => {
      if (!abort.signal.aborted) setFetched("alarm" in answer ? { detail: answer } : { failed: answer });
    });
    return () => abort.abort();
  }, [id, version]);

  useEffect(() => panel.current?.focus(), []);

  const detail = fetched && "detail" in fetched ? fetched.detail : undefined;
  const row = current ?? detail?.alarm;
  return (
    <aside class="detail" ref={panel} tabIndex={-1} data-testid="alarm-detail" data-alarm-id={id} aria-label={row ? say(row.title) : undefined}>
      {row ? <Head row={row} gone={!current} /> : <DetailClose />}
      <div class="scroll" tabIndex={0}>
        {refusals.value.get(id) && <div class="refusal" role="alert"><b>{say(texts.refused)}</b> {say(refusals.value.get(id)!)}</div>}
        {fetched === null && <p class="quiet">{say(texts.loading)}</p>}
        {fetched && "failed" in fetched && <div class="refusal"><b>{say(texts.detailFailed)}</b> {say(fetched.failed)}</div>}
        {detail && <Body detail={detail} />}
      </div>
    </aside>
  );
}

function DetailClose() {
  return <button type="button" class="btn close" onClick={() => { opened.value = null; }}>{say(texts.close)} <kbd>Esc</kbd></button>;
}

function Head({ row, gone }: { readonly row: AlarmRow; readonly gone: boolean }) {
  const place = areaName(row.area), ms = wallTime.value;
  return (
    <header class="detail-head" data-unknown={row.unknown}>
      <div class="detail-title"><Mark priority={row.priority} state={markState(row)} /><h2>{say(row.title)}</h2><OriginTag origin={row.origin} /><DetailClose /></div>
      <p class="detail-facts">
        <b>{say(gone ? texts.gone : texts.state[row.state])}</b>
        {ms !== null && <span>{duration(ms - Date.parse(row.clearedAt ?? row.raisedAt))}</span>}
        {place && <span>{say(place)}</span>}
        <span>{say(texts.since)} {dateTime(Date.parse(row.raisedAt))}</span>
        <span class="mono">{row.rule}</span>
      </p>
      {row.unknown && <p class="unknown-word">{say(texts.unknownWhy)}</p>}
      <Act row={row} gone={gone} />
    </header>
  );
}

function Act({ row, gone }: { readonly row: AlarmRow; readonly gone: boolean }) {
  const [note, setNote] = useState("");
  const busy = acknowledging.value.has(row.id);
  if (row.acknowledged) {
    return <p class="acked" data-testid="acknowledged-by">{say(texts.acknowledgedAlready(row.acknowledgedBy ?? "—", row.acknowledgedAt ? dateTime(Date.parse(row.acknowledgedAt)) : "—"))}</p>;
  }
  if (gone) return null;
  return (
    <form class="act" onSubmit={event => { event.preventDefault(); void acknowledge(row, note.trim() || undefined); }}>
      <input type="text" maxLength={500} value={note} placeholder={say(texts.note)} aria-label={say(texts.note)} onInput={event => setNote(event.currentTarget.value)} />
      <button type="submit" class="btn primary" data-testid="acknowledge" disabled={busy}>{say(busy ? texts.acknowledging : texts.acknowledge)} <kbd>A</kbd></button>
    </form>
  );
}

function Body({ detail: { alarm, verdict, timeline } }: { readonly detail: AlarmDetail }) {
  return (
    <>
      <Block head={say(texts.verdict)} side={verdict ? say(texts.ruleVersion(verdict.rule, verdict.ruleVersion)) : alarm.rule}>
        <p class="sentence">{verdict && <b>{say(texts.result[verdict.result])}{say(texts.colon)}</b>}{say(verdict?.sentence ?? alarm.sentence)}</p>
        {!verdict && <p class="quiet">{say(texts.noVerdict)}</p>}
        {verdict && verdict.missing.length > 0 && <p class="lacking"><b>{say(texts.missingFacts)}</b> {verdict.missing.map(m => say(factName(m))).join(say(texts.separator))}</p>}
      </Block>
      {verdict && <Inputs verdict={verdict} />}
      <Block head={say(texts.witnesses)}>
        <p class="list">{alarm.witnesses.length === 0 ? say(texts.noWitness) : alarm.witnesses.map(w => <span key={w}>{wall.value?.probes.get(w)?.name ?? w}{wall.value?.probes.get(w) && wall.value.probes.get(w)!.name !== w ? ` (${w})` : ""}</span>)}</p>
      </Block>
      <Block head={say(texts.timeline)}><Timeline entries={timeline} /></Block>
      {verdict && <Basis verdict={verdict} />}
    </>
  );
}

function Block({ head, side, children }: { readonly head: string; readonly side?: string; readonly children: ComponentChildren }) {
  return <section class="block"><h3>{head}{side && <span>{side}</span>}</h3>{children}</section>;
}

function Inputs({ verdict }: { readonly verdict: Verdict }) {
  const parameters = verdict.inputs.filter(i => i.from === "parameter"), facts = verdict.inputs.filter(i => i.from !== "parameter");
  return (
    <>
      {facts.length > 0 && <InputTable head={say(texts.inputs)} time={say(texts.at)} inputs={facts} now={Date.parse(verdict.at)} />}
      {parameters.length > 0 && <InputTable head={say(texts.parameters)} time={say(texts.inForceSince)} inputs={parameters} now={Date.parse(verdict.at)} />}
    </>
  );
}

function InputTable({ head, time, inputs, now }: { readonly head: string; readonly time: string; readonly inputs: readonly VerdictInput[]; readonly now: number }) {
  return (
    <section class="block">
      <table>
        <caption>{head}</caption>
        <thead><tr><th scope="col">{say(texts.input)}</th><th scope="col">{say(texts.value)}</th><th scope="col">{say(texts.from)}</th><th scope="col">{time}</th></tr></thead>
        <tbody>{inputs.map(input => <InputRow key={`${input.from} ${input.name}`} input={input} now={now} />)}</tbody>
      </table>
    </section>
  );
}

const halfDayMs = 43_200_000;

function InputRow({ input, now }: { readonly input: VerdictInput; readonly now: number }) {
  const missing = input.value === undefined;
  const word = typeof input.value === "string" ? registerWord(input.value) : undefined;
  const shown = missing ? null : quantity(input.value!, input.unit, say(texts.yes), say(texts.no));
  const at = input.at === undefined ? null : Date.parse(input.at);
  const from = input.from === "register" ? say(texts.fromRegister) : input.from === "parameter" ? say(texts.fromParameter) : input.from;
  return (
    <tr data-missing={missing}>
      <th scope="row" title={input.name}>{say(input.title ?? factName(input.name))}</th>
      <td class="value" title={missing ? say(texts.missingValue) : undefined}>{word ? say(word) : shown ? <>{shown.value}{shown.spread && ` ± ${shown.spread}`}{shown.unit && <span class="unit">{shown.unit}</span>}</> : "—"}</td>
      <td class="from">{from}</td>
      <td class="time">{at === null ? "—" : Math.abs(now - at) > halfDayMs ? dateTime(at) : clock(at)}</td>
    </tr>
  );
}

function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  if (entries.length === 0) return <p class="quiet">{say(texts.timelineEmpty)}</p>;
  return (
    <ol class="timeline">
      {entries.map((entry, i) => (
        <li key={i}><time>{dateTime(Date.parse(entry.at))}</time><span><b>{say(texts.what[entry.what] ?? { zh: entry.what, en: entry.what })}{entry.actor ? ` ${entry.actor}` : ""}</b> {say(entry.note)}</span></li>
      ))}
    </ol>
  );
}

/** What makes the verdict checkable: the pack, the register and the build, by their digests. */
function Basis({ verdict }: { readonly verdict: Verdict }) {
  return (
    <Block head={say(texts.basis)}>
      <dl class="basis">
        <dt>{say(texts.pack)}</dt><dd>{verdict.pack} <Digest hex={verdict.packDigest} /></dd>
        <dt>{say(texts.register)}</dt><dd>{verdict.registerDigest === "" ? say(texts.registerNone) : <Digest hex={verdict.registerDigest} />}</dd>
        <dt>{say(texts.build)}</dt><dd>{verdict.build}</dd>
        <dt>{say(texts.verdictId)}</dt><dd><Digest hex={verdict.id} /></dd>
      </dl>
    </Block>
  );
}

function Digest({ hex }: { readonly hex: string }) {
  return <span class="mono" title={hex}>{hex.slice(0, 12)}</span>;
}
