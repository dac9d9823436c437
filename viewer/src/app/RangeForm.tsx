import { fromAbsolute, getLocalTimeZone, type ZonedDateTime } from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { type FormEvent, useState } from 'react';
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

interface RangeFormProps {
  readonly label: string;
  /** What the button says. */
  readonly action: string;
  readonly from: number;
  readonly to: number;
  readonly onChosen: (window: { readonly from: number; readonly to: number }) => void;
}

/** A window by date and time, to the second; each part typed, heard and stepped by itself. */
export function RangeForm({ label, action, from, to, onChosen }: RangeFormProps) {
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
        <Label>{label}</Label>
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
        {action}
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
