import { decodeReport, REPORT_VERSION, type ReportHeader } from '@soa-monitor/protocol';
import { attempt } from '../../tap/guarded.ts';
import { NO_ROWS, type SegmentBody } from './segment.ts';

/** Who a spool's rows belong to, and where its accounting stood: written with each change, read by who sends the rest. */
export interface Manifest {
  readonly header: ReportHeader;
  /** Segments up to this number are settled, whether their files are still there or not. */
  readonly settledThrough: number;
}

/** A report on the wire, from a header and rows that are encoded already. */
export function reportText(header: ReportHeader, body: SegmentBody, more: object = {}): string {
  const { advertised, closing, ...facts } = header;
  return JSON.stringify({
    version: REPORT_VERSION,
    ...facts,
    ...(advertised === null ? {} : { advertised }),
    ...(closing ? { closing } : {}),
    ...more,
    ...body,
  });
}

/** A manifest is a report without rows, so that the contract's own decoder reads it. */
export const manifestText = ({ header, settledThrough }: Manifest): string =>
  reportText(header, NO_ROWS, { settledThrough });

/** Also from a segment, which is a report too: of one, nothing is known to be settled. */
export function readManifest(report: unknown): Manifest | null {
  const decoded = decodeReport(report);
  if (decoded.kind !== 'report') return null;
  const settled: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, 'settledThrough') : null;
  return {
    header: decoded.report.header,
    settledThrough: typeof settled === 'number' && Number.isSafeInteger(settled) ? settled : -1,
  };
}

export const parseManifest = (text: string): Manifest | null => readManifest(attempt(() => JSON.parse(text)));
