import type { ReportHeader } from '@soa-monitor/protocol';
import type { Guard } from '../../tap/guarded.ts';
import type { Delivery } from '../delivery.ts';
import { createReporter, type Reporter, type ReporterParts } from '../reporter.ts';
import { type Backlog, type BacklogParts, createBacklog, NOTHING, type SpooledBatch } from './backlog.ts';
import { manifestText, reportText } from './manifest.ts';
import type { Orphan } from './orphans.ts';
import { type BacklogCounts, countsAfterDeath, countsOfReport, countsWith } from './row-counts.ts';

/** What another process left behind, ours to send. */
export interface Adopted {
  readonly backlog: Backlog;
  /** Sends it under the name of the reporter that wrote it, which says goodbye with the last of it; then calls `whenDone`. */
  send(whenDone: () => void): Reporter;
}

export interface AdoptedParts
  extends Pick<ReporterParts<SpooledBatch>, 'now' | 'random' | 'after' | 'warn'>,
    Pick<BacklogParts, 'disk' | 'inTurn' | 'makeRoom'> {
  readonly guard: Guard;
  /** Never rejects. */
  readonly post: (makeReport: () => string) => Promise<Delivery>;
  /** Epoch µs. */
  readonly sentAt: () => number;
}

export function adopt(orphan: Orphan, parts: AdoptedParts): Adopted {
  const { disk, inTurn, makeRoom, guard, post, sentAt, now, random, after, warn } = parts;
  const { header } = orphan.manifest;
  const handed = orphan.segments.reduce((sum, { rows }) => sum + rows, 0);
  const before = countsAfterDeath(header.counters, handed);
  const headerOf = (backlog: BacklogCounts, rows: number, closing: boolean): ReportHeader => {
    const counts = countsOfReport(countsWith(before, backlog), rows);
    return { ...header, sentAt: sentAt(), closing, counters: { ...header.counters, ...counts } };
  };
  const backlog = createBacklog(
    {
      disk,
      folder: orphan.folder,
      inTurn,
      makeRoom,
      prepare: () => Promise.resolve(),
      manifest: (settled, settledThrough) => manifestText({ header: headerOf(settled, 0, false), settledThrough }),
      // It goes when its reporter has said goodbye: until then somebody else must be able to do that.
      isRemovedWhenEmpty: false,
    },
    orphan.segments,
  );
  return {
    backlog,
    send: (whenDone) => {
      const reporter = createReporter<SpooledBatch>({
        queue: {
          size: backlog.rows,
          isBehind: () => backlog.rows() > 0,
          take: (rowsMax) =>
            guard.settle(async () => {
              const batch = rowsMax === 0 ? null : await inTurn(() => backlog.take(rowsMax));
              return batch === null || batch === 'notNow' ? NOTHING : batch;
            }, NOTHING),
          settle: backlog.settle,
          giveBack: backlog.giveBack,
          discard: backlog.discard,
        },
        deliver: async (batch) => {
          const isLast = backlog.rows() === 0;
          const delivery = await post(() => reportText(headerOf(backlog.counts(), batch.length, isLast), batch.body));
          if (isLast && delivery.kind === 'accepted') {
            reporter.stop();
            void inTurn(backlog.remove).then(whenDone);
          }
          return delivery;
        },
        sweep: () => {},
        ...{ now, random, after, warn },
      });
      return reporter;
    },
  };
}
