import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { REPORT_LIMITS, type WireReport } from '@soa-monitor/protocol';
import { attempt } from '../../tap/guarded.ts';

/** A file of rows that wait: one report, as it would have gone out. Its name alone says what is lost if it is damaged. */
export interface Segment {
  /** Rises by one with each segment of a reporter. */
  readonly number: number;
  readonly rows: number;
  /** Of the file. */
  readonly bytes: number;
}

/** What rows need to be understood: they point into the dictionaries. */
export type SegmentBody = Pick<WireReport, 'calls' | 'faults' | 'connections' | 'rows'>;

export const NO_ROWS: SegmentBody = { calls: [], faults: [], connections: [], rows: [] };

const compress = promisify(gzip);
const inflate = promisify(gunzip);
/** A report of ours is far below what the monitor takes; a damaged file must not inflate without end. */
const INFLATED_BYTES_MAX = 4 * REPORT_LIMITS.bytes;

export const segmentName = ({ number, rows, bytes }: Segment): string =>
  `${String(number).padStart(10, '0')}-${rows}-${bytes}.json.gz`;

export function parseSegmentName(name: string): Segment | null {
  const match = /^(\d{10,15})-(\d{1,9})-(\d{1,12})\.json\.gz$/.exec(name);
  return match === null ? null : { number: Number(match[1]), rows: Number(match[2]), bytes: Number(match[3]) };
}

export const packSegment = (report: string): Promise<Buffer> => compress(report, { level: 1 });

/** The report that the file holds, or null when it is not whole: gzip carries a checksum and its length. */
export async function unpackSegment({ rows, bytes }: Segment, file: Buffer): Promise<unknown> {
  if (file.byteLength !== bytes) return null;
  const text = await inflate(file, { maxOutputLength: INFLATED_BYTES_MAX }).catch(() => null);
  const report: unknown = text === null ? null : (attempt(() => JSON.parse(text.toString('utf8'))) ?? null);
  return bodyOf(report)?.rows.length === rows ? report : null;
}

/** The lists are there; what is in them was checked when it was written, and is by the monitor. */
export function bodyOf(report: unknown): SegmentBody | null {
  return isReport(report)
    ? { calls: report.calls, faults: report.faults, connections: report.connections, rows: report.rows }
    : null;
}

const isReport = (value: unknown): value is WireReport =>
  typeof value === 'object' &&
  value !== null &&
  ['calls', 'faults', 'connections', 'rows'].every((list) => Array.isArray(Reflect.get(value, list)));
