import type { ComponentChildren } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { askOperator } from "./alarms/acknowledge";
import { operator, say } from "./preferences";
import { texts } from "./texts";

export const help = signal(false);

function Dialog({ label, onClose, children }: { readonly label: string; readonly onClose: () => void; readonly children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return <dialog ref={dialog} aria-label={label} onClose={onClose}>{children}</dialog>;
}

export function Dialogs() {
  return <>{askOperator.value && <OperatorDialog />}{help.value && <HelpDialog />}</>;
}

function OperatorDialog() {
  const [name, setName] = useState(operator.value);
  const close = (): void => {
    askOperator.value = null;
  };
  const save = (event: Event): void => {
    event.preventDefault();
    const go = askOperator.value;
    operator.value = name.trim();
    close();
    go?.();
  };
  return (
    <Dialog label={say(texts.operatorAsk)} onClose={close}>
      <form onSubmit={save} data-testid="operator-dialog">
        <h2>{say(texts.operatorAsk)}</h2>
        <p>{say(texts.operatorWhy)}</p>
        <input type="text" data-testid="operator-name" required maxLength={64} pattern=".*\S.*" value={name} aria-label={say(texts.operatorField)} placeholder={say(texts.operatorField)} autocomplete="off" onInput={event => setName(event.currentTarget.value)} />
        <p class="acts"><button type="button" class="btn" onClick={close}>{say(texts.cancel)}</button><button type="submit" class="btn primary" data-testid="operator-save">{say(texts.save)}</button></p>
      </form>
    </Dialog>
  );
}

const keys = [
  [["J", "K", "↑", "↓"], texts.keyMove], [["A"], texts.keyAcknowledge], [["Enter"], texts.keyDetail], [["Esc"], texts.keyClose], [["?"], texts.keyHelp],
] as const;

function HelpDialog() {
  const close = (): void => {
    help.value = false;
  };
  return (
    <Dialog label={say(texts.keys)} onClose={close}>
      <h2>{say(texts.keys)}</h2>
      <dl class="keys">{keys.map(([caps, what]) => <div key={what.en}><dt>{caps.map(cap => <kbd key={cap}>{cap}</kbd>)}</dt><dd>{say(what)}</dd></div>)}</dl>
      <p class="quiet">{say(texts.keyStill)}</p>
      <p class="acts"><button type="button" class="btn primary" onClick={close}>{say(texts.close)}</button></p>
    </Dialog>
  );
}
