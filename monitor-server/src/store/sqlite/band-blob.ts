import { addHistogram, type DenseFigures, histogramBytes, noDenseFigures } from './dense-figures.ts';

/**
 * All cells of a bucket of sixteen neighbouring links, in one value: a question that reads some hundred values reads
 * what were thousands of rows. Cells stand in the order of link and operation, each as varints: link within the band,
 * operation, count, faults, errors, request and reply bytes, length of the histogram, histogram. Equal cells, equal bytes.
 */
export const LINKS_PER_BAND = 16;
/** More bands than links can fill: LINKS_MAX of register.ts. */
const BANDS_SPAN = 65_536;
/** Numbers of operations are below this: OPERATIONS_MAX of dictionaries.ts. */
const OPERATIONS_SPAN = 262_144;

export const bandOf = (link: number): number => Math.floor(link / LINKS_PER_BAND);
/** The key of a band's row: time first, so that what is forgotten lies together. */
export const bandKey = (bucket: number, band: number): number => bucket * BANDS_SPAN + band;
export const bucketOfKey = (key: number): number => Math.floor(key / BANDS_SPAN);
export const firstLinkOfKey = (key: number): number => (key % BANDS_SPAN) * LINKS_PER_BAND;

/** Numbers a cell of a bucket; ascending by link, then operation. */
export const cellNumber = (link: number, operation: number): number => link * OPERATIONS_SPAN + operation;
export const linkOfCell = (cell: number): number => Math.floor(cell / OPERATIONS_SPAN);
export const operationOfCell = (cell: number): number => cell % OPERATIONS_SPAN;

/** Where a cell is added up, or null to pass it over. */
export type IntoCell = (link: number, operation: number) => DenseFigures | null;

/** Adds (or takes out) the cells of a band. Those that are not wanted are passed over unread. */
export function readBand(blob: Uint8Array, firstLink: number, sign: 1 | -1, into: IntoCell): void {
  const { length } = blob;
  at = 0;
  while (at < length) {
    const link = firstLink + varint(blob);
    const figures = into(link, varint(blob));
    if (figures === null) {
      for (let passed = 0; passed < NUMBERS; passed++) varint(blob);
      const passing = varint(blob);
      at += passing;
      continue;
    }
    figures.count += sign * varint(blob);
    figures.faults += sign * varint(blob);
    figures.errors += sign * varint(blob);
    figures.requestBytes += sign * varint(blob);
    figures.replyBytes += sign * varint(blob);
    const size = varint(blob);
    const end = at + size;
    addHistogram(figures, blob, at, end, sign);
    at = end;
  }
}

/** The cells of a band by their numbers. */
export function cellsOfBand(blob: Uint8Array, firstLink: number): Map<number, DenseFigures> {
  const cells = new Map<number, DenseFigures>();
  readBand(blob, firstLink, 1, (link, operation) => {
    const figures = noDenseFigures();
    cells.set(cellNumber(link, operation), figures);
    return figures;
  });
  return cells;
}

/** Valid until the next call: it lies in a shared buffer. Cells in which nothing is left are left out. */
export function bandBlob(cells: ReadonlyMap<number, DenseFigures>): Buffer {
  let length = 0;
  const write = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      written[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    written[length++] = rest;
  };
  for (const cell of [...cells.keys()].sort((a, b) => a - b)) {
    const figures = cells.get(cell);
    if (figures === undefined || figures.count === 0) continue;
    const histogram = histogramBytes(figures);
    const room = length + CELL_BYTES_MAX + histogram.length;
    if (room > written.length) written = Buffer.concat([written], 2 * room);
    write(linkOfCell(cell) % LINKS_PER_BAND);
    write(operationOfCell(cell));
    write(figures.count);
    write(figures.faults);
    write(figures.errors);
    write(figures.requestBytes);
    write(figures.replyBytes);
    write(histogram.length);
    written.set(histogram, length);
    length += histogram.length;
  }
  return written.subarray(0, length);
}

/** Count, faults, errors, request and reply bytes. */
const NUMBERS = 5;
/** Of eight numbers as varints, beside the histogram. */
const CELL_BYTES_MAX = 64;

let written = Buffer.alloc(65_536);

/** Where `varint` reads: kept here, since an object for it would cost more than the reading. */
let at = 0;

function varint(blob: Uint8Array): number {
  let byte = blob[at++] ?? 0;
  if (byte < 128) return byte;
  let value = byte & 0x7f;
  for (let scale = 128; byte >= 128; scale *= 128) {
    byte = blob[at++] ?? 0;
    value += (byte & 0x7f) * scale;
  }
  return value;
}
