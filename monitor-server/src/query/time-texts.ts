/** Epoch µs of a time as it may stand in a query: epoch µs itself, or ISO 8601 (with an offset, else UTC). Null: neither. */
export function microsOfTime(text: string): number | null {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, date, clock = '00:00:00', fraction = '', offset = 'Z'] = match;
  const seconds = clock.length === 5 ? `${clock}:00` : clock;
  // In a query string a plus that was not escaped arrives as a blank.
  const millis = Date.parse(`${date}T${seconds}${offset.replace(' ', '+')}`);
  return Number.isNaN(millis) || millis < 0 ? null : millis * 1_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+ -]\d\d:\d\d)?)?$/;

export const DURATION_TEXT = 'µs, or a number with us, ms, s, m, h or d';

const UNITS = new Map([
  ['us', 1],
  ['ms', 1_000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
  ['d', 86_400_000_000],
]);

/** µs of a duration in a query. Null: it is none. */
export function microsOfDuration(text: string): number | null {
  const match = /^(\d{1,15})(us|ms|s|m|h|d)?$/.exec(text);
  if (match === null) return null;
  const micros = Number(match[1]) * (UNITS.get(match[2] ?? 'us') ?? 1);
  return Number.isSafeInteger(micros) ? micros : null;
}
