import { signal } from "@preact/signals";
import { operator } from "../preferences";
import { wall } from "../session";
import { texts } from "../texts";
import type { Acknowledgement, AlarmDetail, AlarmRow, Problem, Text } from "../wire";

/** The alarm that is open beside the list, the row that the keys act on, and what waits for an answer. */
export const opened = signal<string | null>(null);
export const selected = signal<string | null>(null);
export const acknowledging = signal<ReadonlySet<string>>(new Set());
/** Why the last acknowledgement of an alarm was refused. */
export const refusals = signal<ReadonlyMap<string, Text>>(new Map());
/** The acknowledgement that waits until the operator has said who he is. */
export const askOperator = signal<(() => void) | null>(null);

/** Opens an alarm anew: an earlier refusal was about an earlier version. */
export function open(id: string): void {
  setRefusal(id, null);
  selected.value = id;
  opened.value = id;
}

function setRefusal(id: string, refusal: Text | null): void {
  const next = new Map(refusals.peek());
  if (refusal) next.set(id, refusal);
  else if (!next.delete(id)) return;
  refusals.value = next;
}

/** Acknowledges the alarm as the person saw it: the collector refuses where it has changed since. */
export async function acknowledge(row: AlarmRow, note?: string): Promise<void> {
  if (row.acknowledged || acknowledging.value.has(row.id)) return;
  if (operator.value === "") {
    askOperator.value = () => void acknowledge(row, note);
    return;
  }
  acknowledging.value = new Set(acknowledging.value).add(row.id);
  const refusal = await post(row, note);
  const rest = new Set(acknowledging.value);
  rest.delete(row.id);
  acknowledging.value = rest;
  if (refusal) open(row.id); // a refusal must be seen, not only felt
  setRefusal(row.id, refusal);
}

async function post(row: AlarmRow, note: string | undefined): Promise<Text | null> {
  const body: Acknowledgement = { actor: operator.value, version: row.version, ...(note ? { note } : {}) };
  let response: Response;
  try {
    response = await fetch(`/api/v1/alarms/${encodeURIComponent(row.id)}/acknowledge`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
    });
  } catch {
    return texts.refusedNoAnswer;
  }
  return response.ok ? null : problemText(response);
}

async function problemText(response: Response): Promise<Text> {
  try {
    const { texts: said, title, detail } = await response.json() as Problem;
    if (said) return { zh: `${said.title.zh} ${said.detail.zh}`, en: `${said.title.en} ${said.detail.en}` };
    const plain = [title, detail].filter(Boolean).join(" ");
    if (plain) return { zh: plain, en: plain };
  } catch {
    // not a problem document: its status is all that there is to say
  }
  return texts.refusedOther(response.status);
}

export async function fetchDetail(id: string, signal: AbortSignal): Promise<AlarmDetail | Text> {
  try {
    const response = await fetch(`/api/v1/alarms/${encodeURIComponent(id)}`, { signal });
    return response.ok ? await response.json() as AlarmDetail : await problemText(response);
  } catch {
    return texts.detailFailedWhy;
  }
}

/** The row that keys act on: the chosen one while it is on the wall. */
export function selectedRow(): AlarmRow | undefined {
  return selected.value === null ? undefined : wall.value?.alarmById.get(selected.value);
}
