import { describe, expect, it } from "vitest";
import { ageOf, retryDelayMs, ticks, type Heard, type Link } from "../src/age";

const connected: Link = { phase: "connected", downSinceMono: null, attempt: 0, retryAtMono: null };
const server = Date.UTC(2026, 10, 22, 14);
const heard = (more: Partial<Heard> = {}): Heard => ({ atMono: 1_000, serverMs: server, dataMs: server - 400, fullSinceMs: null, ...more });
const down = (since: number): Link => ({ phase: "waiting", downSinceMono: since, attempt: 1, retryAtMono: since + 500 });

describe("a connected wall", () => {
  it("is fresh, and its clock runs with the monotonic clock", () => {
    const age = ageOf(2_500, heard(), connected);
    expect(age).toMatchObject({ kind: "fresh", cause: null, clockMs: server + 1_500, dataAgeMs: 1_900 });
    expect(ticks(age)).toBe(1);
  });

  it("is stale at the fifth second without a heartbeat, not before", () => {
    const lasting = heard({ dataMs: server + 10_000 });
    expect(ageOf(5_999, lasting, connected).kind).toBe("fresh");
    expect(ageOf(6_000, lasting, connected)).toMatchObject({ kind: "stale", cause: "silence", clockMs: server });
  });

  it("is stale when heartbeats come but data are five seconds old, and its clock stands at the last of them", () => {
    const age = ageOf(1_000, heard({ dataMs: server - 5_000 }), connected);
    expect(age).toMatchObject({ kind: "stale", cause: "data", clockMs: server - 5_000, stoppedMs: 5_000 });
    expect(ticks(age)).toBe(5);
    expect(ageOf(1_000, heard({ dataMs: server - 4_999 }), connected).kind).toBe("fresh");
  });

  it("is stale at once when the storage is full: what is shown is no longer kept", () => expect(ageOf(1_000, heard({ fullSinceMs: server - 100 }), connected)).toMatchObject({ kind: "stale", cause: "storage", clockMs: server - 400 }));

  it("without any data is neither fresh nor stale", () => {
    const age = ageOf(1_000, heard({ dataMs: null }), connected);
    expect(age).toMatchObject({ kind: "empty", dataAgeMs: null });
    expect(ticks(age)).toBe(0);
  });

  it("does not show a negative age where the newest data are newer than the heartbeat", () => expect(ageOf(1_000, heard({ dataMs: server + 300 }), connected).dataAgeMs).toBe(0));
});

describe("a lost connection", () => {
  it("is forgiven for a second and a half", () => {
    expect(ageOf(2_500, heard(), down(1_000)).kind).toBe("fresh");
    expect(ageOf(2_501, heard(), down(1_000))).toMatchObject({ kind: "stale", cause: "connection", clockMs: server });
  });

  it("lets the age of the data grow while the clock stands", () => {
    expect(ageOf(31_000, heard(), down(1_000))).toMatchObject({ clockMs: server, dataAgeMs: 30_400, stoppedMs: 30_000 });
  });

  it("that never was one says so, with no clock at all", () => {
    expect(ageOf(1_000, null, down(0)).kind).toBe("starting");
    expect(ageOf(2_000, null, down(0))).toMatchObject({ kind: "stale", cause: "connection", clockMs: null, stoppedMs: 2_000 });
  });
});

it("tries again after 0.5, 1, 2, 3 s and then every 3 s, for ever", () => expect([1, 2, 3, 4, 5, 1000].map(retryDelayMs)).toEqual([500, 1_000, 2_000, 3_000, 3_000, 3_000]));
