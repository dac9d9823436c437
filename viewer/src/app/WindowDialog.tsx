import type { RefObject } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { goLive } from '../time-bar/recorder.ts';
import { RangeForm } from './RangeForm.tsx';
import { useChoices, useParts, useSession } from './session-context.tsx';
import { SPANS } from './view-choices.ts';

interface WindowDialogProps {
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

/** Which window: a stretch up to now, or any range of the past by date and time, to the second. */
export function WindowDialog({ trigger, onClose }: WindowDialogProps) {
  const { choices, session } = useParts();
  const { spanMicros } = useChoices();
  const replayed = useSession((snapshot) => (snapshot.mode.kind === 'replay' ? snapshot.mode.window : null));
  const chooseSpan = (micros: number) => {
    choices.change({ spanMicros: micros });
    goLive({ session, choices });
    onClose();
  };
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className="popover">
      <Dialog aria-label="Window of time">
        <div className="choices">
          {SPANS.map((each) => (
            <button
              key={each.micros}
              type="button"
              className="button"
              aria-pressed={replayed === null && each.micros === spanMicros}
              onClick={() => chooseSpan(each.micros)}
            >
              {each.word}, live
            </button>
          ))}
        </div>
        <RangeForm
          label="A window of the past"
          action="Replay this window"
          from={replayed?.from ?? session.getSnapshot().now - spanMicros}
          to={replayed?.to ?? session.getSnapshot().now}
          onChosen={(window) => {
            choices.change({ context: null });
            session.commands.replay(window, { playing: true });
            onClose();
          }}
        />
      </Dialog>
    </Popover>
  );
}
