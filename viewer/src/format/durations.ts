import { plain, UNKNOWN, withUnit } from './numbers.ts';

/** A duration in the unit a person would choose: 512 µs, 12.3 ms, 1.23 s, 2 min 5 s, 3 h 12 min, 2 d 4 h. */
export function formatDuration(micros: number | null): string {
  if (micros === null) return UNKNOWN;
  const size = Math.abs(micros);
  if (size < 1_000) return withUnit(plain(micros), 'µs');
  if (size < 999_500) return withUnit(plain(micros / 1_000), 'ms');
  if (size < 59_950_000) return withUnit(plain(micros / 1_000_000), 's');
  return inTwoUnits(Math.round(micros / 1_000_000));
}

/** How late the picture is, always in seconds: "0.12 s". */
export const formatDelay = (micros: number): string => withUnit((Math.max(0, micros) / 1_000_000).toFixed(2), 's');

function inTwoUnits(seconds: number): string {
  const largest = UNITS.findIndex((unit) => Math.abs(seconds) >= unit.seconds);
  const unit = UNITS[largest];
  const next = UNITS[largest + 1];
  if (unit === undefined || next === undefined) return withUnit(String(seconds), 's');
  const rest = Math.floor((seconds % unit.seconds) / next.seconds);
  const whole = withUnit(String(Math.floor(seconds / unit.seconds)), unit.name);
  return rest === 0 ? whole : `${whole} ${withUnit(String(rest), next.name)}`;
}

const UNITS = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;
