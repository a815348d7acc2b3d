import type { Cause } from "../age";
import { clock, duration } from "../format";
import { say } from "../preferences";
import { age, link, now } from "../session";
import { texts } from "../texts";
import type { Text } from "../wire";

const causes: Readonly<Record<Cause, { readonly what: Text; readonly todo: Text }>> = {
  connection: { what: texts.causeConnection, todo: texts.callCollector },
  silence: { what: texts.causeSilence, todo: texts.callCollector },
  storage: { what: texts.causeStorage, todo: texts.callStorage },
  data: { what: texts.causeData, todo: texts.callProbes },
};

/** The strongest thing on the screen: the picture is not now. */
export function StaleBanner() {
  const { kind, cause, clockMs, stoppedMs } = age.value;
  if (kind !== "stale" || cause === null) return null;
  return (
    <div class="stale-banner" data-testid="stale-banner" data-cause={cause} role="status">
      <b>{say(clockMs === null ? texts.staleNever : texts.staleHead)} <time>{duration(stoppedMs)}</time></b>
      <p class="why">
        <span>{clockMs === null ? say(texts.staleNothing) : say(texts.staleFrozen(clock(clockMs)))}</span>
        <span>{say(causes[cause].what)} {cause === "connection" && retry()} {say(texts.probesKeep)}</span>
      </p>
      <p class="todo"><span>{say(causes[cause].todo)}</span>{clockMs !== null && <span>{say(texts.lastValid)}</span>}</p>
    </div>
  );
}

function retry(): string {
  const { phase, attempt, retryAtMono } = link.value;
  if (phase === "waiting" && retryAtMono !== null) return say(texts.retryIn(attempt + 1, Math.max(0, Math.ceil((retryAtMono - now.value) / 1000))));
  return say(texts.retrying(attempt));
}
