import type { Window } from '@soa-monitor/protocol';
import type { RefObject } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { RangeForm } from '../app/RangeForm.tsx';

interface OtherWindowDialogProps {
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly other: Window;
  readonly onChoose: (window: Window) => void;
  readonly onClose: () => void;
}

/** Any window to compare with. */
export function OtherWindowDialog({ trigger, other, onChoose, onClose }: OtherWindowDialogProps) {
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className="popover">
      <Dialog aria-label="Window to compare with">
        <RangeForm
          label="The window to compare with"
          action="Compare with this window"
          from={other.from}
          to={other.to}
          onChosen={(window) => {
            onChoose(window);
            onClose();
          }}
        />
      </Dialog>
    </Popover>
  );
}
