import { effect, signal } from "@preact/signals";
import { wall } from "../session";

/** Off until a person clicks: browsers allow no sound before, and a wall that pretends to sound is worse than one that says it does not. */
export const soundOn = signal(false);

const repeatMs = 2_000;
const tones = [[880, 0], [660, 0.22]] as const; // Hz, start in s: a falling pair that speech does not mask

let audio: AudioContext | undefined;
let timer: ReturnType<typeof setInterval> | undefined;

function sound(): void {
  if (!audio) return;
  for (const [frequency, start] of tones) {
    const oscillator = audio.createOscillator(), gain = audio.createGain(), at = audio.currentTime + start;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.4, at + 0.02); // without ramps each tone begins and ends with a click
    gain.gain.setValueAtTime(0.4, at + 0.17);
    gain.gain.linearRampToValueAtTime(0, at + 0.2);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.21);
  }
}

export function toggleSound(): void {
  soundOn.value = !soundOn.value;
  if (!soundOn.value) return;
  audio ??= new AudioContext();
  void audio.resume();
}

/** Sounds while a P1 is not acknowledged. Silencing stops the sound, and changes nothing of the alarm. */
export function startSound(): void {
  effect(() => {
    const urgent = wall.value?.alarms[0];
    const due = soundOn.value && urgent !== undefined && urgent.priority === 1 && !urgent.acknowledged;
    if (due && timer === undefined) {
      sound();
      timer = setInterval(sound, repeatMs);
    } else if (!due && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  });
}
