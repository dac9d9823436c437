import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { KindGlyph, NODE_KINDS } from '../panels/KindGlyph.tsx';
import { KNOWN_STATES, StateMark } from '../panels/StateMark.tsx';
import { IconButton } from './IconButton.tsx';
import { useParts } from './session-context.tsx';
import { SHORTCUTS } from './shortcuts.ts';

/** The keys, and the signs of the map. A modal dialog: Escape closes it. */
export function ShortcutSheet() {
  const { choices } = useParts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => choices.change({ sheetOpen: false });
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="sheet-title" onClose={close}>
      <header>
        <h2 id="sheet-title">Keys and signs</h2>
        <IconButton icon={X} label="Close" onPress={close} />
      </header>
      <div className="columns">
        <dl>
          {SHORTCUTS.map((shortcut) => (
            <div key={shortcut.shown} className="pair">
              <dt>
                <kbd>{shortcut.shown}</kbd>
              </dt>
              <dd>{shortcut.words}</dd>
            </div>
          ))}
          <div className="pair">
            <dt>
              <kbd>← ↑ → ↓</kbd>
            </dt>
            <dd>On the map: to a neighbour. On the time bar: through time</dd>
          </div>
        </dl>
        <div className="signs">
          {NODE_KINDS.map(({ kind, word }) => (
            <div key={kind} className="pair">
              <KindGlyph kind={kind} />
              <span>{word}</span>
            </div>
          ))}
          {KNOWN_STATES.map(({ state, words }) => (
            <div key={state} className="pair">
              <StateMark state={state} />
              <span>{words}</span>
            </div>
          ))}
          <p className="quiet small">
            One dot is one message: a disc is a request, a smaller and lighter one its reply, a vermillion diamond a
            fault. A dot that stays and breathes is a call that waits for its reply.
          </p>
        </div>
      </div>
    </dialog>
  );
}
