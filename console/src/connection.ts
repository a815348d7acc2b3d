import { HttpTransportType, HubConnectionBuilder, HubConnectionState, JsonHubProtocol, LogLevel, type HubConnection } from "@microsoft/signalr";
import { retryDelayMs, type Link } from "./age";
import type { WallDelta, WallHeartbeat, WallSnapshot } from "./wire";

export interface WallListener {
  snapshot(snapshot: WallSnapshot): void;
  /** False where the delta does not fit: a new snapshot is then asked for. */
  delta(delta: WallDelta): boolean;
  heartbeat(heartbeat: WallHeartbeat): void;
  link(link: Link): void;
}

/** A collector that accepts the connection but says nothing for so long is taken for dead: its heartbeat comes every second. */
const silenceMs = 6_000;
const startLimitMs = 5_000;

/** Keeps a connection to the wall's hub for ever: it never gives up, because a wall has nobody to press reload. */
export class WallConnection {
  private readonly hub: HubConnection;
  private readonly listener: WallListener;
  private attempt = 0;
  private downSince: number | null = performance.now();
  private resyncing = false;
  private retry: ReturnType<typeof setTimeout> | null = null;

  constructor(url: string, listener: WallListener) {
    this.listener = listener;
    // WebSockets without negotiation: one request to be back, and nothing to fall back to that would be slower than saying that there is no connection.
    this.hub = new HubConnectionBuilder()
      .withUrl(url, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
      .withHubProtocol(new JsonHubProtocol())
      .configureLogging(LogLevel.None)
      .build();
    this.hub.serverTimeoutInMilliseconds = silenceMs;
    this.hub.on("snapshot", (snapshot: WallSnapshot) => this.take(snapshot));
    this.hub.on("delta", (delta: WallDelta) => {
      if (!this.listener.delta(delta)) void this.resync();
    });
    this.hub.on("heartbeat", (heartbeat: WallHeartbeat) => this.listener.heartbeat(heartbeat));
    this.hub.onclose(() => {
      this.downSince ??= performance.now();
      this.wait();
    });
  }

  start(): void {
    void this.connect();
  }

  /** Asks for the whole wall again. Deltas that arrive meanwhile belong to the revision that was missed, so one question at a time is enough. */
  async resync(): Promise<void> {
    if (this.resyncing || this.hub.state !== HubConnectionState.Connected) return;
    this.resyncing = true;
    try {
      const answer = await within(startLimitMs, this.hub.invoke<WallSnapshot | null | undefined>("Resync"));
      if (answer?.instance) this.take(answer);
    } catch {
      // Without an answer the connection is worth nothing; a new one brings a snapshot.
      await this.hub.stop();
    } finally {
      this.resyncing = false;
    }
  }

  private take(snapshot: WallSnapshot): void {
    this.listener.snapshot(snapshot);
  }

  private async connect(): Promise<void> {
    this.attempt++;
    this.tell("connecting", null);
    try {
      await within(startLimitMs, this.hub.start());
    } catch {
      if (this.hub.state === HubConnectionState.Disconnected) this.wait();
      else await this.hub.stop().then(() => this.wait()); // a start that hangs: without stop the next one is refused
      return;
    }
    this.attempt = 0;
    this.downSince = null;
    this.tell("connected", null);
  }

  private wait(): void {
    if (this.retry !== null) return; // a closed connection and a failed start may both end here
    const delay = retryDelayMs(Math.max(1, this.attempt));
    this.tell("waiting", performance.now() + delay);
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.connect();
    }, delay);
  }

  private tell(phase: Link["phase"], retryAtMono: number | null): void {
    this.listener.link({ phase, downSinceMono: this.downSince, attempt: this.attempt, retryAtMono });
  }
}

function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("time limit")), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
