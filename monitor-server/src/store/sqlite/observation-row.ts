import { type Extras, type Identifiers, outcomeOf } from '@soa-monitor/protocol';
import type { Addresses } from './address-table.ts';
import type { Dictionaries } from './dictionaries.ts';
import { firstStored, type Key } from './exchange-key.ts';
import { type Half, type PlacedClock, ROLE_CLIENT } from './half.ts';
import type { Processes } from './processes.ts';

/** A row of `observation_<n>`: see partition-tables.ts. */
export interface ObservationRow {
  readonly time: number;
  readonly seq: number;
  readonly process: number;
  readonly exchange_no: number;
  readonly role: number;
  readonly call: number;
  readonly parent_no: number | null;
  readonly request_last: number | null;
  readonly reply_first: number | null;
  readonly reply_last: number | null;
  readonly end_offset: number | null;
  readonly request_bytes: number;
  readonly reply_bytes: number;
  readonly outcome: number | null;
  readonly status: number;
  readonly fault: number | null;
  readonly connection: number | string | null;
  readonly ordinal: number | null;
  readonly ids: string | null;
  readonly extras: string | null;
  readonly offset_micros: number;
  readonly placed: number;
  readonly parts: number;
  readonly partner_after: number | null;
  readonly partner_seq: number | null;
  readonly received_after: number | null;
  readonly link: number | null;
  readonly evidence: number | null;
  readonly ambiguous: number;
  readonly parent_before: number | null;
  readonly parent_seq: number | null;
  readonly lost: number;
  readonly pending: number;
  readonly clock_offset: number | null;
  readonly clock_uncertainty: number | null;
}

export const partnerOf = (row: Pick<ObservationRow, 'time' | 'partner_after' | 'partner_seq'>): Key | null =>
  row.partner_after === null || row.partner_seq === null
    ? null
    : { time: row.time + row.partner_after, seq: row.partner_seq };

/** The served half of the exchange that called this one. */
export const parentOf = (row: Pick<ObservationRow, 'time' | 'parent_before' | 'parent_seq'>): Key | null =>
  row.parent_before === null || row.parent_seq === null
    ? null
    : { time: row.time - row.parent_before, seq: row.parent_seq };

export const firstKeyOf = (row: Pick<ObservationRow, 'time' | 'seq' | 'partner_after' | 'partner_seq'>): Key =>
  firstStored(row, partnerOf(row));

export const clockOf = (row: Pick<ObservationRow, 'clock_offset' | 'clock_uncertainty'>): PlacedClock | null =>
  row.clock_offset === null || row.clock_uncertainty === null
    ? null
    : { offsetMicros: row.clock_offset, uncertaintyMicros: row.clock_uncertainty };

export function halfOfObservation(
  row: ObservationRow,
  processes: Processes,
  dictionaries: Dictionaries,
  addresses: Addresses,
): Half {
  return {
    time: row.time,
    seq: row.seq,
    process: processes.ofNumber(row.process),
    exchangeNo: row.exchange_no,
    role: row.role === ROLE_CLIENT ? 'client' : 'server',
    call: dictionaries.callOf(row.call),
    parentNo: row.parent_no,
    requestLast: row.request_last,
    replyFirst: row.reply_first,
    replyLast: row.reply_last,
    end: row.end_offset,
    requestBytes: row.request_bytes,
    replyBytes: row.reply_bytes,
    outcome: outcomeOf(row.outcome),
    status: row.status,
    fault: row.fault === null ? null : dictionaries.faultOf(row.fault),
    connection: row.connection === null ? null : addresses.connectionOf(row.connection),
    ordinal: row.ordinal,
    ids: row.ids === null ? null : idsOf(row.ids),
    extras: row.extras === null ? null : parseExtras(row.extras),
    offset: row.offset_micros,
    placed: row.placed === 1,
    parts: row.parts,
    line: undefined,
    idKeys: undefined,
  };
}

/** Most have a message id alone: it stands for itself. Whatever else is JSON. */
export function idsText(ids: Identifiers): string {
  const { messageId, relatesTo, traceparent } = ids;
  const isAlone = messageId !== undefined && relatesTo === undefined && traceparent === undefined;
  return isAlone && messageId !== '' && !messageId.startsWith('{') ? messageId : JSON.stringify(ids);
}

export const idsOf = (text: string): Identifiers => (text.startsWith('{') ? parseIds(text) : { messageId: text });

const parseIds = (text: string): Identifiers => JSON.parse(text);
export const parseExtras = (text: string): Extras => JSON.parse(text);
