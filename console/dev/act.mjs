// Acts on the built page as a person would, against the mock, and checks what happens. Ends with 1 where something does not.
import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
let port = 8300, failed = 0;

async function act(name, scene, work) {
  const base = `http://127.0.0.1:${++port}`;
  const server = spawn(process.execPath, [new URL("./server.mjs", import.meta.url).pathname, "--port", String(port), "--scene", scene], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise(resolve => server.stdout.once("data", resolve));
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } }), page = await context.newPage();
  const errors = [];
  page.on("pageerror", error => errors.push(error.message));
  try {
    await page.goto(base);
    const id = test => page.getByTestId(test);
    await work({ page, context, base, id, row: alarm => page.locator(`[data-alarm-id="${alarm}"][data-testid=alarm-row]`), say: query => fetch(`${base}/dev/say?${query}`) });
    assert.deepEqual(errors, []);
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n      ${String(error.message).split("\n").slice(0, 12).join("\n      ")}`);
  }
  await context.close();
  server.kill();
}

const asked = async (id, name) => {
  await id("operator-name").fill(name);
  await id("operator-save").click();
};

await act("acknowledging asks who, once, and shows in a second browser within a second", "city", async ({ page, context, base, id, row }) => {
  const second = await context.newPage();
  await second.goto(base);
  await second.locator("[data-testid=alarm-row]").first().waitFor();
  await row("fm-01-97800000").click();
  await id("alarm-detail").getByText("最小信噪比").waitFor();
  await id("acknowledge").click();
  await asked(id, "李敏");
  await second.locator('[data-alarm-id="fm-01-97800000"][data-state=acknowledged]').waitFor({ timeout: 1_000 });
  await id("acknowledged-by").getByText("李敏").waitFor();
  await page.keyboard.press("Escape");
  await id("alarm-detail").waitFor({ state: "detached" });
  await row("ts-cc").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await page.locator('[data-alarm-id="ts-cc"][data-state=acknowledged]').first().waitFor();
});

await act("a refused acknowledgement says why, and changes nothing", "city", async ({ id, row, say }) => {
  await row("ts-cc").click();
  await id("acknowledge").waitFor();
  await say("touch=ts-cc");
  await id("acknowledge").click();
  await asked(id, "李敏");
  await id("alarm-detail").getByText("告警在你看到之后有变化").waitFor();
  assert.equal(await row("ts-cc").getAttribute("data-state"), "unacknowledged");
});

await act("keys move, open, help and close", "city", async ({ page, id, row }) => {
  await row("ts-cc").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.locator('[data-alarm-id="ts-cc"][aria-selected=true]').waitFor();
  await page.keyboard.press("Enter");
  await id("alarm-detail").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
});

await act("a delta that was lost is noticed, and the wall fetched anew", "city", async ({ row, say }) => {
  await row("ts-cc").waitFor();
  await say("raise=2&skip=1");
  await row("raised-2").waitFor({ timeout: 2_000 });
});

await act("language and theme change without reload", "city", async ({ page, id }) => {
  await page.evaluate(() => { window.kept = true; });
  await id("language").click();
  await page.getByText("Suspected pirate broadcast 97.8 MHz").waitFor();
  await id("sound").click();
  assert.equal(await id("sound").getAttribute("aria-pressed"), "true");
  await id("theme").click();
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme, window.kept]), ["en", "light", true]);
});

await act("a lost collector is told within five seconds, the clock stands, and it recovers by itself", "city", async ({ page, id, row, say }) => {
  await row("ts-cc").waitFor();
  await say("down=1");
  await id("stale-banner").waitFor({ timeout: 5_000 });
  const stands = await id("clock").textContent();
  await page.waitForTimeout(2_500);
  assert.equal(await id("clock").textContent(), stands);
  await say("down=0");
  await id("stale-banner").waitFor({ state: "detached", timeout: 5_000 });
  await page.waitForTimeout(1_200);
  assert.notEqual(await id("clock").textContent(), stands);
});

await act("data that stop, silence and full storage each name their cause", "city", async ({ page, row, say }) => {
  await row("ts-cc").waitFor();
  for (const [query, off, cause] of [["freeze=1", "freeze=0", "data"], ["full=1", "full=0", "storage"], ["mute=1", "mute=0", "silence"]]) {
    await say(query);
    await page.locator(`[data-testid=stale-banner][data-cause=${cause}]`).waitFor({ timeout: 7_000 });
    await say(off);
    await page.getByTestId("stale-banner").waitFor({ state: "detached", timeout: 12_000 });
  }
});

await act("under the pointer no row moves; a new P1 is shown, and takes its place afterwards", "city", async ({ page, row, say }) => {
  const box = await row("ts-cc").boundingBox();
  await page.mouse.move(box.x + 200, box.y + 20);
  await page.mouse.move(box.x + 210, box.y + 22);
  await say("raise=1");
  await row("raised-1").waitFor();
  assert.deepEqual(await row("ts-cc").boundingBox(), box);
  await page.getByText("新到 1 条排在末尾").waitFor();
  await page.mouse.move(10, 10);
  await page.locator('[data-alarm-id="raised-1"][aria-rowindex="1"]').waitFor();
});

await act("ten thousand alarms with a hundred changes a second: thirty rows, sixty frames", "many", async ({ page, row }) => {
  await page.getByTestId("alarm-row").first().waitFor();
  assert.equal(await page.getByTestId("alarm-list").getAttribute("aria-rowcount"), "10000");
  assert.ok(await page.getByTestId("alarm-row").count() <= 30);
  const work = await page.evaluate(() => new Promise(resolve => {
    const long = [], observer = new PerformanceObserver(list => long.push(...list.getEntries().map(e => Math.round(e.duration))));
    observer.observe({ type: "longtask" });
    let frames = 0;
    const began = performance.now(), next = () => { frames++; if (performance.now() - began < 5_000) requestAnimationFrame(next); else resolve({ framesPerSecond: Math.round(frames / 5), long }); };
    requestAnimationFrame(next);
  }));
  console.log(`      ${JSON.stringify(work)}`);
  await page.getByTestId("alarm-list").evaluate(list => { list.scrollTop = 300_000; });
  await page.waitForTimeout(300);
  assert.ok(Number(await page.getByTestId("alarm-row").first().getAttribute("aria-rowindex")) > 4_000);
});

await act("every carrier has its label, none covers another", "replay", async ({ page }) => {
  for (const [hz, cls, words] of [[97400000, "licensed", "97.4 OE1"], [97800000, "unregistered", "未登记"], [98500000, "unidentified", "未识别载波"]]) {
    await page.locator(`[data-testid=carrier-label][data-frequency-hz="${hz}"][data-class=${cls}]`, { hasText: words }).waitFor();
  }
});

await browser.close();
process.exit(failed ? 1 : 0);
