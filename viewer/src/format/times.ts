import { formatDuration } from './durations.ts';

/** Moments (epoch µs) in words. The zone is the browser's unless a caller, a test for instance, names another. */
export const formatClock = (at: number, zone?: string): string => part(at, zone, { second: true });

/** To the millisecond: 14:03:22.123. */
export const formatClockMillis = (at: number, zone?: string): string =>
  `${part(at, zone, { second: true })}.${micros(at).slice(0, 3)}`;

export const formatClockMinutes = (at: number, zone?: string): string => part(at, zone, { second: false });

/** The exact moment, for hovering: 2026-11-22 14:03:22.123456. */
export const formatExact = (at: number, zone?: string): string => `${formatMoment(at, zone)}.${micros(at)}`;

/** The same to the second, for notes: 2026-11-22 14:03:22. */
export const formatMoment = (at: number, zone?: string): string => `${formatDay(at, zone)} ${formatClock(at, zone)}`;

export function formatDay(at: number, zone?: string): string {
  const fields = fieldsOf(at, zone);
  return `${fields.year}-${fields.month}-${fields.day}`;
}

/** "12 s ago", "just now", "in 3 s". */
export function formatAgo(at: number, now: number): string {
  const passed = now - at;
  if (Math.abs(passed) < 1_000_000) return 'just now';
  const seconds = Math.floor(Math.abs(passed) / 1_000_000) * 1_000_000;
  return passed < 0 ? `in ${formatDuration(seconds)}` : `${formatDuration(seconds)} ago`;
}

/** "14:03:22 – 14:08:22", with the day where it is not the day of `now`. */
export function formatSpan(from: number, to: number, now: number, zone?: string): string {
  const day = formatDay(from, zone) === formatDay(now, zone) ? '' : `${formatDay(from, zone)} `;
  const lastDay = formatDay(from, zone) === formatDay(to, zone) ? '' : `${formatDay(to, zone)} `;
  return `${day}${formatClock(from, zone)} – ${lastDay}${formatClock(to, zone)}`;
}

const micros = (at: number): string => String(Math.floor(at) % 1_000_000).padStart(6, '0');

const part = (at: number, zone: string | undefined, { second }: { readonly second: boolean }): string => {
  const fields = fieldsOf(at, zone);
  return second ? `${fields.hour}:${fields.minute}:${fields.second}` : `${fields.hour}:${fields.minute}`;
};

interface Fields {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

function fieldsOf(at: number, zone: string | undefined): Fields {
  const found = new Map(
    formatterOf(zone)
      .formatToParts(at / 1_000)
      .map((each) => [each.type, each.value]),
  );
  const field = (type: Intl.DateTimeFormatPartTypes): string => found.get(type) ?? '';
  return {
    year: field('year'),
    month: field('month'),
    day: field('day'),
    hour: field('hour'),
    minute: field('minute'),
    second: field('second'),
  };
}

const FORMAT: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
};

/** A formatter costs some 50 µs to make; one per zone is kept, and a page has one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatterOf(zone: string | undefined): Intl.DateTimeFormat {
  const kept = formatters.get(zone ?? '');
  if (kept !== undefined) return kept;
  const made = new Intl.DateTimeFormat('en-CA', zone === undefined ? FORMAT : { ...FORMAT, timeZone: zone });
  formatters.set(zone ?? '', made);
  return made;
}
