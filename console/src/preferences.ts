import { effect, signal } from "@preact/signals";
import type { Text } from "./wire";

export type Language = keyof Text;
export type Theme = "dark" | "light";

const languages: readonly Language[] = ["zh", "en"];
const themes: readonly Theme[] = ["dark", "light"];

/** A wall screen without keyboard is set by its address: `?lang=en&theme=light`. */
const address = new URLSearchParams(location.search);

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`signalwatch.${key}`);
  } catch {
    return null; // storage may be forbidden; the wall then starts with its defaults
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`signalwatch.${key}`, value);
  } catch {
    // as above: the choice holds until the page is closed
  }
}

function oneOf<T extends string>(allowed: readonly T[], value: string | null): T | undefined {
  return allowed.find(a => a === value);
}

export const language = signal<Language>(oneOf(languages, address.get("lang")) ?? oneOf(languages, remembered("language")) ?? "zh");
export const theme = signal<Theme>(oneOf(themes, address.get("theme")) ?? oneOf(themes, remembered("theme")) ?? "dark");

/** Who acknowledges, as asked once on this screen; empty until then. */
export const operator = signal(remembered("operator") ?? "");

effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  remember("language", language.value);
});
effect(() => {
  document.documentElement.dataset.theme = theme.value;
  remember("theme", theme.value);
});
effect(() => remember("operator", operator.value));

/** A text in the chosen language. Read inside a component, it follows the switch. */
export function say(text: Text): string {
  return text[language.value];
}
