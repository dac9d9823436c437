import type { Exchange } from '@soa-monitor/protocol';

/** RFC 4180, one exchange to the row. */
export async function* csvOf(pages: AsyncIterable<readonly Exchange[]>): AsyncGenerator<string> {
  yield `${COLUMNS.map(([name]) => name).join(',')}\r\n`;
  for await (const page of pages) {
    yield page.map((exchange) => `${COLUMNS.map(([, value]) => cell(value(exchange))).join(',')}\r\n`).join('');
  }
}

/**
 * A text that a spreadsheet would take for a formula begins with an apostrophe instead (OWASP, CSV injection): names and
 * faults are written by whoever calls. Numbers are ours and stay as they are.
 */
export function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[\s\0]*[=+\-@]|^[\t\r\n\0]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const isoOf = (micros: number | null): string | null =>
  micros === null ? null : `${new Date(Math.floor(micros / 1_000)).toISOString().slice(0, -1)}${micro(micros)}Z`;

const micro = (micros: number): string => String(Math.floor(micros) % 1_000).padStart(3, '0');

const COLUMNS: readonly (readonly [string, (exchange: Exchange) => string | number | boolean | null])[] = [
  ['id', ({ id }) => id],
  ['transaction', ({ transaction }) => transaction],
  ['parent', ({ parent }) => parent],
  ['start', ({ start }) => isoOf(start)],
  ['duration_micros', ({ durationMicros }) => durationMicros],
  ['source', ({ sourceName }) => sourceName],
  ['target', ({ targetName }) => targetName],
  ['path', ({ call }) => call.path],
  ['operation_namespace', ({ call }) => call.operation?.namespace ?? null],
  ['operation', ({ call }) => call.operation?.name ?? null],
  ['action', ({ call }) => call.action ?? null],
  ['soap_version', ({ call }) => call.soapVersion ?? null],
  ['outcome', ({ outcome }) => outcome],
  ['lost', ({ lost }) => lost],
  ['status', ({ status }) => status],
  ['fault_code', ({ fault }) => fault?.code ?? null],
  ['fault_reason', ({ fault }) => fault?.reason ?? null],
  ['request_bytes', ({ requestBytes }) => requestBytes],
  ['reply_bytes', ({ replyBytes }) => replyBytes],
  ['request_sent', ({ requestSent }) => isoOf(requestSent)],
  ['request_received', ({ requestReceived }) => isoOf(requestReceived)],
  ['reply_sent', ({ replySent }) => isoOf(replySent)],
  ['reply_received', ({ replyReceived }) => isoOf(replyReceived)],
  ['halves', ({ halves }) => halves],
  ['evidence', ({ evidence }) => evidence],
];
