import { CalendarClock, ChevronDown } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import { formatDuration } from '../format/durations.ts';
import { fromInputValue, toInputValue } from '../format/times.ts';
import { goLive } from '../time-bar/recorder.ts';
import { useChoices, useCommands, useParts, useSession } from './session-context.tsx';
import { SPANS } from './view-choices.ts';

/** The stretch of time that the time bar shows: the last minutes, live, or any window of the past, replayed. */
export function WindowPicker() {
  const { choices, session } = useParts();
  const commands = useCommands();
  const { spanMicros } = useChoices();
  const replayed = useSession((snapshot) => (snapshot.mode.kind === 'replay' ? snapshot.mode.window : null));
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState(0);
  const [opened, setOpened] = useState(0);

  const span = SPANS.find((each) => each.micros === spanMicros);
  const word = replayed === null ? (span?.word ?? '') : `${formatDuration(replayed.to - replayed.from)} window`;
  const close = () => popover.current?.hidePopover();
  const chooseSpan = (micros: number) => {
    choices.change({ spanMicros: micros });
    goLive({ session, choices });
    close();
  };

  return (
    <>
      <button ref={button} type="button" className="button" popoverTarget={id} title="What the time bar shows">
        <CalendarClock size={16} aria-hidden="true" />
        <span className="medium-only">{word}</span>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        className="popover"
        style={{ left }}
        onBeforeToggle={() => {
          setLeft(button.current?.getBoundingClientRect().left ?? 0);
          setOpened((times) => times + 1);
        }}
      >
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
        <WindowForm
          key={opened}
          from={replayed?.from ?? session.getSnapshot().now - spanMicros}
          to={replayed?.to ?? session.getSnapshot().now}
          onChosen={(window) => {
            choices.change({ context: null });
            commands.replay(window, { playing: true });
            close();
          }}
        />
      </div>
    </>
  );
}

interface WindowFormProps {
  readonly from: number;
  readonly to: number;
  readonly onChosen: (window: { readonly from: number; readonly to: number }) => void;
}

function WindowForm({ from, to, onChosen }: WindowFormProps) {
  const [first, setFirst] = useState(() => toInputValue(from));
  const [last, setLast] = useState(() => toInputValue(to));
  const begin = fromInputValue(first);
  const end = fromInputValue(last);
  const problem =
    begin === null || end === null
      ? 'Both need a date and a time.'
      : end <= begin
        ? 'The end must be after the beginning.'
        : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (begin !== null && end !== null && problem === null) onChosen({ from: begin, to: end });
  };
  return (
    <form onSubmit={submit}>
      <label>
        From
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={first}
          onChange={(event) => setFirst(event.target.value)}
        />
      </label>
      <label>
        To
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={last}
          onChange={(event) => setLast(event.target.value)}
        />
      </label>
      <p className="small quiet" role="status">
        {problem ?? 'In the time of this computer.'}
      </p>
      <button type="submit" className="button first" disabled={problem !== null}>
        Replay this window
      </button>
    </form>
  );
}
