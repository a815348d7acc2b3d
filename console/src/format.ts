import type { Language } from "./preferences";
import type { Fact, Facts, Text } from "./wire";
import { number } from "./wire";

/** The zone that every time is shown in; the screens of a province share one wall clock, whatever their own is set to. */
const zone = "Asia/Shanghai";
export const zoneName = "UTC+8";

const clockFormat = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const dayFormats: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  zh: new Intl.DateTimeFormat("zh-CN", { timeZone: zone, weekday: "short" }),
  en: new Intl.DateTimeFormat("en-GB", { timeZone: zone, month: "short", day: "2-digit", weekday: "short" }),
};
const dateFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });

export function clock(ms: number): string {
  return clockFormat.format(ms);
}

export function day(ms: number, language: Language): string {
  return language === "zh" ? `${dateFormat.format(ms).slice(5)} ${dayFormats.zh.format(ms)}` : dayFormats.en.format(ms);
}

/** `2026-11-22 22:41:07`, zone of the wall. */
export function dateTime(ms: number): string {
  return `${dateFormat.format(ms)} ${clock(ms)}`;
}

/** An age: `00:42`, `26:51`, `3 h 05`, `2 d 4 h`. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000)), m = Math.floor(s / 60), h = Math.floor(m / 60);
  if (m < 60) return `${two(m)}:${two(s % 60)}`;
  return h < 24 ? `${h} h ${two(m % 60)}` : `${Math.floor(h / 24)} d ${h % 24} h`;
}

const two = (n: number): string => String(n).padStart(2, "0");

const formats = new Map<number, Intl.NumberFormat>();

/** A number with so many decimals, a true minus, and no grouping of fewer than five digits. */
export function decimal(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (!format) formats.set(decimals, format = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "min2" }));
  return format.format(value).replace(/^-(?=[0.]*$)/, "").replace("-", "−"); // nothing is minus nothing
}

/** Nominal frequency in MHz with the decimals that it needs, at least one: `97.8`, `97.85`. */
export function megahertz(hz: number): string {
  return decimal(hz / 1e6, hz % 100_000 === 0 ? 1 : hz % 10_000 === 0 ? 2 : 3);
}

/** Three significant figures, as an instrument shows them. */
export function plain(value: number): string {
  if (Number.isInteger(value)) return decimal(value, 0);
  const magnitude = Math.abs(value), decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3;
  return decimal(value, Number.isInteger(value * 10) ? Math.min(1, decimals) : decimals);
}

export interface Quantity {
  readonly value: string;
  readonly unit: string;
  /** Half width of the 95 % interval in the same unit, where it is known. */
  readonly spread?: string;
}

/** A fact with its unit, in the size that people read: Hz as kHz or MHz, b/s as Mb/s. */
export function quantity(fact: Fact, unit: string, yes: string, no: string): Quantity {
  if (typeof fact === "boolean") return { value: fact ? yes : no, unit: "" };
  if (typeof fact === "string") return { value: fact, unit };
  const value = number(fact)!;
  const spread = typeof fact === "object" ? fact.uncertainty : undefined;
  const [scale, shown] = scaleOf(value, unit);
  const shownValue = (v: number): string => unit === "Hz" && shown === "MHz" ? megahertz(v) : unit.startsWith("dB") ? decimal(v, 1) : plain(v / scale);
  return { value: shownValue(value), unit: shown, ...spread === undefined ? {} : { spread: plain(spread / scale) } };
}

function scaleOf(value: number, unit: string): readonly [number, string] {
  const magnitude = Math.abs(value);
  if (unit === "Hz" || unit === "b/s" || unit === "B") {
    if (magnitude >= 1e6) return [1e6, `M${unit}`];
    if (magnitude >= 1e4) return [1e3, `k${unit}`];
  }
  return [1, unit];
}

/** The level of a carrier in the best unit that there is: field strength, then input power, then full scale of the receiver. */
export function level(facts: Facts): { readonly quantity: Quantity; readonly calibrated: boolean } | null {
  const field = number(facts.field_dbuvm), power = number(facts.level_dbm), scale = number(facts.level_dbfs);
  if (field !== undefined) return { quantity: { value: decimal(field, 1), unit: "dBµV/m" }, calibrated: true };
  if (power !== undefined) return { quantity: { value: decimal(power, 1), unit: "dBm" }, calibrated: true };
  return scale === undefined ? null : { quantity: { value: decimal(scale, 1), unit: "dBFS" }, calibrated: false };
}

/** Bits a second as Mb/s. */
export function megabits(bps: number): string {
  return decimal(bps / 1e6, bps >= 1e7 ? 1 : 2);
}

export function both(text: string): Text {
  return { zh: text, en: text };
}
