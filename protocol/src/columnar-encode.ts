import { type ByteWriter, createByteWriter } from './columnar-bytes.ts';
import { checksumOf } from './columnar-checksum.ts';
import {
  ABSENT,
  CELL_COUNT_SCALE,
  CELL_HAS_ERRORS,
  CELL_HAS_FAULTS,
  CELL_ONE_BUCKET,
  PAGE_HAS_IDS,
  PAGE_MAGIC,
  type PageHead,
} from './columnar-page.ts';

/** Takes a page row by row, numbers only, and gives its bytes. NaN is what is not known. */
export interface PageEncoder {
  /** The place of a link and operation in the page's dictionary. */
  call(link: string, operation: string): number;
  /** `outcome` −1: in flight. The first two numbers are its id's: see `exchangeId`. */
  exchange(
    idTime: number,
    idSeq: number,
    call: number,
    outcome: number,
    requestSent: number,
    requestReceived: number,
    replySent: number,
    replyReceived: number,
    durationMicros: number,
  ): void;
  /** `histogram` in the flat form: bucket, count, bucket, count … */
  cell(link: string, second: number, counts: CellCounts, histogram: readonly number[]): void;
  readonly exchanges: number;
  /** The whole page, in memory of its own. */
  finish(head: PageHead): Uint8Array<ArrayBuffer>;
}

export interface CellCounts {
  readonly count: number;
  readonly faults: number;
  readonly errors: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

export function createPageEncoder(settings: { readonly ids: boolean }): PageEncoder {
  const links = createDictionary();
  const operations = createDictionary();
  const calls = createCalls();
  const rows = createRows(settings.ids);
  const cells = createByteWriter();
  let cellCount = 0;
  let second = 0;

  return {
    call: (link, operation) => calls.number(links.number(link), operations.number(operation)),
    exchange: rows.add,
    cell(link, at, counts, histogram) {
      cellCount++;
      cells.signed(at - second);
      second = at;
      cells.unsigned(links.number(link));
      writeCounts(cells, counts, histogram);
    },
    get exchanges() {
      return rows.count();
    },
    finish(head) {
      const body = createByteWriter(1_024);
      body.unsigned(settings.ids ? PAGE_HAS_IDS : 0);
      for (const value of [head.window.from, head.window.to, head.sample, head.version]) body.unsigned(value);
      for (const value of [head.after, head.cursor ?? '', JSON.stringify(head.estate)]) body.text(value);
      links.write(body);
      operations.write(body);
      calls.write(body);
      rows.write(body);
      body.unsigned(cellCount);
      writePart(body, cells);
      return sealed(body.bytes());
    },
  };
}

function createRows(hasIds: boolean) {
  const [times, received, sent, back] = [
    createByteWriter(),
    createByteWriter(),
    createByteWriter(),
    createByteWriter(),
  ];
  const [calls, shapes, durations] = [createByteWriter(), createByteWriter(), createByteWriter()];
  const [exceptions, idTimes, idSeqs] = [createByteWriter(), createByteWriter(), createByteWriter()];
  let count = 0;
  let lastTime = 0;
  let lastSeq = 0;
  let lastException = 0;
  /** Of the row: its first known time, and the last one so far. */
  let first = Number.NaN;
  let known = Number.NaN;

  const place = (time: number, column: ByteWriter, absent: number): number => {
    if (Number.isNaN(time)) return absent;
    if (Number.isNaN(known)) {
      times.signed(time - lastTime);
      first = lastTime = time;
    } else column.signed(time - known);
    known = time;
    return 0;
  };

  return {
    count: () => count,
    add(
      idTime: number,
      idSeq: number,
      call: number,
      outcome: number,
      requestSent: number,
      requestReceived: number,
      replySent: number,
      replyReceived: number,
      durationMicros: number,
    ): void {
      first = known = Number.NaN;
      calls.unsigned(call);
      const absent =
        place(requestSent, times, ABSENT.requestSent) |
        place(requestReceived, received, ABSENT.requestReceived) |
        place(replySent, sent, ABSENT.replySent) |
        place(replyReceived, back, ABSENT.replyReceived);
      shapes.byte(absent | (outcome + 1));
      const hasDuration = !Number.isNaN(durationMicros);
      // A duration is mostly the time from the first to the last that is known.
      if (hasDuration) durations.signed(durationMicros - (Number.isNaN(known) ? 0 : known - first));
      if (hasDuration !== outcome >= 0) {
        exceptions.unsigned(count - lastException);
        lastException = count;
      }
      if (hasIds) {
        // Mostly the first time that is known, and a seq shortly behind the one before.
        idTimes.signed(idTime - lastTime);
        idSeqs.signed(idSeq - lastSeq);
        lastSeq = idSeq;
      }
      count++;
    },
    write(body: ByteWriter): void {
      body.unsigned(count);
      for (const column of [shapes, calls, times, received, sent, back, durations, exceptions]) writePart(body, column);
      if (hasIds) for (const column of [idTimes, idSeqs]) writePart(body, column);
    },
  };
}

function writeCounts(cells: ByteWriter, counts: CellCounts, histogram: readonly number[]): void {
  const { count, faults, errors, requestBytes, replyBytes } = counts;
  const isOneBucket = histogram.length === 2 && histogram[1] === count;
  const flags =
    (faults > 0 ? CELL_HAS_FAULTS : 0) | (errors > 0 ? CELL_HAS_ERRORS : 0) | (isOneBucket ? CELL_ONE_BUCKET : 0);
  cells.unsigned(count * CELL_COUNT_SCALE + flags);
  if (faults > 0) cells.unsigned(faults);
  if (errors > 0) cells.unsigned(errors);
  cells.unsigned(requestBytes);
  cells.unsigned(replyBytes);
  if (!isOneBucket) cells.unsigned(histogram.length >> 1);
  let bucket = 0;
  for (let index = 0; index + 1 < histogram.length; index += 2) {
    const next = histogram[index] ?? 0;
    cells.signed(next - bucket);
    bucket = next;
    if (!isOneBucket) cells.unsigned(histogram[index + 1] ?? 0);
  }
}

function createDictionary() {
  const numbers = new Map<string, number>();
  return {
    number(text: string): number {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    write(body: ByteWriter): void {
      body.unsigned(numbers.size);
      for (const text of numbers.keys()) body.text(text);
    },
  };
}

function createCalls() {
  const numbers = new Map<string, number>();
  const column = createByteWriter();
  return {
    number(link: number, operation: number): number {
      const key = `${link} ${operation}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      column.unsigned(link);
      column.unsigned(operation);
      numbers.set(key, numbers.size);
      return numbers.size - 1;
    },
    write(body: ByteWriter): void {
      body.unsigned(numbers.size);
      body.append(column);
    },
  };
}

function writePart(body: ByteWriter, part: ByteWriter): void {
  body.unsigned(part.length);
  body.append(part);
}

/** The magic bytes, the checksum of what follows, lowest byte first, and what follows. */
function sealed(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const page = new Uint8Array(PAGE_MAGIC.length + 4 + body.length);
  page.set(PAGE_MAGIC);
  const checksum = checksumOf(body);
  for (let index = 0; index < 4; index++) page[PAGE_MAGIC.length + index] = checksum >>> (8 * index);
  page.set(body, PAGE_MAGIC.length + 4);
  return page;
}
