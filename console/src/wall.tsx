import { useEffect, useRef, useState } from "preact/hooks";
import { Detail } from "./alarms/detail";
import { AlarmList } from "./alarms/list";
import { Dialogs } from "./dialogs";
import { Header } from "./header/header";
import { StaleBanner } from "./header/stale";
import { handleKey } from "./keys";
import { Kpi } from "./kpi";
import { say } from "./preferences";
import { Services } from "./services/panel";
import { drill, stale, wall } from "./session";
import { BandPanel } from "./spectrum/band";
import { texts } from "./texts";

export function WallPage() {
  useEffect(() => {
    document.addEventListener("keydown", handleKey);
    return () => document.removeEventListener("keydown", handleKey);
  }, []);
  return (
    <div class="page" data-stale={stale.value} data-drill={drill.value}>
      <Header />
      <StaleBanner />
      <div class="body">
        <main class="main live"><AlarmList /><Services /></main>
        <BandPanel />
        <Detail />
      </div>
      {!stale.value && <Kpi />}
      {drill.value && <Watermark />}
      <Announcements />
      <Dialogs />
    </div>
  );
}

/** The word everywhere, so that no photograph of the screen can be taken for an event. */
function Watermark() {
  return <div class="watermark" aria-hidden="true">{Array.from({ length: 20 }, (_, i) => <span key={i} data-word={say(texts.origin.simulated)} />)}</div>;
}

/** For those who listen: how many there are, politely; a new P1 at once. */
function Announcements() {
  const alarms = wall.value?.alarms ?? [], newest = alarms.filter(a => a.priority === 1 && !a.acknowledged);
  const heard = useRef(new Set<string>());
  const [urgent, setUrgent] = useState("");
  const key = newest.map(a => a.id).join(" ");
  useEffect(() => {
    const fresh = newest.find(a => !heard.current.has(`${a.id} ${a.raisedAt}`));
    for (const a of newest) heard.current.add(`${a.id} ${a.raisedAt}`);
    if (fresh) setUrgent(say(texts.newUrgent(say(fresh.title))));
  }, [key]);
  return (
    <>
      <div class="heard" role="status">{wall.value ? say(texts.liveCount(alarms.length)) : ""}</div>
      <div class="heard" role="alert">{urgent}</div>
    </>
  );
}
