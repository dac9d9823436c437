import type { CapturedBody, ExchangeDetail } from '@soa-monitor/protocol';
import type { ExportQuery, Store } from '../store/store.ts';
import { type Column, isoOf } from './column.ts';
import { createParties, type Party } from './parties.ts';

/** One exchange of a file. */
export interface ExchangeRow {
  readonly detail: ExchangeDetail;
  readonly client: Party;
  readonly server: Party;
}

export async function* exchangeRows(
  store: Pick<Store, 'export' | 'node'>,
  query: ExportQuery,
): AsyncGenerator<readonly ExchangeRow[]> {
  const parties = createParties(store);
  for await (const page of store.export(query)) {
    const rows: ExchangeRow[] = [];
    for (const detail of page) {
      const { source, target } = detail.exchange;
      rows.push({ detail, client: await parties.of(source), server: await parties.of(target) });
    }
    yield rows;
  }
}

/** As JSON: the exchange as the API tells it, and beside it what else a file has. */
export const exchangeDocument = (bodies: boolean) => (row: ExchangeRow) => {
  const { exchange, attempts } = row.detail;
  return {
    ...exchange,
    times: {
      start: isoOf(exchange.start),
      requestSent: isoOf(exchange.requestSent),
      requestReceived: isoOf(exchange.requestReceived),
      replySent: isoOf(exchange.replySent),
      replyReceived: isoOf(exchange.replyReceived),
    },
    clientMachine: row.client.machine,
    clientName: row.client.name,
    serverMachine: row.server.machine,
    serverName: row.server.name,
    ...idsOf(row),
    attempts,
    ...(bodies ? { requestBody: bodyOf(row, 'requestBody'), replyBody: bodyOf(row, 'replyBody') } : {}),
  };
};

/** As the client sent them, else as the server found them. */
function idsOf({ detail: { client, server } }: ExchangeRow) {
  const found = <Name extends 'messageId' | 'relatesTo' | 'traceparent'>(name: Name): string | null =>
    client?.ids?.[name] ?? server?.ids?.[name] ?? null;
  return { messageId: found('messageId'), relatesTo: found('relatesTo'), traceparent: found('traceparent') };
}

/** As the service captured it, else as its client did. */
const bodyOf = ({ detail: { client, server } }: ExchangeRow, name: 'requestBody' | 'replyBody'): CapturedBody | null =>
  server?.[name] ?? client?.[name] ?? null;

export const exchangeColumns = (bodies: boolean): readonly Column<ExchangeRow>[] =>
  bodies ? [...COLUMNS, ...BODY_COLUMNS] : COLUMNS;

type Exchange = ExchangeDetail['exchange'];
const of = (
  name: string,
  kind: Column<ExchangeRow>['kind'],
  value: (exchange: Exchange) => string | number | boolean | null | undefined,
): Column<ExchangeRow> => ({ name, kind, value: ({ detail }) => value(detail.exchange) ?? null });

const COLUMNS: readonly Column<ExchangeRow>[] = [
  of('id', 'text', ({ id }) => id),
  of('transaction', 'text', ({ transaction }) => transaction),
  of('parent', 'text', ({ parent }) => parent),
  of('start', 'time', ({ start }) => start),
  of('duration_micros', 'integer', ({ durationMicros }) => durationMicros),
  of('source', 'text', ({ sourceName }) => sourceName),
  of('target', 'text', ({ targetName }) => targetName),
  of('path', 'text', ({ call }) => call.path),
  of('operation_namespace', 'text', ({ call }) => call.operation?.namespace),
  of('operation', 'text', ({ call }) => call.operation?.name),
  of('action', 'text', ({ call }) => call.action),
  of('soap_version', 'text', ({ call }) => call.soapVersion),
  of('outcome', 'text', ({ outcome }) => outcome),
  of('lost', 'boolean', ({ lost }) => lost),
  of('status', 'integer', ({ status }) => status),
  of('fault_code', 'text', ({ fault }) => fault?.code),
  of('fault_subcode', 'text', ({ fault }) => fault?.subcode),
  of('fault_reason', 'text', ({ fault }) => fault?.reason),
  of('request_bytes', 'integer', ({ requestBytes }) => requestBytes),
  of('reply_bytes', 'integer', ({ replyBytes }) => replyBytes),
  of('request_sent', 'time', ({ requestSent }) => requestSent),
  of('request_received', 'time', ({ requestReceived }) => requestReceived),
  of('reply_sent', 'time', ({ replySent }) => replySent),
  of('reply_received', 'time', ({ replyReceived }) => replyReceived),
  of('halves', 'text', ({ halves }) => halves),
  of('evidence', 'text', ({ evidence }) => evidence),
  of('confidence', 'text', ({ confidence }) => confidence),
  of('ambiguous', 'boolean', ({ ambiguous }) => ambiguous),
  { name: 'client_machine', kind: 'text', value: ({ client }) => client.machine },
  { name: 'client_name', kind: 'text', value: ({ client }) => client.name },
  { name: 'server_machine', kind: 'text', value: ({ server }) => server.machine },
  { name: 'server_name', kind: 'text', value: ({ server }) => server.name },
  { name: 'message_id', kind: 'text', value: (row) => idsOf(row).messageId },
  { name: 'relates_to', kind: 'text', value: (row) => idsOf(row).relatesTo },
  { name: 'traceparent', kind: 'text', value: (row) => idsOf(row).traceparent },
  { name: 'attempts', kind: 'integer', value: ({ detail }) => detail.attempts.length + 1 },
];

const BODY_COLUMNS: readonly Column<ExchangeRow>[] = [
  { name: 'request_body', kind: 'text', value: (row) => bodyOf(row, 'requestBody')?.text ?? null },
  { name: 'reply_body', kind: 'text', value: (row) => bodyOf(row, 'replyBody')?.text ?? null },
];
