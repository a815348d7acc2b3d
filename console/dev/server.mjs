// Serves dist/ with made-up data, without a collector: to look at the page, and for nothing else. Nothing here is a measurement.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { WebSocketServer } from "ws";
import { World } from "./world.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "8090" }, scene: { type: "string", default: "city" } } });
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
const world = new World(values.scene);

const json = (response, status, body) => {
  response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
  response.end(JSON.stringify(body));
};

async function answer(request, response) {
  const path = new URL(request.url, "http://mock").pathname;
  const alarm = /^\/api\/v1\/alarms\/([^/]+)(\/acknowledge)?$/.exec(path);
  if (path === "/dev/say") return json(response, 200, world.control(new URL(request.url, "http://mock").searchParams) ?? {});
  if (alarm && alarm[2]) {
    let body = "";
    for await (const chunk of request) body += chunk;
    return json(response, ...world.acknowledge(decodeURIComponent(alarm[1]), JSON.parse(body)));
  }
  if (alarm) return json(response, ...world.detail(decodeURIComponent(alarm[1])));
  const file = normalize(path === "/" ? "/index.html" : path);
  try {
    const bytes = await readFile(join(dist, file));
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-security-policy": "default-src 'self'" });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

const server = createServer((request, response) => void answer(request, response));
const hub = new WebSocketServer({ noServer: true }), spectrum = new WebSocketServer({ noServer: true });
server.on("upgrade", (request, socket, head) => {
  const target = request.url.startsWith("/hubs/wall") ? hub : request.url.startsWith("/live/spectrum") ? spectrum : null;
  if (!target || world.down) return socket.destroy();
  target.handleUpgrade(request, socket, head, ws => target.emit("connection", ws));
});

// SignalR's JSON protocol: records that end with 0x1E; the first one of each side is the handshake.
const record = message => `${JSON.stringify(message)}\u001e`;
const call = (ws, target, argument) => ws.send(record({ type: 1, target, arguments: [argument] }));
hub.on("connection", ws => {
  ws.on("message", data => {
    for (const part of String(data).split("\u001e").filter(Boolean)) {
      const message = JSON.parse(part);
      if (message.protocol) {
        ws.send("{}\u001e");
        ws.ready = true; // a call before the handshake's answer breaks the connection
        call(ws, "snapshot", world.snapshot());
      } else if (message.type === 1 && message.target === "Resync") {
        ws.send(record({ type: 3, invocationId: message.invocationId, result: world.snapshot() }));
      }
    }
  });
});
const everyone = (target, argument) => {
  for (const ws of hub.clients) if (ws.ready && ws.readyState === ws.OPEN) call(ws, target, argument);
};
setInterval(() => {
  if (world.down) for (const ws of [...hub.clients, ...spectrum.clients]) ws.terminate();
  else if (!world.mute) everyone("heartbeat", world.heartbeat());
}, 1000);
setInterval(() => {
  const delta = world.step();
  if (delta && !world.mute) everyone("delta", delta);
}, 250);
setInterval(() => {
  if (!world.mute) for (const frame of world.frames()) for (const ws of spectrum.clients) ws.send(frame);
}, 200);

server.listen(Number(values.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${values.port}/ scene ${values.scene}`));
