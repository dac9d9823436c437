import { goLive } from '../time-bar/recorder.ts';
import { useChoices, useParts, useSession } from './session-context.tsx';
import { SPANS } from './view-choices.ts';
import { type DialogOpener, WindowDialog } from './WindowDialog.tsx';

/** Which window the time bar shows: a stretch up to now, or any of the past. */
export function MapWindowDialog(opener: DialogOpener) {
  const { choices, session } = useParts();
  const { spanMicros } = useChoices();
  const replayed = useSession((snapshot) => (snapshot.mode.kind === 'replay' ? snapshot.mode.window : null));
  const { now } = session.getSnapshot();
  return (
    <WindowDialog
      {...opener}
      name="Window of time"
      choices={SPANS.map(({ micros, word }) => ({
        word: `${word}, live`,
        chosen: replayed === null && micros === spanMicros,
        choose() {
          choices.change({ spanMicros: micros });
          goLive({ session, choices });
        },
      }))}
      label="A window of the past"
      action="Replay this window"
      range={replayed ?? { from: now - spanMicros, to: now }}
      onChosen={(window) => {
        choices.change({ context: null });
        session.commands.replay(window, { playing: true });
      }}
    />
  );
}
