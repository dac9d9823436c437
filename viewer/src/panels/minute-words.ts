import { formatClock } from '../format/times.ts';
import type { SessionSnapshot } from '../session/session.ts';

/** Which minute the figures are of. */
export const minuteWords = ({ mode, playhead }: SessionSnapshot): string =>
  mode.kind === 'live' ? 'in the last minute' : `in the minute before ${formatClock(playhead)}`;
