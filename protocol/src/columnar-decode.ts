import { type ByteReader, createByteReader } from './columnar-bytes.ts';
import { checksumOf } from './columnar-checksum.ts';
import {
  ABSENT,
  CELL_COUNT_SCALE,
  CELL_HAS_ERRORS,
  CELL_HAS_FAULTS,
  CELL_ONE_BUCKET,
  PAGE_HAS_IDS,
  PAGE_MAGIC,
  type ReplayPage,
} from './columnar-page.ts';
import { exchangeId } from './exchange-id.ts';
import type { CellTuple, ExchangeTuple } from './live.ts';

export type DecodedPage =
  | { readonly kind: 'page'; readonly page: ReplayPage }
  | { readonly kind: 'damaged'; readonly reason: string };

/**
 * A page from its bytes, or why it is none. Without ids on the wire an exchange's id is the page's cursor, `~` and its
 * place in the page: the same again for the same question.
 */
export function decodeReplayPage(bytes: Uint8Array): DecodedPage {
  for (const [index, byte] of PAGE_MAGIC.entries())
    if (bytes[index] !== byte) return damaged('it does not begin as a page of version 1 does');
  const body = bytes.subarray(PAGE_MAGIC.length + 4);
  let checksum = 0;
  for (let index = 3; index >= 0; index--) checksum = checksum * 256 + (bytes[PAGE_MAGIC.length + index] ?? 0);
  if (checksum !== checksumOf(body)) return damaged('its checksum is another: it was cut or changed on the way');
  const reader = createByteReader(body);
  const page = readPage(reader);
  if (reader.damage === null && reader.left > 0) reader.fail('something follows its end');
  return reader.damage === null ? { kind: 'page', page } : damaged(reader.damage);
}

const damaged = (reason: string): DecodedPage => ({ kind: 'damaged', reason: `no replay page: ${reason}` });

function readPage(reader: ByteReader): ReplayPage {
  const flags = reader.unsigned();
  if (flags > PAGE_HAS_IDS) reader.fail('it has flags of a newer version');
  const window = { from: reader.unsigned(), to: reader.unsigned() };
  const [sample, version] = [reader.unsigned(), reader.unsigned()];
  const [after, cursor, estate] = [reader.text(), reader.text(), parsed(reader)];
  const links = readTexts(reader);
  const operations = readTexts(reader);
  const calls: (readonly [string, string])[] = [];
  for (let left = reader.count(2); left > 0; left--) calls.push([textAt(links, reader), textAt(operations, reader)]);
  const exchanges = readExchanges(reader, { calls, version, after, hasIds: flags === PAGE_HAS_IDS });
  const cells = readCells(reader, links, version);
  return { window, sample, version, after, cursor: cursor === '' ? null : cursor, estate, exchanges, cells };
}

interface RowsContext {
  readonly calls: readonly (readonly [string, string])[];
  readonly version: number;
  readonly after: string;
  readonly hasIds: boolean;
}

