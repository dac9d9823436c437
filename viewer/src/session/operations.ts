import type { LinkFigures, Window } from '@soa-monitor/protocol';
import { faultShare } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import { FIGURES_SECONDS } from '../model/figures-at.ts';
import type { LevelGraph, LevelLink } from '../model/levels.ts';
import { operationKey, splitLinks } from '../model/split-links.ts';
import type { FiguresView } from './session.ts';

/**
 * What the calls of each link were for. The feed's counts are by link alone, so those by operation are asked of the store,
 * of the same minute as all figures on the map, again and again while that level is shown.
 */
export interface Operations {
  /** Rises when another operation becomes known. */
  revision(): number;
  split(level: LevelGraph): LevelGraph;
  /** Of the last minute that was asked for: at most some seconds from the playhead. */
  figuresOf(link: LevelLink, inFlight: number): FiguresView;
  /** Asks anew if the minute before `playhead` is another one than was asked for. `now`: server time, as the playhead. */
  look(playhead: number, now: number): void;
  close(): void;
}

export interface OperationsParts {
  readonly api: Pick<Api, 'topology'>;
  readonly changed: () => void;
}

const SECOND = 1_000_000;
/** At most one question in so long, by the server's clock. */
const ASK_EVERY_MICROS = 2 * SECOND;
/** An operation without a call in the last minute is known by those of so long before. */
const KNOWN_FROM_MICROS = 3_600 * SECOND;
/** Links with an operation that are remembered; what is beyond stays part of its whole link. */
const KNOWN_MAX = 20_000;

export function createOperations({ api, changed }: OperationsParts): Operations {
  const known = new Map<string, Set<string>>();
  const abort = new AbortController();
  let figures: ReadonlyMap<string, LinkFigures> = new Map();
  let knownCount = 0;
  let asking = false;
  let askAgainAt = Number.NEGATIVE_INFINITY;
  let answeredFor: number | null = null;
  let isPastKnown = false;

  function note(links: readonly LinkFigures[]): void {
    for (const { id, operation } of links) {
      const of = known.get(id) ?? new Set();
      known.set(id, of);
      if (knownCount >= KNOWN_MAX || of.has(operation ?? '')) continue;
      of.add(operation ?? '');
      knownCount++;
    }
  }

  async function ask(second: number): Promise<void> {
    asking = true;
    const until = (from: number): Window => ({ from: Math.max(0, second - from), to: second });
    if (!isPastKnown) {
      const past = await api.topology(until(KNOWN_FROM_MICROS), 'operation', abort.signal);
      if (past.kind === 'ok') {
        isPastKnown = true;
        note(past.value.links);
      }
    }
    const answer = await api.topology(until(FIGURES_SECONDS * SECOND), 'operation', abort.signal);
    asking = false;
    if (answer.kind !== 'ok') return;
    answeredFor = second;
    note(answer.value.links);
    figures = new Map(answer.value.links.map((link) => [operationKey(link.id, link.operation ?? ''), link]));
    changed();
  }

  return {
    revision: () => knownCount,
    split: (level) => splitLinks(level, (link) => [...(known.get(link) ?? [])]),
    figuresOf({ members, operations = [] }, inFlight) {
      const all = members.flatMap((member) =>
        operations.flatMap((operation) => figures.get(operationKey(member, operation)) ?? []),
      );
      const [only] = all;
      const sum = (part: 'count' | 'faults' | 'errors'): number => all.reduce((total, one) => total + one[part], 0);
      const counts = { count: sum('count'), faults: sum('faults'), errors: sum('errors') };
      return {
        ...counts,
        perSecond: counts.count / FIGURES_SECONDS,
        faultShare: faultShare(counts),
        // That of several is not known from theirs.
        p95Micros: all.length === 1 ? (only?.p95Micros ?? null) : null,
        inFlight,
      };
    },
    look(playhead, now) {
      const second = Math.floor(playhead / SECOND) * SECOND;
      if (asking || now < askAgainAt || second === answeredFor) return;
      askAgainAt = now + ASK_EVERY_MICROS;
      void ask(second);
    },
    close: () => abort.abort(),
  };
}
