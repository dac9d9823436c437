import type { Accounting } from '@soa-monitor/protocol';
import { formatCount, formatPlural } from '../format/numbers.ts';
import { lossWords } from './loss-words.ts';

/** What the books say when they do not balance, or when something was lost on the way; null when all is well. */
export interface AccountingAlarm {
  readonly bad: boolean;
  readonly title: string;
  readonly meaning: string;
  readonly toDo: string;
  /** Who lost what, a sentence each. */
  readonly lines: readonly string[];
}

export function accountingAlarm(accounting: Accounting | null): AccountingAlarm | null {
  if (accounting === null) return null;
  const { difference, dropped, gaps, refused } = accounting;
  const lines = linesOf(accounting);
  if (difference !== 0)
    return {
      bad: true,
      title: `The books do not balance: ${formatPlural(Math.abs(difference), 'observation', 'observations')} ${difference > 0 ? 'missing' : 'too many'}`,
      meaning: `Services observed ${formatCount(accounting.observed)}; stored, queued, refused and dropped ones add up to ${difference > 0 ? 'fewer' : 'more'}. Figures and map may be wrong by that much.`,
      toDo: 'Look at the log of the monitor. If it stays, please report it: it is a fault of the monitor.',
      lines,
    };
  if (dropped > 0)
    return {
      bad: false,
      title: `${formatPlural(dropped, 'observation', 'observations')} dropped by the services’ interceptors`,
      meaning:
        'A service had more to report than its queue holds, because the monitor was away or slow. Its messages passed untouched, but the map and the figures do not show them.',
      toDo: 'If the number grows, give the queue more room or a spool folder, or the monitor a faster disk.',
      lines,
    };
  if (gaps > 0)
    return {
      bad: false,
      title: `${formatPlural(gaps, 'observation', 'observations')} never arrived`,
      meaning:
        'A service went away with observations that it had not sent yet. Its messages passed untouched, but the map and the figures do not show them.',
      toDo: 'With a spool folder, a service that comes back sends what it left.',
      lines,
    };
  if (refused > 0)
    return {
      bad: false,
      title: `${formatPlural(refused, 'observation', 'observations')} refused by the monitor`,
      meaning: 'A service sent rows that make no sense to this monitor, so they are not counted.',
      toDo: 'Look for a service whose interceptor is older or newer than the monitor: its log tells the reason.',
      lines,
    };
  return null;
}

/** Lines of the notice, at most; the node panel tells the rest. */
const LINES_MAX = 5;

function linesOf({ reporters }: Accounting): readonly string[] {
  const lines = reporters.flatMap(lossWords);
  const more = lines.length - LINES_MAX;
  return more <= 0 ? lines : [...lines.slice(0, LINES_MAX), `And ${formatCount(more)} more.`];
}
