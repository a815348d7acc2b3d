import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { say } from "../preferences";
import { age, wall, wallTime } from "../session";
import { texts } from "../texts";
import { open, opened, selected } from "./acknowledge";
import { hold, release, view } from "./hold";
import { below, topOf, windowOf } from "./order";
import { Row } from "./row";

interface Box {
  readonly scroll: number;
  readonly height: number;
  readonly row: number;
  readonly tall: number;
}

/** What needs a person. Only the rows on the screen are in the document, so that ten thousand alarms cost what ten do. */
export function AlarmList() {
  const shown = view.value, total = shown.rows.length;
  return (
    <section class="alarms zone" aria-labelledby="alarms-head">
      <div class="zhead cols">
        <span><h2 id="alarms-head">{say(texts.needsPerson)}</h2><span class="n">{wall.value ? total - shown.gone.size : ""}</span>{shown.added > 0 && <span class="added">{say(texts.waiting(shown.added))}</span>}</span>
        <span class="num">{say(texts.measured)}</span><span class="num">{say(texts.witnessesOwner)}</span>
      </div>
      {total === 0 ? <Empty /> : <Rows />}
    </section>
  );
}

function Rows() {
  const scroller = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box>({ scroll: 0, height: 0, row: 62, tall: 92 });
  const shown = view.value, chosen = selected.value;

  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = (): void => setBox(measured(element));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  // Only a change of the choice scrolls: a list that follows its rows on every delta would fight the person.
  useEffect(() => {
    const index = chosen === null ? -1 : view.peek().rows.findIndex(r => r.id === chosen);
    if (index >= 0) reveal(scroller.current!, box, index, view.peek().tall);
  }, [chosen]);

  const { from, to, height } = windowOf(shown.rows.length, shown.tall, box.tall, box.row, box.scroll, box.height);
  const hidden = box.height === 0 ? 0 : below(shown.rows.length, shown.tall, box.tall, box.row, box.scroll, box.height);
  return (
    <>
      <div class="rows" ref={scroller} role="grid" tabIndex={0} data-testid="alarm-list" aria-labelledby="alarms-head" aria-rowcount={shown.rows.length} aria-colcount={5}
        onScroll={() => setBox(measured(scroller.current!))} onPointerMove={hold} onPointerLeave={release}>
        <div class="rows-all" role="rowgroup" style={{ height: `${height}px` }}>
          {shown.rows.slice(from, to).map((row, i) => {
            const index = from + i;
            return <Row key={row.id} row={row} index={index} top={topOf(index, shown.tall, box.tall, box.row)} tall={index < shown.tall}
              gone={shown.gone.has(row.id)} chosen={row.id === chosen} opened={row.id === opened.value} onOpen={open} />;
          })}
        </div>
      </div>
      <div class="fold" data-more={hidden > 0}>
        <span>{hidden > 0 ? say(texts.more(hidden)) : ""}</span>
        <span class="keys"><kbd>J</kbd><kbd>K</kbd>{say(texts.keyHint)} <kbd>A</kbd>{say(texts.acknowledge)} <kbd>Enter</kbd>{say(texts.keyOpen)} <kbd>?</kbd>{say(texts.helpTitle)}</span>
      </div>
    </>
  );
}

/** Row heights come from the style sheet, so that one place decides them for wall and phone. */
function measured(element: HTMLElement): Box {
  const style = getComputedStyle(element), rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) * rem;
  return { scroll: element.scrollTop, height: element.clientHeight, row: height("--row"), tall: height("--row-tall") };
}

function reveal(element: HTMLElement, box: Box, index: number, tall: number): void {
  const top = topOf(index, tall, box.tall, box.row), bottom = topOf(index + 1, tall, box.tall, box.row);
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}

/** Calm, blind or not connected: three different things that all look like an empty list. */
function Empty() {
  const current = age.value, online = [...wall.value?.probes.values() ?? []].filter(p => p.online).length;
  const calm = current.kind === "fresh" && wall.value !== undefined && online > 0;
  const [head, how] = calm ? [texts.emptyCalm, texts.emptyCalmWhy(online, Math.floor((current.dataAgeMs ?? 0) / 1000))]
    : wallTime.value === null ? [texts.emptyNoConnection, texts.emptyNoConnectionHow]
    : [texts.emptyNoData, texts.emptyNoDataHow];
  return (
    <div class="empty" data-testid="alarm-list" data-calm={calm}>
      <b>{say(head)}</b>
      <p>{say(how)}</p>
    </div>
  );
}
