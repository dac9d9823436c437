import { fromAbsolute, getLocalTimeZone, type ZonedDateTime } from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { type FormEvent, type RefObject, useState } from 'react';
import {
  Button,
  CalendarCell,
  CalendarGrid,
  DateInput,
  DateRangePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Label,
  Popover,
  RangeCalendar,
} from 'react-aria-components';
import { goLive } from '../time-bar/recorder.ts';
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

interface RangeFormProps {
  readonly from: number;
  readonly to: number;
  readonly onChosen: (window: { readonly from: number; readonly to: number }) => void;
}

function RangeForm({ from, to, onChosen }: RangeFormProps) {
  const [range, setRange] = useState<Range | null>(() => ({ start: dateOf(from), end: dateOf(to) }));
  const problem =
    range === null
      ? 'Both ends need a date and a time.'
      : range.end.compare(range.start) <= 0
        ? 'The end must be after the beginning.'
        : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (range !== null && problem === null) onChosen({ from: microsOf(range.start), to: microsOf(range.end) });
  };
  return (
    <form onSubmit={submit}>
      <DateRangePicker
        className="range"
        value={range}
        onChange={setRange}
        granularity="second"
        hourCycle={24}
        hideTimeZone
        shouldCloseOnSelect={false}
      >
        <Label>A window of the past</Label>
        <Group className="range-fields">
          <div>
            <DateInput slot="start" className="field">
              {(segment) => <DateSegment segment={segment} />}
            </DateInput>
            <DateInput slot="end" className="field">
              {(segment) => <DateSegment segment={segment} />}
            </DateInput>
          </div>
          <Button className="icon-button" aria-label="Calendar">
            <CalendarDays size={16} aria-hidden="true" />
          </Button>
        </Group>
        <Popover className="popover calendar">
          <Dialog>
            <RangeCalendar>
              <header>
                <Button slot="previous" className="icon-button">
                  <ChevronLeft size={16} aria-hidden="true" />
                </Button>
                <Heading />
                <Button slot="next" className="icon-button">
                  <ChevronRight size={16} aria-hidden="true" />
                </Button>
              </header>
              <CalendarGrid>{(date) => <CalendarCell date={date} />}</CalendarGrid>
            </RangeCalendar>
          </Dialog>
        </Popover>
      </DateRangePicker>
      <p className="small quiet" role="status">
        {problem ?? `In the time of this computer (${getLocalTimeZone()}).`}
      </p>
      <button type="submit" className="button first" disabled={problem !== null}>
        Replay this window
      </button>
    </form>
  );
}

interface Range {
  readonly start: ZonedDateTime;
  readonly end: ZonedDateTime;
}

const dateOf = (micros: number): ZonedDateTime =>
  fromAbsolute(Math.floor(micros / 1_000_000) * 1_000, getLocalTimeZone());
const microsOf = (date: ZonedDateTime): number => date.toDate().getTime() * 1_000;
