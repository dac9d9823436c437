import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeReport, type Report, type ReportAnswer, type ReportedRow, type Role } from '@soa-monitor/protocol';

/** How the fake answers a report: with a status and headers, or never. */
export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

export interface FakeMonitor {
  readonly url: string;
  readonly reports: Report[];
  /** Rows as a store would keep them: a repeat of a rowSeq is the same row. */
  rows(): ReportedRow[];
  /** Those of exchanges that ended, in order of their start. */
  ended(role?: Role): ReportedRow[];
  /** What was wrong with any report, in words. */
  readonly wrongs: string[];
  readonly authorizations: (string | undefined)[];
  /** What its answers ask for from now on. */
  wish(fields: Pick<ReportAnswer, 'wantBodyHash' | 'wantServedHash'>): void;
  answerWith(answer: ((report: Report) => Answer | null | 'accept') | null): void;
  until(condition: (monitor: FakeMonitor) => boolean, what?: string): Promise<void>;
  close(): Promise<void>;
}

/** A monitor that takes reports over real HTTP, decodes them with the contract's decoder and holds them to it. */
export async function startFakeMonitor(nextReportMillis = 20): Promise<FakeMonitor> {
  const reports: Report[] = [];
  const wrongs: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const waiting = new Set<() => void>();
  let answer: ((report: Report) => Answer | null | 'accept') | null = null;
  let wished: Pick<ReportAnswer, 'wantBodyHash' | 'wantServedHash'> = { wantBodyHash: [] };
  const server = http.createServer(async (request, response) => {
    authorizations.push(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const decoded = decodeReport(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString('utf8')));
    if (decoded.kind !== 'report') {
      wrongs.push(JSON.stringify(decoded));
      response.writeHead(400).end();
      return;
    }
    for (const refused of decoded.refused) wrongs.push(`row ${refused.rowSeq}: ${refused.reason}`);
    const { counters } = decoded.report.header;
    const dropped = Object.values(counters.dropped).reduce((sum, count) => sum + count, 0);
    const { acknowledged, refused, inTransit, queued } = counters;
    if (counters.observed !== acknowledged + refused + inTransit + queued + dropped)
      wrongs.push(`counters do not add up: ${JSON.stringify(counters)}`);
    const given = answer?.(decoded.report) ?? (answer === null ? 'accept' : null);
    if (given === null) return;
    if (given !== 'accept') {
      response.writeHead(given.status, given.headers).end(given.body);
      return;
    }
    reports.push(decoded.report);
    response.writeHead(202, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        acknowledged: decoded.report.rows.length,
        refused: [],
        nextReportMillis,
        ...wished,
      }),
    );
    for (const check of [...waiting]) check();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const monitor: FakeMonitor = {
    url: `http://127.0.0.1:${port}`,
    reports,
    wrongs,
    authorizations,
    rows: () => {
      const bySeq = new Map<number, ReportedRow>();
      for (const report of reports) for (const row of report.rows) bySeq.set(row.rowSeq, row);
      return [...bySeq.values()];
    },
    ended: (role) =>
      monitor
        .rows()
        .filter((row) => row.part !== 'open' && (role === undefined || row.role === role))
        .sort((a, b) => a.start - b.start),
    wish: (fields) => {
      wished = fields;
    },
    answerWith: (given) => {
      answer = given;
    },
    until: (condition, what = 'what was expected') =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`${what} was not reported: ${JSON.stringify(monitor.rows().map(summary))}`));
        }, 8_000);
        const check = (): void => {
          if (!condition(monitor)) return;
          waiting.delete(check);
          clearTimeout(limit);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return monitor;
}

const summary = (row: ReportedRow) =>
  `${row.role} ${row.part} ${row.call.operation?.name} ${row.outcome} ${row.status}`;
