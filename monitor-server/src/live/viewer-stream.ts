import { type Delta, isSampled } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { DeltaRing } from './delta-ring.ts';

/** The line to one viewer, as the stream needs it. */
export interface ViewerLine {
  /** Whether what was sent has left the process. */
  isWritable(): boolean;
  snapshot(snapshot: Delta): void;
  delta(delta: Delta): void;
}

/**
 * One viewer's place in the deltas. Nothing is queued for a viewer beyond DELTAS_AT_ONCE_MAX: while its line is full only
 * its place is kept, and it catches up from the ring; too far behind, it is sent a snapshot instead.
 */
export interface ViewerStream {
  /** Begins, or resumes after `deltaSeq` of this epoch; null is from a snapshot. `sample` is the viewer's wish. */
  watch(deltaSeq: number | null, sample: number): void;
  /** There is a new delta, or the line is writable again. */
  pump(): void;
  /** Whether the newest delta may go out to it together with others: it has all before, room, and no wish of its own. */
  isAbreast(delta: Delta): boolean;
  /** It was sent the newest delta together with others. */
  skipTo(deltaSeq: number): void;
  close(): void;
}

export const DELTAS_AT_ONCE_MAX = 32;
/** About 5 s at full speed: further behind, a snapshot is less than what was missed. */
export const LAG_DELTAS_MAX = 300;
const SNAPSHOT_EVERY_MICROS = 1_000_000;

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'flowing'; readonly deltaSeq: number }
  | { readonly kind: 'awaitingSnapshot'; readonly cancel: () => void };

export function createViewerStream(parts: {
  readonly line: ViewerLine;
  readonly ring: DeltaRing;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** A snapshot whose deltaSeq the ring still goes on from; null when the store could not give one. */
  readonly takeSnapshot: () => Promise<Delta | null>;
}): ViewerStream {
  const { line, ring, clock, metrics, takeSnapshot } = parts;
  let phase: Phase = { kind: 'idle' };
  let sample = 1;
  let snapshotAt = Number.NEGATIVE_INFINITY;

  function resynchronise(reason: string): void {
    if (phase.kind === 'awaitingSnapshot') return;
    const waitMillis = Math.max(0, (snapshotAt + SNAPSHOT_EVERY_MICROS - clock.now()) / 1_000);
    const awaiting: Phase = { kind: 'awaitingSnapshot', cancel: clock.after(waitMillis, ask) };
    phase = awaiting;

    function ask(): void {
      snapshotAt = clock.now();
      void takeSnapshot().then((snapshot) => {
        if (phase !== awaiting) return;
        phase = { kind: 'idle' };
        if (snapshot === null) return resynchronise(reason);
        metrics.count('snapshots', reason);
        line.snapshot(sampled(snapshot, sample));
        phase = { kind: 'flowing', deltaSeq: snapshot.deltaSeq };
        pump();
      });
    }
  }

  function pump(): void {
    if (phase.kind !== 'flowing' || !line.isWritable()) return;
    const missed = ring.after(phase.deltaSeq);
    if (missed === null || missed.length > LAG_DELTAS_MAX) {
      resynchronise('behind');
      return;
    }
    for (const delta of missed.slice(0, DELTAS_AT_ONCE_MAX)) {
      line.delta(sampled(delta, sample));
      phase = { kind: 'flowing', deltaSeq: delta.deltaSeq };
    }
  }

  return {
    watch(deltaSeq, wish) {
      sample = wish;
      if (deltaSeq === null || ring.after(deltaSeq) === null) return resynchronise('watch');
      if (phase.kind === 'awaitingSnapshot') return;
      phase = { kind: 'flowing', deltaSeq };
      pump();
    },
    pump,
    isAbreast: ({ deltaSeq, sample: k }) =>
      phase.kind === 'flowing' && phase.deltaSeq === deltaSeq - 1 && sample <= k && line.isWritable(),
    skipTo(deltaSeq) {
      phase = { kind: 'flowing', deltaSeq };
    },
    close() {
      if (phase.kind === 'awaitingSnapshot') phase.cancel();
      phase = { kind: 'idle' };
    },
  };
}

function sampled(delta: Delta, wish: number): Delta {
  if (wish <= delta.sample) return delta;
  return { ...delta, sample: wish, exchanges: delta.exchanges.filter(([id]) => isSampled(id, wish)) };
}
