import { Agent, request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import type { ReportAnswer } from '@soa-monitor/protocol';
import { BENCH_KEY } from '../measured/start-measured.ts';
import type { LoadWish, Sent } from './load-wish.ts';
import type { PreparedReport } from './prepared-report.ts';

const BUSY_MILLIS = 20;
const BUSY_TRIES_MAX = 2_000;

/** Sends the reports in their order, some at a time, of one reporter one at a time; resolves when all are acknowledged. */
export async function sendReports(
  reports: readonly PreparedReport[],
  { port, inFlight, observationsPerSecond }: Extract<LoadWish, { kind: 'send' }>,
): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const answerMillis: number[] = [];
  const seen = { observations: 0, acknowledged: 0, refused: 0, busy: 0 };
  /** The last report of each reporter: the next one waits for it. */
  const last = new Map<number, Promise<void>>();
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let next = 0;

  const deliver = async (report: PreparedReport): Promise<void> => {
    for (let tries = 0; tries < BUSY_TRIES_MAX; tries++) {
      const sentAt = performance.now();
      const answer = await post(agent, port, report.stamped(Date.now() * 1_000));
      if (answer !== 'busy') {
        answerMillis.push(performance.now() - sentAt);
        seen.acknowledged += answer.acknowledged;
        seen.refused += answer.refused.length;
        seen.observations += report.rows;
        return;
      }
      seen.busy++;
      await after(BUSY_MILLIS);
    }
    throw new Error(`the server stayed busy for ${BUSY_TRIES_MAX} tries`);
  };
  let due = 0;
  const work = async (): Promise<void> => {
    for (let report = reports[next++]; report !== undefined; report = reports[next++]) {
      if (observationsPerSecond !== null) {
        due += report.rows;
        const wait = startedAt + ((due - report.rows) / observationsPerSecond) * 1_000 - performance.now();
        if (wait > 0) await after(wait);
      }
      const before = last.get(report.service);
      const mine = (before ?? Promise.resolve()).then(() => deliver(report));
      last.set(report.service, mine);
      await mine;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const seconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds, ...seen, answerMillis, cpuMicros: user + system };
}

function post(agent: Agent, port: number, body: Buffer): Promise<ReportAnswer | 'busy'> {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
      'Content-Length': body.byteLength,
      Authorization: `Bearer ${BENCH_KEY}`,
    };
    const outgoing = request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/reports', headers });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 202) resolve(JSON.parse(text));
        else if (response.statusCode === 503 || response.statusCode === 429) resolve('busy');
        else reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    outgoing.end(body);
  });
}
