import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { createRandom } from '../../testing/random.ts';
import { openForWriting } from '../open-database.ts';
import { listPartitions } from '../partitions.ts';
import { createWriter, type WriteAnswers, type WriteKind, type WriteRequest } from '../writer.ts';
import { createCallMaker, type Truth } from './calls.ts';
import { type Actor, createWorld, receiptOf, reportOf } from './world.ts';

export interface Proof {
  readonly calls: number;
  readonly joined: number;
  readonly falseJoins: number;
  /** The first few, as "evidence: call and call". */
  readonly falseOnes: readonly string[];
  readonly ambiguous: number;
  /** Of the calls of each kind whose both halves were told in time: how many were joined. */
  readonly direct: Share;
  readonly proxied: Share;
  readonly byEvidence: { readonly [evidence: string]: number };
}

export interface Share {
  readonly told: number;
  readonly joined: number;
}

const SECOND = 1_000_000;
const EPOCH = Date.UTC(2026, 10, 22, 12) * 1_000;
/** What a store waits for when nobody watches: two report intervals and some grace. */
const WAIT_MICROS = 2_040_000;
const CALLS_PER_SECOND = 600;
/** Told after each 60,000 calls or so. */
const TICKS_PER_PROGRESS = 100;

/**
 * Generates calls that mislead, reports them as interceptors would (late, out of order, twice, or not at all), and compares
 * what the writer joined in a database of its own with what the generator knows.
 */
