import { lazy } from 'react';
import { formatDuration } from '../format/durations.ts';
import { useChoices, useSession } from './session-context.tsx';
import { SPANS } from './view-choices.ts';
import { WindowChoice } from './WindowChoice.tsx';

/** The stretch of time that the time bar shows: the last minutes, live, or any window of the past, replayed. */
export function WindowPicker() {
  const { spanMicros } = useChoices();
  const replayed = useSession((snapshot) => (snapshot.mode.kind === 'replay' ? snapshot.mode.window : null));
  const span = SPANS.find((each) => each.micros === spanMicros);
  const word = replayed === null ? (span?.word ?? '') : `${formatDuration(replayed.to - replayed.from)} window`;
  return (
    <WindowChoice name="Window of time" word={word} title="What the time bar shows" shrinks>
      {(trigger, onClose) => <MapWindowDialog {...{ trigger, onClose }} />}
    </WindowChoice>
  );
}

const MapWindowDialog = lazy(async () => ({ default: (await import('./MapWindowDialog.tsx')).MapWindowDialog }));