function readExchanges(reader: ByteReader, { calls, version, after, hasIds }: RowsContext): ExchangeTuple[] {
  const count = reader.count(2);
  const [shapes, callsOfRows, times, received] = [reader.part(), reader.part(), reader.part(), reader.part()];
  const [sent, back, durations, exceptions] = [reader.part(), reader.part(), reader.part(), reader.part()];
  const ids = hasIds ? { times: reader.part(), seqs: reader.part() } : null;
  const rows: ExchangeTuple[] = [];
  let seq = 0;
  let lastTime = 0;
  let known = Number.NaN;
  let exception = exceptions.left > 0 ? exceptions.unsigned() : -1;

  const placed = (isAbsent: number, column: ByteReader): number | null => {
    if (isAbsent !== 0) return null;
    if (Number.isNaN(known)) lastTime = known = lastTime + times.signed();
    else known += column.signed();
    if (known < 0 || known > Number.MAX_SAFE_INTEGER) reader.fail('a time is none');
    return known;
  };

  const idAt = (columns: { readonly times: ByteReader; readonly seqs: ByteReader }): string => {
    const time = lastTime + columns.times.signed();
    seq += columns.seqs.signed();
    if (Math.min(time, seq) < 0 || Math.max(time, seq) > Number.MAX_SAFE_INTEGER) reader.fail('an id is none');
    return exchangeId(time, seq);
  };

  for (let row = 0; row < count && reader.damage === null; row++) {
    const shape = shapes.byte();
    known = Number.NaN;
    const requestSent = placed(shape & ABSENT.requestSent, times);
    const requestReceived = placed(shape & ABSENT.requestReceived, received);
    const replySent = placed(shape & ABSENT.replySent, sent);
    const replyReceived = placed(shape & ABSENT.replyReceived, back);
    const outcome = (shape & 0x0f) - 1;
    const isException = row === exception;
    if (isException && exceptions.left > 0) exception += exceptions.unsigned();
    const took = Number.isNaN(known) ? 0 : known - lastTime;
    const duration = outcome >= 0 !== isException ? took + durations.signed() : null;
    if (duration !== null && duration < 0) reader.fail('a duration is none');
    const call = calls[callsOfRows.unsigned()];
    if (call === undefined) {
      reader.fail('a call is not in its dictionary');
      break;
    }
    const name = ids === null ? `${after}~${row}` : idAt(ids);
    rows.push([
      ...([name, version, call[0], call[1], outcome < 0 ? null : outcome] as const),
      ...([requestSent, requestReceived, replySent, replyReceived, duration] as const),
    ]);
  }
  const columns = [shapes, callsOfRows, times, received, sent, back, durations, exceptions];
  for (const column of ids === null ? columns : [...columns, ids.times, ids.seqs])
    if (column.left > 0) reader.fail('a column is longer than its rows');
  return rows;
}

function readCells(whole: ByteReader, links: readonly string[], version: number): CellTuple[] {
  const count = whole.count(0);
  const reader = whole.part();
  const cells: CellTuple[] = [];
  let second = 0;
  for (let left = count; left > 0 && reader.damage === null; left--) {
    second += reader.signed();
    if (second < 0) reader.fail('a time is none');
    const link = textAt(links, reader);
    const head = reader.unsigned();
    const exchanges = Math.floor(head / CELL_COUNT_SCALE);
    const faults = head & CELL_HAS_FAULTS ? reader.unsigned() : 0;
    const errors = head & CELL_HAS_ERRORS ? reader.unsigned() : 0;
    const [requestBytes, replyBytes] = [reader.unsigned(), reader.unsigned()];
    const histogram = readHistogram(reader, (head & CELL_ONE_BUCKET) === 0 ? null : exchanges);
    cells.push([link, second, version, exchanges, faults, errors, requestBytes, replyBytes, histogram]);
  }
  if (reader.left > 0) reader.fail('the cells are longer than their number');
  return cells;
}

function readHistogram(reader: ByteReader, whole: number | null): number[] {
  const pairs: number[] = [];
  let bucket = 0;
  for (let left = whole === null ? reader.count(2) : 1; left > 0 && reader.damage === null; left--) {
    bucket += reader.signed();
    pairs.push(bucket, whole ?? reader.unsigned());
  }
  return pairs;
}

function readTexts(reader: ByteReader): string[] {
  const texts: string[] = [];
  for (let left = reader.count(1); left > 0 && reader.damage === null; left--) texts.push(reader.text());
  return texts;
}

function textAt(texts: readonly string[], reader: ByteReader): string {
  const text = texts[reader.unsigned()];
  if (text === undefined) reader.fail('a name is not in its dictionary');
  return text ?? '';
}

function parsed(reader: ByteReader): unknown {
  const text = reader.text();
  if (reader.damage !== null) return null;
  try {
    return JSON.parse(text);
  } catch {
    reader.fail('its estate is not JSON');
    return null;
  }
}
