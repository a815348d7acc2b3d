// Opens the built page in Chromium against the mock, in every scene, and keeps screenshots to look at; says what axe-core finds, and which requests leave the site.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const out = process.argv[2] ?? "screens", only = process.argv[3];
mkdirSync(out, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { width: 1920, height: 1080 }, phone = { width: 390, height: 844 }, huge = { width: 3840, height: 2160 };
const say = query => async (page, base) => { await fetch(`${base}/dev/say?${query}`); await page.waitForTimeout(7_000); };
const openFirst = async page => { await page.locator("[data-testid=alarm-row]").first().click(); await page.waitForTimeout(600); };

const shots = [
  ["city-zh-dark", "city", "lang=zh&theme=dark", wide], ["city-en-light", "city", "lang=en&theme=light", wide], ["city-zh-light", "city", "lang=zh&theme=light", wide], ["city-en-dark", "city", "lang=en&theme=dark", wide], ["city-4k", "city", "lang=zh&theme=dark", huge],
  ["phone-zh", "city", "lang=zh&theme=dark", phone], ["phone-en-light", "city", "lang=en&theme=light", phone],
  ["detail-zh", "city", "lang=zh&theme=dark", wide, openFirst], ["detail-en-light", "city", "lang=en&theme=light", wide, openFirst], ["detail-phone", "city", "lang=zh&theme=dark", phone, openFirst],
  ["drill", "drill", "lang=zh&theme=dark", wide], ["drill-phone-light", "drill", "lang=zh&theme=light", phone], ["replay-en", "replay", "lang=en&theme=dark", wide], ["replay-zh", "replay", "lang=zh&theme=dark", wide],
  ["later", "city", "lang=zh&theme=dark", wide, page => page.waitForTimeout(45_000)], ["replay-later-light", "replay", "lang=zh&theme=light", wide, page => page.waitForTimeout(45_000)],
  ["empty-zh", "empty", "lang=zh&theme=dark", wide], ["nodata-en", "nodata", "lang=en&theme=dark", wide], ["many", "many", "lang=zh&theme=dark", wide],
  ["stale-down", "city", "lang=zh&theme=dark", wide, say("down=1")], ["stale-data-light", "city", "lang=en&theme=light", wide, say("freeze=1")], ["stale-full-phone", "city", "lang=zh&theme=dark", phone, say("full=1")],
].filter(([name]) => !only || name.includes(only));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
let port = 8200;
for (const [name, scene, query, viewport, act] of shots) {
  const base = `http://127.0.0.1:${++port}`;
  const server = spawn(process.execPath, [new URL("./server.mjs", import.meta.url).pathname, "--port", String(port), "--scene", scene], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise(resolve => server.stdout.once("data", resolve));
  const page = await browser.newPage({ viewport, hasTouch: viewport === phone, bypassCSP: false });
  const said = [];
  page.on("console", message => message.type() !== "log" && said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", error => said.push(`error: ${error.message}`));
  page.on("request", request => !request.url().startsWith(base) && said.push(`leaves the site: ${request.url()}`));
  await page.goto(`${base}/?${query}`);
  await page.waitForTimeout(4_000);
  if (act) await act(page, base);
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: viewport === phone && !act });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), tall = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  const found = await page.evaluate(`(() => { const module = undefined, exports = undefined, define = undefined; ${axe}; return axe.run({ resultTypes: ["violations"] }).then(r => r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => v.id + " " + v.nodes.length + " " + v.nodes[0].html.slice(0, 160) + " " + (v.nodes[0].failureSummary ?? "").slice(0, 220))); })()`).catch(error => [`axe: ${error.message}`]);
  console.log(name, sideways > 0 ? `SIDEWAYS ${sideways}` : "", viewport !== phone && tall > 0 ? `TALL ${tall}` : "", [...new Set([...said, ...found])].join("\n  "));
  await page.close();
  server.kill();
}
await browser.close();
