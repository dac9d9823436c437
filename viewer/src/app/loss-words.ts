import type { ReporterAccount } from '@soa-monitor/protocol';
import { formatPlural } from '../format/numbers.ts';

type Losses = Pick<ReporterAccount, 'name' | 'life' | 'dropped' | 'gaps' | 'refused'>;

/** What is missing of one reporter and why, a sentence each, the most first. */
export function lossWords({ name, life, dropped, gaps, refused }: Losses): readonly string[] {
  const losses = Object.entries(dropped).map(([reason, count]) => ({
    count,
    words: `${were(count)} dropped by ${name} ${reasonWords(reason)}`,
  }));
  if (gaps > 0) losses.push({ count: gaps, words: `${observations(gaps)} never arrived from ${name} (${LEFT[life]})` });
  if (refused > 0)
    losses.push({
      count: refused,
      words: `${were(refused)} refused by the monitor: those of ${name} make no sense to it`,
    });
  return losses.sort((a, b) => b.count - a.count).map(({ words }) => `${words}.`);
}

const observations = (count: number): string => formatPlural(count, 'observation', 'observations');
const were = (count: number): string => `${observations(count)} ${count === 1 ? 'was' : 'were'}`;

const LEFT = {
  reporting: 'they are on their way',
  silent: 'its process was killed, or cannot reach the monitor',
  closed: 'its process ended before it could send them',
};

/** A reason that this viewer does not know is told as its interceptor named it. */
const reasonWords = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? `because ${REASONS[reason]}` : `(${reason})`;

const REASONS: Readonly<Record<string, string>> = {
  queueFull: 'its queue was full (monitor away or slow)',
  spoolFull: 'its spool folder was full (monitor away for too long)',
  spoolFailed: 'its spool folder could not be written',
  spoolDamaged: 'what lay in its spool folder was damaged',
  notTaken: 'the monitor did not take its report',
  unanswered: 'the monitor’s answer left them out',
  tooManyInFlight: 'too many calls ran at once to follow each of them',
};
