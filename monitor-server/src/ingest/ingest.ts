import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type DecodedReport,
  decodeReport,
  type Problem,
  REPORT_VERSION,
  type Report,
  type ReportAnswer,
} from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { problem, sendProblem } from '../problem/problem.ts';
import type { Appended, Store } from '../store/store.ts';
import { readReport } from './read-report.ts';
import type { ReportPace } from './report-pace.ts';
import { senderAddress } from './sender-address.ts';
import { createStoreTrouble } from './store-trouble.ts';

/** `POST /api/v1/reports`: takes a report, has it stored, and answers after the commit (design, section 4). */
export interface Ingest {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Resolves when no report is in hand any more; new ones are refused from now on. */
  finish(): Promise<void>;
  /** Why the last report could not be stored; null: it was. */
  trouble(): string | null;
}

/** Bodies held at a time. Beyond it reporters are asked to come again. */
const REPORTS_IN_HAND_MAX = 32;
const RETRY_SECONDS = '1';

/** A refused reporter comes again and again: each kind of refusal is logged once in so long. */
const LOG_EVERY_MICROS = 10_000_000;

export function createIngest(parts: {
  readonly store: Pick<Store, 'append' | 'isBusy'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly pace: ReportPace;
  readonly hasIngestKey: (request: IncomingMessage) => boolean;
  /** Told after each commit. */
  readonly onStored: (report: Report) => void;
}): Ingest {
  const { store, clock, log, metrics, pace, hasIngestKey, onStored } = parts;
  const loggedAt = new Map<number, number>();
  const inHand = new Set<Promise<void>>();
  const trouble = createStoreTrouble();
  /** One failure meets all reporters, again and again. */
  let failureLogged: { readonly why: string; readonly at: number } | null = null;
  let isFinishing = false;

  function refuse(response: ServerResponse, facts: Problem, headers: { readonly [name: string]: string } = {}): void {
    metrics.count('reports', String(facts.status));
    if (clock.now() - (loggedAt.get(facts.status) ?? 0) >= LOG_EVERY_MICROS) {
      loggedAt.set(facts.status, clock.now());
      const { status, detail, reasons = [] } = facts;
      const from = response.req.socket.remoteAddress;
      log.warn({ status, detail, reasons: reasons.slice(0, 3), from }, 'a report was refused');
    }
    sendProblem(response, facts, facts.status === 503 ? { 'Retry-After': RETRY_SECONDS, ...headers } : headers);
  }

  function logFailure(error: unknown, why: string): void {
    if (clock.now() - (failureLogged?.at ?? 0) < LOG_EVERY_MICROS && failureLogged?.why === why) return;
    failureLogged = { why, at: clock.now() };
    log.error({ err: error, why }, 'the store could not keep a report; reporters are asked to send it again');
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = clock.now();
    if (!hasIngestKey(request)) {
      const detail = 'the ingest key is missing or wrong: Authorization: Bearer <key>';
      return refuse(response, problem(401, 'ingest-key', detail), { 'WWW-Authenticate': 'Bearer' });
    }
    if (isFinishing || inHand.size >= REPORTS_IN_HAND_MAX || store.isBusy()) {
      return refuse(response, problem(503, 'busy', 'the server is busy: send the same report again later'));
    }
    const read = await readReport(request);
    if (read.kind === 'cutOff') return response.destroy() && undefined;
    if (read.kind === 'problem') return refuse(response, read.problem, read.headers);
    const decoded = decodeReport(read.value);
    if (decoded.kind !== 'report') return refuse(response, undecoded(decoded), UPGRADE);
    const remoteAddress = senderAddress(request);
    await store.append(decoded.report, { receivedAt, remoteAddress }).then(
      (appended) => accept(response, decoded, appended, receivedAt),
      (error: unknown) => {
        const why = trouble.failed(error);
        logFailure(error, why);
        refuse(response, problem(503, 'store', `the report could not be stored, send it again later: ${why}`));
      },
    );
  }

  function accept(
    response: ServerResponse,
    { report, refused }: Extract<DecodedReport, { kind: 'report' }>,
    { acknowledged, wishes }: Appended,
    receivedAt: number,
  ): void {
    trouble.stored();
    metrics.count('reports', '202');
    metrics.count('rows', 'acknowledged', acknowledged);
    if (refused.length > 0) metrics.count('rows', 'refused', refused.length);
    metrics.observe('report_commit_seconds', (clock.now() - receivedAt) / 1_000_000);
    onStored(report);
    const answer: ReportAnswer = {
      ...{ acknowledged, refused },
      nextReportMillis: pace.nextReportMillis(),
      wantBodyHash: [...wishes.bodyHash],
      ...(wishes.servedHash ? { wantServedHash: true } : {}),
    };
    response.writeHead(202, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(answer));
  }

  return {
    async answer(request, response) {
      const taking = take(request, response);
      inHand.add(taking);
      await taking.finally(() => inHand.delete(taking));
    },
    trouble: trouble.current,
    async finish() {
      isFinishing = true;
      await Promise.allSettled(inHand);
    },
  };
}

/** RFC 9110 wants 426 to say what would be understood. */
const UPGRADE = { Upgrade: `soa-monitor-report/${REPORT_VERSION}` } as const;

function undecoded(decoded: Exclude<DecodedReport, { kind: 'report' }>): Problem {
  return decoded.kind === 'invalid'
    ? problem(400, 'invalid-report', 'the report was refused whole', decoded.reasons.slice(0, 100))
    : problem(426, 'report-version', `this server takes reports of version ${REPORT_VERSION}`);
}
