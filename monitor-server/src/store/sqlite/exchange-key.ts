import { exchangeId } from '@soa-monitor/protocol';

/** Where a record lies: key time and the order of storing. It never changes. */
export interface Key {
  readonly time: number;
  readonly seq: number;
}

/**
 * The id of an exchange: the key of the half that was seen first, as text. It leads to a row by itself, also after the
 * exchange was joined with another, and needs no table of its own.
 */
export const idOf = ({ time, seq }: Key): string => exchangeId(time, seq);

/** Null: not an id of ours. */
export function keyOf(id: string): Key | null {
  const [, timeText, seqText] = /^([0-9a-z]{1,11})-([0-9a-z]{1,11})$/.exec(id) ?? [];
  if (timeText === undefined || seqText === undefined) return null;
  const [time, seq] = [Number.parseInt(timeText, 36), Number.parseInt(seqText, 36)];
  return Number.isSafeInteger(time) && Number.isSafeInteger(seq) ? { time, seq } : null;
}

/** The one that was stored first. */
export const firstStored = (key: Key, other: Key | null): Key => (other !== null && other.seq < key.seq ? other : key);
