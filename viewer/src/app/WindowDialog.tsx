import type { RefObject } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { RangeForm } from './RangeForm.tsx';
import type { WindowChoiceProps } from './WindowChoice.tsx';

interface WindowDialogProps extends Pick<WindowChoiceProps, 'name' | 'choices' | 'form'> {
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

/** Which window: one of the usual ones, or any range by date and time, to the second. */
export function WindowDialog({ trigger, name, choices, form, onClose }: WindowDialogProps) {
  const range = form.range();
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
          label={form.label}
          action={form.action}
          from={range.from}
          to={range.to}
          onChosen={(window) => {
            form.choose(window);
            onClose();
          }}
        />
      </Dialog>
    </Popover>
  );
}
