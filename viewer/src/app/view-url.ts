import type { Selection } from '../session/session.ts';
import { SPANS, THEME_CHOICES, type ThemeChoice } from './view-choices.ts';

/** What of the view stands in the address, so that a link shows what its sender saw and Back goes back. Times are epoch µs. */
export interface ViewAddress {
  readonly level: MapLevel;
  readonly selection: Selection | null;
  readonly replay: ReplayAddress | null;
  readonly spanMicros: number;
  readonly theme: ThemeChoice;
}

export interface ReplayAddress {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly speed: number;
}

/** The levels of the map; `operation` is a level of the API only. */
export const MAP_LEVELS = ['endpoint', 'server', 'machine'] as const;
export type MapLevel = (typeof MAP_LEVELS)[number];

/** The query of an address, with its "?"; what is as it begins is left out. */
export function formatViewAddress(view: ViewAddress): string {
  const query = new URLSearchParams();
  if (view.level !== DEFAULT_LEVEL) query.set('level', view.level);
  if (view.selection !== null) query.set(view.selection.kind, view.selection.id);
  if (view.replay !== null) {
    query.set('from', String(view.replay.from));
    query.set('to', String(view.replay.to));
    query.set('at', String(Math.round(view.replay.at)));
    if (view.replay.speed !== 1) query.set('speed', String(view.replay.speed));
  }
  if (view.spanMicros !== SPANS[0].micros) query.set('minutes', String(view.spanMicros / MINUTE));
  if (view.theme !== 'system') query.set('theme', view.theme);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Never throws: what makes no sense counts as not said. */
export function parseViewAddress(search: string): ViewAddress {
  const query = new URLSearchParams(search);
  const minutes = Number(query.get('minutes'));
  return {
    level: MAP_LEVELS.find((level) => level === query.get('level')) ?? DEFAULT_LEVEL,
    selection: selectionOf(query),
    replay: replayOf(query),
    spanMicros: SPANS.find((span) => span.micros === minutes * MINUTE)?.micros ?? SPANS[0].micros,
    theme: THEME_CHOICES.find((theme) => theme === query.get('theme')) ?? 'system',
  };
}

/** Whether going from one view to the other is a step that Back should undo, and not only time passing. */
export function isStep(before: ViewAddress, after: ViewAddress): boolean {
  return (
    before.level !== after.level ||
    before.selection?.kind !== after.selection?.kind ||
    before.selection?.id !== after.selection?.id ||
    before.replay?.from !== after.replay?.from ||
    before.replay?.to !== after.replay?.to
  );
}

const MINUTE = 60_000_000;
const DEFAULT_LEVEL: MapLevel = 'endpoint';
const KINDS = ['node', 'link', 'exchange'] as const;
const SPEED_MIN = 0.1;
const SPEED_MAX = 100;

function selectionOf(query: URLSearchParams): Selection | null {
  for (const kind of KINDS) {
    const id = query.get(kind);
    if (id !== null && id !== '' && id.length <= 64) return { kind, id };
  }
  return null;
}

function replayOf(query: URLSearchParams): ReplayAddress | null {
  const from = timeOf(query.get('from'));
  const to = timeOf(query.get('to'));
  if (from === null || to === null || to <= from) return null;
  const at = timeOf(query.get('at')) ?? from;
  const speed = Number(query.get('speed') ?? 1);
  return {
    from,
    to,
    at: Math.min(Math.max(at, from), to),
    speed: speed >= SPEED_MIN && speed <= SPEED_MAX ? speed : 1,
  };
}

const timeOf = (text: string | null): number | null =>
  text !== null && /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
