// One animation frame for all painting. Whatever changes between two frames is painted once.

type Painter = () => void;

const due = new Set<Painter>();
let scheduled = false;

/** Paints before the next frame, once, however often it is asked for. A page that nobody sees has no frames: there a timer does it, so that a new P1 still sounds. */
export function paint(painter: Painter): void {
  due.add(painter);
  if (scheduled) return;
  scheduled = true;
  if (document.hidden) setTimeout(run, 200);
  else requestAnimationFrame(run);
}

// A frame that was asked for before the page was hidden does not come until it is seen again.
document.addEventListener("visibilitychange", () => {
  if (scheduled) run();
});

function run(): void {
  scheduled = false;
  const now = [...due];
  due.clear();
  for (const painter of now) painter();
}
