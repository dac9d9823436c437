import type { TableOf } from '../panels/table-columns.ts';
import type { Selection } from '../session/session.ts';
import { type MapAddress, type MapSearch, mapOfSearch, searchOfMap } from './map-address.ts';
import { HIDINGS, type Hiding, SPANS, THEME_CHOICES, type ThemeChoice } from './view-choices.ts';

/** What of the view stands in the address, so that a link shows what its sender saw and Back goes back. Times are epoch µs. */
export interface ViewAddress extends MapAddress {
  readonly level: MapLevel;
  readonly selection: Selection | null;
  readonly replay: ReplayAddress | null;
  readonly spanMicros: number;
  readonly theme: ThemeChoice;
  /** Null: the map fits itself. */
  readonly camera: CameraAddress | null;
  /** What is looked for, in the language of `find/`; empty: nothing. */
  readonly find: string;
  readonly hiding: Hiding;
  /** The transaction drawn over the map; null: none. */
  readonly transaction: string | null;
  readonly tableOpen: boolean;
  /** What the table lists. */
  readonly tableOf: TableOf;
  readonly tableSort: string;
  readonly panelFolded: boolean;
  /** What the time bar shows around a replay; null: the replayed window itself. */
  readonly context: { readonly from: number; readonly to: number } | null;
  readonly wall: boolean;
}

export interface ReplayAddress {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly speed: number;
  readonly loops: boolean;
}

/** The point of the map in the middle of the window, scene units: a window of another size looks at the same. */
export interface CameraAddress {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The levels of the map, as keys name them. */
export const MAP_LEVELS = ['endpoint', 'server', 'machine', 'operation'] as const;
export type MapLevel = (typeof MAP_LEVELS)[number];

/** The same as search parameters: what is as it begins is left out. */
export interface ViewSearch extends MapSearch {
  readonly level?: MapLevel;
  readonly node?: string;
  readonly link?: string;
  readonly exchange?: string;
  readonly from?: number;
  readonly to?: number;
  readonly at?: number;
  readonly speed?: number;
  readonly minutes?: number;
  readonly theme?: ThemeChoice;
  /** "x,y,zoom" */
  readonly camera?: string;
  readonly find?: string;
  readonly rest?: Hiding;
  readonly transaction?: string;
  readonly loop?: 'on';
  /** "from,to" */
  readonly around?: string;
  readonly table?: 'nodes' | 'links';
  /** "-p95": the largest first */
  readonly sort?: string;
  readonly details?: 'folded';
  readonly wall?: 'on';
}

/** Parameters by name, as they stand in an address. */
export type RawSearch = Readonly<Record<string, unknown>>;

export function searchOfView(view: ViewAddress): ViewSearch {
  const { level, selection, replay, spanMicros, theme, camera, find, hiding, transaction, context } = view;
  return {
    ...(level === DEFAULT_LEVEL ? {} : { level }),
    ...(selection === null ? {} : { [selection.kind]: selection.id }),
    ...(replay === null ? {} : { from: replay.from, to: replay.to, at: Math.round(replay.at) }),
    ...(replay === null || replay.speed === 1 ? {} : { speed: replay.speed }),
    ...(replay?.loops === true ? { loop: 'on' } : {}),
    ...(replay === null || context === null ? {} : { around: `${context.from},${context.to}` }),
    ...(spanMicros === SPANS[0].micros ? {} : { minutes: spanMicros / MINUTE }),
    ...(theme === 'system' ? {} : { theme }),
    ...(camera === null ? {} : { camera: formatCamera(camera) }),
    ...(find === '' ? {} : { find }),
    ...(hiding === HIDINGS[0] ? {} : { rest: hiding }),
    ...(transaction === null ? {} : { transaction }),
    ...searchOfMap(view),
    ...(view.tableOpen ? { table: view.tableOf === 'link' ? 'links' : 'nodes' } : {}),
    ...(view.tableOpen && view.tableSort !== '' ? { sort: view.tableSort } : {}),
    ...(view.panelFolded ? { details: 'folded' } : {}),
    ...(view.wall ? { wall: 'on' } : {}),
  };
}

/** Never throws: what makes no sense counts as not said. */
export function viewOfSearch(raw: RawSearch): ViewAddress {
  const text = (name: string): string | null => {
    const value = raw[name];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
  };
  const minutes = Number(text('minutes'));
  return {
    level: MAP_LEVELS.find((level) => level === text('level')) ?? DEFAULT_LEVEL,
    selection: selectionOf(text),
    replay: replayOf(text),
    spanMicros: SPANS.find((span) => span.micros === minutes * MINUTE)?.micros ?? SPANS[0].micros,
    theme: THEME_CHOICES.find((theme) => theme === text('theme')) ?? 'system',
    camera: cameraOf(text('camera')),
    find: (text('find') ?? '').slice(0, FIND_LENGTH_MAX),
    hiding: HIDINGS.find((hiding) => hiding === text('rest')) ?? HIDINGS[0],
    transaction: idOf(text('transaction')),
    ...mapOfSearch(text),
    context: contextOf(text('around')),
    tableOpen: TABLES.has(text('table') ?? ''),
    tableOf: text('table') === 'links' ? 'link' : 'node',
    tableSort: /^-?\w{1,16}$/.exec(text('sort') ?? '')?.[0] ?? '',
    panelFolded: text('details') === 'folded',
    wall: text('wall') === 'on',
  };
}

/** The query of an address, with its "?", of parameters; those that are undefined are left out. */
export function formatSearch(search: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export const parseSearch = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search));

