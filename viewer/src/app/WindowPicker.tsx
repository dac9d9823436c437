import { formatDuration } from '../format/durations.ts';
import { goLive } from '../time-bar/recorder.ts';
import { useChoices, useParts, useSession } from './session-context.tsx';
import { SPANS } from './view-choices.ts';
import { WindowChoice } from './WindowChoice.tsx';

/** The stretch of time that the time bar shows: the last minutes, live, or any window of the past, replayed. */
export function WindowPicker() {
  const { choices, session } = useParts();
  const { spanMicros } = useChoices();
  const replayed = useSession((snapshot) => (snapshot.mode.kind === 'replay' ? snapshot.mode.window : null));
  const span = SPANS.find((each) => each.micros === spanMicros);
  return (
    <WindowChoice
      name="Window of time"
      word={replayed === null ? (span?.word ?? '') : `${formatDuration(replayed.to - replayed.from)} window`}
      title="What the time bar shows"
      shrinks
      choices={SPANS.map(({ micros, word }) => ({
        word: `${word}, live`,
        chosen: replayed === null && micros === spanMicros,
        choose() {
          choices.change({ spanMicros: micros });
          goLive({ session, choices });
        },
      }))}
      form={{
        label: 'A window of the past',
        action: 'Replay this window',
        range() {
          const { now } = session.getSnapshot();
          return replayed ?? { from: now - spanMicros, to: now };
        },
        choose(window) {
          choices.change({ context: null });
          session.commands.replay(window, { playing: true });
        },
      }}
    />
  );
}
