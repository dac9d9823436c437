import { incompleteWords } from '../panels/missing-words.ts';
import { useParts, useSession } from './session-context.tsx';
import { useAnswer } from './use-answer.ts';

/** Whether the sums of what is shown are whole: some of it may have expired, or many names be told under one. */
export function CompletenessNotice() {
  const { api, session } = useParts();
  const replayed = useSession(({ mode }) => (mode.kind === 'replay' ? mode.window : null));
  const answer = useAnswer(
    `completeness ${replayed === null ? 'live' : `${replayed.from} ${replayed.to}`}`,
    (signal) => {
      const now = Math.floor(session.getSnapshot().now);
      return api.topology(replayed ?? { from: now - MINUTE_MICROS, to: now }, 'endpoint', signal);
    },
    ASK_MILLIS,
  );
  if (answer.kind !== 'ready') return null;
  const words = incompleteWords(answer.value);
  if (words.length === 0) return null;
  return (
    <div className="notice plain">
      <p className="title">Not all of it is shown</p>
      {words.map((each) => (
        <p key={each}>{each}</p>
      ))}
    </div>
  );
}

const MINUTE_MICROS = 60_000_000;
const ASK_MILLIS = 15_000;
