import { describe, expect, it } from "vitest";
import { areaName, provinceOf } from "../src/areas";
import { clock, dateTime, day, decimal, duration, level, megahertz, quantity } from "../src/format";

describe("times", () => {
  const ms = Date.UTC(2026, 10, 22, 16, 5, 9); // past midnight in China
  it("are told in UTC+8 whatever the screen is set to", () => {
    expect(clock(ms)).toBe("00:05:09");
    expect(dateTime(ms)).toBe("2026-11-23 00:05:09");
    expect(day(ms, "zh")).toBe("11-23 周一");
    expect(clock(Date.UTC(2026, 10, 22, 16))).toBe("00:00:00"); // not 24:00:00
  });
  it("that last are told in the unit that a person counts in", () => expect([-5, 42_000, 1_611_000, 7_500_000, 187_200_000].map(duration)).toEqual(["00:00", "00:42", "26:51", "2 h 05", "2 d 4 h"]));
});

describe("numbers", () => {
  it("carry a true minus and never a minus zero", () => expect([decimal(-36.44, 1), decimal(-0.04, 1), decimal(12345, 0)]).toEqual(["−36.4", "0.0", "12,345"]));
  it("of frequencies have the decimals that they need", () => expect([97_800_000, 97_850_000, 97_802_000, 100_000_000].map(megahertz)).toEqual(["97.8", "97.85", "97.802", "100.0"]));
  it("keep unit and uncertainty in one size", () => {
    expect(quantity({ value: -36.4, uncertainty: 1.5 }, "dBFS", "是", "否")).toEqual({ value: "−36.4", unit: "dBFS", spread: "1.5" });
    expect(quantity({ value: 183_000, uncertainty: 2_000 }, "Hz", "是", "否")).toEqual({ value: "183", unit: "kHz", spread: "2" });
    expect(quantity(23_756_000, "b/s", "是", "否")).toEqual({ value: "23.8", unit: "Mb/s" });
    expect(quantity(97_800_000, "Hz", "是", "否")).toEqual({ value: "97.8", unit: "MHz" });
    expect(quantity(true, "", "是", "否")).toEqual({ value: "是", unit: "" });
  });
});

describe("a carrier's level", () => {
  it("is a field strength only where there is one, then a power, then uncalibrated", () => {
    expect(level({ field_dbuvm: 68, level_dbm: -50, level_dbfs: -30 })).toMatchObject({ quantity: { unit: "dBµV/m" }, calibrated: true });
    expect(level({ level_dbm: -50, level_dbfs: -30 })).toMatchObject({ quantity: { unit: "dBm" }, calibrated: true });
    expect(level({ level_dbfs: -30 })).toMatchObject({ quantity: { unit: "dBFS" }, calibrated: false });
    expect(level({})).toBeNull();
  });
});

describe("areas", () => {
  it("are named by GB/T 2260, and an unknown code is shown as it is", () => {
    expect(areaName("440106")?.zh).toBe("广州");
    expect(areaName("999999")?.zh).toBe("999999");
    expect(areaName("")).toBeNull();
  });
  it("make a province where all probes stand in one", () => {
    expect(provinceOf(["440106", "440305", ""])?.zh).toBe("广东省");
    expect(provinceOf(["440106", "450100"])).toBeNull();
  });
});
