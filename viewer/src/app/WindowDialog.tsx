import type { Window } from '@soa-monitor/protocol';
import type { RefObject } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { RangeForm } from './RangeForm.tsx';

export interface DialogOpener {
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

interface WindowDialogProps extends DialogOpener {
  readonly name: string;
  /** The usual ones. */
  readonly choices: readonly { readonly word: string; readonly chosen: boolean; choose(): void }[];
  /** Any other: what its form and its button are called, and what stands in it first. */
  readonly label: string;
  readonly action: string;
  readonly range: Window;
  readonly onChosen: (window: Window) => void;
}

/** Which window: one of the usual ones, or any range by date and time, to the second. */
export function WindowDialog({ trigger, onClose, name, choices, label, action, range, onChosen }: WindowDialogProps) {
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className="popover">
      <Dialog aria-label={name}>
        <div className="choices">
          {choices.map(({ word, chosen, choose }) => (
            <button
              key={word}
              type="button"
              className="button"
              aria-pressed={chosen}
              onClick={() => {
                choose();
                onClose();
              }}
            >
              {word}
            </button>
          ))}
        </div>
        <RangeForm
          label={label}
          action={action}
          from={range.from}
          to={range.to}
          onChosen={(window) => {
            onChosen(window);
            onClose();
          }}
        />
      </Dialog>
    </Popover>
  );
}
