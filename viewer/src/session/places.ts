import type { Place, View } from '@soa-monitor/protocol';
import type { Answer, Api } from '../feed/api.ts';
import type { Preset } from '../find/presets.ts';

/**
 * The kept places of one view: positions are state. Changes are kept here at once and sent after a moment's rest; the
 * last write of a node wins, also between two people.
 */
export interface Places {
  get(node: string): Place | undefined;
  /** Reads the view; gives whether any place is another than before. Null: it could not be read. */
  load(): Promise<boolean | null>;
  keep(node: string, place: Place): void;
  /** Searches kept in the view, in the order of their names; the same list until it changes. */
  presets(): readonly Preset[];
  /** Null: forgotten. */
  keepPreset(name: string, text: string | null): void;
  /** Nobody has a place any more. */
  clear(): void;
  close(): void;
}

export interface PlacesParts {
  readonly api: Api;
  /** Calls once after so many ms, until undone. */
  readonly after: (millis: number, call: () => void) => () => void;
  /** Why places are not kept, in words for the user; null: they are. */
  readonly told: (words: string | null) => void;
}

const REST_MILLIS = 400;
const RETRY_MILLIS = 5_000;
/** More changes than this go as one view instead of one by one. */
const SINGLY_MAX = 24;
/** Scene units; less is not another place. */
const NEAR = 0.5;

export function createPlaces({ api, after, told }: PlacesParts, view: string): Places {
  let kept = new Map<string, Place>();
  let settings: View['settings'] = {};
  let presets: readonly Preset[] = [];
  /** Changes of settings that the server does not have yet. */
  const settingsWaiting = new Map<string, string | null>();
  let etag: string | null = null;
  const waiting = new Map<string, Place>();
  let undoWait: (() => void) | null = null;

  function wait(millis: number): void {
    undoWait?.();
    undoWait = after(millis, () => void send());
  }

  async function send(): Promise<void> {
    undoWait = null;
    const changes = [...waiting];
    waiting.clear();
    const sent = [...settingsWaiting];
    const answer = sent.length > 0 || changes.length > SINGLY_MAX ? await putAll() : await patchEach(changes);
    if (answer?.kind === 'ok')
      for (const [name, text] of sent) if (settingsWaiting.get(name) === text) settingsWaiting.delete(name);
    if (answer?.kind !== 'failed') return told(null);
    told(`Places are not kept: ${answer.words}`);
    if (answer.status !== 0 && answer.status < 500) return;
    // The monitor is away or busy: what was not changed again meanwhile waits for another try.
    for (const [node, place] of changes) if (!waiting.has(node)) waiting.set(node, place);
    wait(RETRY_MILLIS);
  }

  async function patchEach(changes: readonly (readonly [string, Place])[]): Promise<Answer<null> | null> {
    for (const [node, place] of changes) {
      const answer = await api.placeNode(view, node, place);
      if (answer.kind !== 'ok') return answer;
    }
    return null;
  }

  async function putAll(): Promise<Answer<null>> {
    const nodes = Object.fromEntries(kept);
    let answer = await api.putView(view, { nodes, settings }, etag);
    if (answer.kind === 'failed' && answer.status === 412) {
      // Somebody changed the view: theirs stays where we have nothing, ours goes on top.
      await load();
      answer = await api.putView(view, { nodes: { ...Object.fromEntries(kept), ...nodes }, settings }, etag);
    }
    etag = null;
    return answer;
  }

  /** What waits goes on top of what the server has, whoever wrote that. */
  function applySettings(): void {
    const next = new Map(Object.entries(settings));
    for (const [name, text] of settingsWaiting) {
      if (text === null) next.delete(name);
      else next.set(name, text);
    }
    settings = Object.fromEntries(next);
    presets = presetsOf(settings);
  }

  async function load(): Promise<boolean | null> {
    const answer = await api.view(view);
    if (answer.kind === 'failed' && answer.status === 404) return false;
    if (answer.kind !== 'ok') return null;
    etag = answer.value.etag;
    settings = answer.value.view.settings;
    applySettings();
    const before = kept;
    kept = new Map([...Object.entries(answer.value.view.nodes), ...waiting]);
    return kept.size !== before.size || [...kept].some(([node, place]) => !isSame(place, before.get(node)));
  }

  return {
    get: (node) => kept.get(node),
    load,
    keep(node, place) {
      if (isSame(place, kept.get(node))) return;
      kept.set(node, place);
      waiting.set(node, place);
      wait(REST_MILLIS);
    },
    presets: () => presets,
    keepPreset(name, text) {
      settingsWaiting.set(`${PRESET_PREFIX}${name}`, text);
      applySettings();
      wait(REST_MILLIS);
    },
    clear() {
      kept.clear();
      waiting.clear();
      undoWait?.();
      // An empty view is wanted, whatever somebody else may have put there.
      etag = null;
      void putAll();
    },
    close() {
      undoWait?.();
    },
  };
}

/** Settings of a view are flat: a search is one of them, its name behind this. */
const PRESET_PREFIX = 'find:';

const presetsOf = (settings: View['settings']): readonly Preset[] =>
  Object.entries(settings)
    .flatMap(([name, text]) =>
      name.startsWith(PRESET_PREFIX) && typeof text === 'string'
        ? [{ name: name.slice(PRESET_PREFIX.length), text }]
        : [],
    )
    .sort((one, other) => one.name.localeCompare(other.name));

const isSame = (a: Place, b: Place | undefined): boolean =>
  b !== undefined &&
  a.pinned === b.pinned &&
  a.charge === b.charge &&
  Math.abs(a.x - b.x) < NEAR &&
  Math.abs(a.y - b.y) < NEAR;
