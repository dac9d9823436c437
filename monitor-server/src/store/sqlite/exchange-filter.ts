import type { ExchangeDetail } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExchangesQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { foldScanned, type ScannedExchange } from './scan.ts';
import { wantedNumbers } from './wanted-links.ts';

/** Whether a scanned exchange is asked for, as far as can be told without its texts. */
export function createExchangeFilter(
  database: Database,
  catalogue: Catalogue,
  query: ExchangesQuery,
): (scanned: ScannedExchange) => boolean {
  const { links, operation } = wantedNumbers(database, catalogue, query);
  const wantedLinks = links === null ? null : new Set(links);
  const outcomes = query.outcome === null ? null : new Set([query.outcome].flat());
  return (scanned) => {
    if (scanned.link === null || (wantedLinks !== null && !wantedLinks.has(scanned.link))) return false;
    if (operation !== null && scanned.operation !== operation) return false;
    if (query.halves !== undefined && query.halves !== halvesOf(scanned)) return false;
    const { outcome, durationMicros } = foldScanned(scanned);
    if (outcome === 'attempt') return false;
    if (outcomes !== null && (outcome === null || !outcomes.has(outcome))) return false;
    if (query.minDurationMicros !== null && (durationMicros === null || durationMicros < query.minDurationMicros))
      return false;
    if (query.maxDurationMicros !== undefined && (durationMicros === null || durationMicros > query.maxDurationMicros))
      return false;
    // What one half alone shows was joined by nothing.
    if (query.evidence !== undefined && halvesOf(scanned) !== 'both') return false;
    return query.fault === null || hasFault(scanned, catalogue, query.fault);
  };
}

const halvesOf = ({ client, server }: ScannedExchange) =>
  client === null ? 'server' : server === null ? 'client' : 'both';

/** By a prefix of the code as written, or of its local name. */
function hasFault({ client, server }: ScannedExchange, catalogue: Catalogue, wanted: string): boolean {
  const number = client?.fault ?? server?.fault ?? null;
  if (number === null) return false;
  const { code, subcode } = catalogue.fault(number).fault;
  return [code, subcode ?? ''].some(
    (name) => name.startsWith(wanted) || name.slice(name.lastIndexOf(':') + 1).startsWith(wanted),
  );
}

/** What joined its halves. */
export const hasEvidence = ({ exchange }: ExchangeDetail, { evidence }: Pick<ExchangesQuery, 'evidence'>): boolean =>
  evidence === undefined || exchange.evidence === evidence;

/** In names, fault reasons and message ids, without regard to case; or the whole id of the exchange. */
export function hasText({ exchange, client, server }: ExchangeDetail, text: string | null): boolean {
  if (text === null || text === '' || exchange.id === text || exchange.transaction === text) return true;
  const wanted = text.toLowerCase();
  const halves = [client, server].flatMap((half) => (half === null ? [] : [half]));
  const texts = [
    exchange.sourceName,
    exchange.targetName,
    exchange.call.operation?.name,
    exchange.call.action,
    ...halves.flatMap((half) => [half.call.path, half.fault?.reason, half.fault?.code, half.fault?.detail]),
    ...halves.flatMap((half) => [half.ids?.messageId, half.ids?.relatesTo, half.ids?.traceparent]),
  ];
  return texts.some((candidate) => candidate?.toLowerCase().includes(wanted));
}