export const formatViewAddress = (view: ViewAddress): string => formatSearch(searchOfView(view));

export const parseViewAddress = (search: string): ViewAddress => viewOfSearch(parseSearch(search));

/** Whether going from one view to the other is a step that Back should undo, and not only time passing. */
export function isStep(before: ViewAddress, after: ViewAddress): boolean {
  return (
    before.level !== after.level ||
    before.selection?.kind !== after.selection?.kind ||
    before.selection?.id !== after.selection?.id ||
    before.replay?.from !== after.replay?.from ||
    before.replay?.to !== after.replay?.to ||
    before.transaction !== after.transaction ||
    before.tableOpen !== after.tableOpen ||
    before.arrangement !== after.arrangement ||
    searchOfMap(before).light !== searchOfMap(after).light
  );
}

const MINUTE = 60_000_000;
const DEFAULT_LEVEL: MapLevel = 'endpoint';
/** `open` stood in addresses once. */
const TABLES: ReadonlySet<string> = new Set(['open', 'nodes', 'links']);
const KINDS = ['node', 'link', 'exchange'] as const;
const SPEED_MIN = 0.1;
const SPEED_MAX = 1_000;
const ID_LENGTH_MAX = 64;
const FIND_LENGTH_MAX = 500;

type TextOf = (name: string) => string | null;

const idOf = (id: string | null): string | null => (id !== null && id !== '' && id.length <= ID_LENGTH_MAX ? id : null);

function selectionOf(text: TextOf): Selection | null {
  for (const kind of KINDS) {
    const id = idOf(text(kind));
    if (id !== null) return { kind, id };
  }
  return null;
}

function replayOf(text: TextOf): ReplayAddress | null {
  const from = timeOf(text('from'));
  const to = timeOf(text('to'));
  if (from === null || to === null || to <= from) return null;
  const at = timeOf(text('at')) ?? from;
  const speed = Number(text('speed') ?? 1);
  const size = Math.abs(speed);
  return {
    from,
    to,
    at: Math.min(Math.max(at, from), to),
    speed: size >= SPEED_MIN && size <= SPEED_MAX ? speed : 1,
    loops: text('loop') === 'on',
  };
}

function contextOf(text: string | null): ViewAddress['context'] {
  const [from = null, to = null] = (text ?? '').split(',').map(timeOf);
  return from !== null && to !== null && to > from ? { from, to } : null;
}

const timeOf = (text: string | null): number | null =>
  text !== null && /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;

const formatCamera = ({ x, y, zoom }: CameraAddress): string => [x.toFixed(1), y.toFixed(1), zoom.toFixed(3)].join(',');

function cameraOf(text: string | null): CameraAddress | null {
  const found = /^(-?\d{1,7}\.\d),(-?\d{1,7}\.\d),(\d{1,2}\.\d{3})$/.exec(text ?? '');
  if (found === null) return null;
  const [x, y, zoom] = [Number(found[1]), Number(found[2]), Number(found[3])];
  return zoom > 0 ? { x, y, zoom } : null;
}