export function proveJoining(calls: number, seed: number, onProgress: (sofar: Proof) => void = () => {}): Proof {
  const folder = mkdtempSync(join(tmpdir(), 'soa-joining-'));
  const database = openForWriting(join(folder, 'proof.sqlite'));
  // What is proved is what is joined, not that it outlives a power cut.
  database.pragma('synchronous = OFF');
  let now = EPOCH;
  const writer = createWriter(database, { clock: () => now, retentionMicros: 30 * 24 * 3_600 * SECOND });
  try {
    const random = createRandom(seed);
    const sites = createWorld(random);
    const actors = sites.flatMap(({ services, clients }) => [...services, ...clients]);
    const maker = createCallMaker(sites, random, EPOCH);
    const delayed: { readonly until: number; readonly request: () => WriteRequest }[] = [];
    const stepped = random.pick(actors).host;
    const ticks = Math.ceil(calls / CALLS_PER_SECOND);

    const report = (actor: Actor): void => {
      const ready = actor.outbox.filter(({ at }) => at <= now).map(({ row }) => row);
      if (ready.length > 0) actor.outbox = actor.outbox.filter(({ at }) => at > now);
      const request = (): WriteRequest => ({
        kind: 'append',
        request: {
          report: reportOf(actor, ready, now, EPOCH),
          receipt: receiptOf(actor, now + random.between(0, 40_000)),
        },
      });
      const late = random.chance(0.02) ? random.between(1, 30) * SECOND : 0;
      delayed.push({ until: now + late, request });
      if (random.chance(0.02)) delayed.push({ until: now + random.between(0, 20) * SECOND, request });
    };
    const takeDue = (): WriteRequest[] => {
      const due: WriteRequest[] = [];
      for (let index = delayed.length - 1; index >= 0; index--) {
        const entry = delayed[index];
        if (entry === undefined || entry.until > now) continue;
        due.push(entry.request());
        delayed.splice(index, 1);
      }
      return due.sort(() => random.unit() - 0.5);
    };

    for (let tick = 0; tick < ticks + 45; tick++) {
      const begin = now;
      now += SECOND;
      // One clock is set in the middle of it all.
      if (tick === Math.floor(ticks / 2)) stepped.skewMicros += 120 * SECOND;
      for (let at = begin; at < now && maker.truths.length < calls; at += SECOND / CALLS_PER_SECOND)
        maker.make(Math.round(at + random.unit() * 1_000));
      for (const actor of actors) if (actor.isReporting) report(actor);
      const requests = takeDue();
      const settle = { now, waitMicros: WAIT_MICROS, silentMicros: 600 * SECOND };
      const { answer } = writer.commit([...requests, { kind: 'settle', request: settle }]);
      for (const [index, given] of requests.entries()) follow(actors, given, answer[index]);
      if ((tick + 1) % TICKS_PER_PROGRESS === 0) onProgress(judge(database, actors, maker.truths));
    }
    return judge(database, actors, maker.truths);
  } finally {
    writer.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A reporter hashes from now on what the answer to its report asked for. */
function follow(actors: readonly Actor[], given: WriteRequest, answer: WriteAnswers[WriteKind] | undefined): void {
  if (given.kind !== 'append' || answer == null || !('wishes' in answer)) return;
  const { reporter } = given.request.report.header;
  const actor = actors.find((candidate) => candidate.reporter === reporter);
  if (actor === undefined) return;
  actor.wantsHashFor = new Set(answer.wishes.bodyHash);
  actor.wantsServedHash = answer.wishes.servedHash;
}

interface JoinedRow {
  readonly evidence: string;
  readonly client: string;
  readonly client_no: number;
  readonly server: string;
  readonly server_no: number;
}

function judge(database: Database, actors: readonly Actor[], truths: readonly Truth[]): Proof {
  const byReporter = new Map(actors.map((actor) => [actor.reporter, actor]));
  const callOf = (reporter: string, exchangeNo: number): number => byReporter.get(reporter)?.callOf[exchangeNo] ?? -1;
  const joinedCalls = new Set<number>();
  const byEvidence: Record<string, number> = {};
  const falseOnes: string[] = [];
  let [joined, falseJoins] = [0, 0];
  const partitions = listPartitions(database)(0, Number.MAX_SAFE_INTEGER);
  const facts = partitions.map(({ number }) => `SELECT * FROM observation_${number}`).join(' UNION ALL ');
  const rows = database
    .prepare<[], JoinedRow>(
      `WITH o AS (${facts})
       SELECT CASE c.evidence WHEN 0 THEN 'messageId' WHEN 1 THEN 'traceparent' WHEN 2 THEN 'connection' ELSE 'bodyHash' END
           AS evidence, pc.reporter AS client, c.exchange_no AS client_no, ps.reporter AS server, s.exchange_no AS server_no
         FROM o c JOIN o s ON s.time = c.time + c.partner_after AND s.seq = c.partner_seq
         JOIN process pc ON pc.number = c.process JOIN process ps ON ps.number = s.process
       WHERE c.role = 1`,
    )
    .iterate();
  for (const row of rows) {
    joined++;
    byEvidence[row.evidence] = (byEvidence[row.evidence] ?? 0) + 1;
    const [client, server] = [callOf(row.client, row.client_no), callOf(row.server, row.server_no)];
    if (client === server && client >= 0) joinedCalls.add(client);
    else {
      falseJoins++;
      if (falseOnes.length < 20) falseOnes.push(`${row.evidence}: ${row.client} ${client}, ${row.server} ${server}`);
    }
  }
  const share = (isMeant: (truth: Truth) => boolean): Share => {
    let [told, found] = [0, 0];
    for (const [call, truth] of truths.entries()) {
      if (!truth.isTold || !isMeant(truth)) continue;
      told++;
      if (joinedCalls.has(call)) found++;
    }
    return { told, joined: found };
  };
  const ambiguous = database
    .prepare<[], { count: number }>(`SELECT count(*) AS count FROM (${facts}) WHERE ambiguous = 1`)
    .get();
  return {
    ...{ calls: truths.length, joined, falseJoins, falseOnes, byEvidence },
    ambiguous: ambiguous?.count ?? 0,
    direct: share(({ kind }) => kind === 'direct'),
    proxied: share(({ kind, isDistinct }) => kind === 'proxied' && isDistinct),
  };
}
