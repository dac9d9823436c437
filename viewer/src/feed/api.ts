import {
  type Comparison,
  compareSchema,
  type ExchangeDetail,
  type Exchanges,
  exchangeDetailSchema,
  exchangesSchema,
  type FromSchema,
  type NodeProcesses,
  nodeProcessesSchema,
  type Picture,
  type Place,
  pictureSchema,
  problemSchema,
  type Replay,
  replaySchema,
  type Schema,
  type States,
  statesSchema,
  type Topology,
  type Traffic,
  type Transaction,
  topologySchema,
  trafficSchema,
  transactionSchema,
  type View,
  viewSchema,
  type Window,
} from '@soa-monitor/protocol';
import { conforms } from './conforms.ts';
import { isReplayPage, REPLAY_ACCEPT, readReplayPage } from './replay-page.ts';

/** The HTTP API as the viewer asks it. Every answer is a value: what was asked for, or why not in words for the user. */
export interface Api {
  traffic(query: TrafficQuery, signal?: AbortSignal): Promise<Answer<Traffic>>;
  topology(window: Window, level: string, signal?: AbortSignal): Promise<Answer<Topology>>;
  exchanges(query: ExchangesQuery, signal?: AbortSignal): Promise<Answer<Exchanges>>;
  exchange(id: string, signal?: AbortSignal): Promise<Answer<ExchangeDetail>>;
  transaction(id: string, signal?: AbortSignal): Promise<Answer<Transaction>>;
  states(node: string, window: Window, signal?: AbortSignal): Promise<Answer<States>>;
  /** The changes of all nodes, oldest first, as many as one answer holds. */
  stateChanges(window: Window, signal?: AbortSignal): Promise<Answer<States>>;
  compare(window: Window, window2: Window, level: string, signal?: AbortSignal): Promise<Answer<Comparison>>;
  nodeProcesses(node: string, signal?: AbortSignal): Promise<Answer<NodeProcesses>>;
  replay(query: ReplayQuery, signal?: AbortSignal): Promise<Answer<Replay>>;
  /** A page in columns as it came, for who keeps it. */
  replayBytes(query: ReplayQuery, signal?: AbortSignal): Promise<Answer<ArrayBuffer>>;
  pictureAt(at: number, signal?: AbortSignal): Promise<Answer<Picture>>;
  view(id: string): Promise<Answer<{ readonly view: View; readonly etag: string | null }>>;
  putView(id: string, view: View, etag: string | null): Promise<Answer<null>>;
  /** Null takes the place away. */
  placeNode(view: string, node: string, place: Place | null): Promise<Answer<null>>;
}

export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'aborted' }
  /** `status` 0: the monitor was not reached, or its answer was not understood. */
  | { readonly kind: 'failed'; readonly status: number; readonly words: string };

export interface TrafficQuery {
  readonly window: Window;
  readonly stepMicros: number;
  readonly node?: string;
  readonly link?: string;
  readonly operation?: string;
  /** Whether each bucket carries its latency sketch. */
  readonly latency?: 'true';
  /** The busiest of these apart, so many at most (`limit`), instead of one sum. */
  readonly groupBy?: 'link' | 'operation' | 'node' | 'client';
  readonly limit?: number;
}

export interface ExchangesQuery {
  readonly window: Window;
  readonly node?: string;
  readonly link?: string;
  readonly operation?: string;
  readonly outcome?: string;
  readonly minDuration?: number;
  readonly fault?: string;
  readonly text?: string;
  /** Newest first unless given. */
  readonly order?: 'newest' | 'oldest';
  readonly cursor?: string;
  readonly limit?: number;
}

export interface ReplayQuery {
  readonly window: Window;
  readonly sample: number;
  readonly limit: number;
  readonly cursor?: string;
}

export interface ApiSettings {
  /** Where the monitor is; empty: where the page came from, with its cookies. */
  readonly base?: string;
  /** A viewer token, where the page has no cookie. */
  readonly token?: string;
}

export function createApi(parts: { readonly fetch: typeof fetch }, settings: ApiSettings = {}): Api {
  const { base = '', token } = settings;
  const headers = (more: Record<string, string>): Record<string, string> =>
    token === undefined ? more : { ...more, authorization: `Bearer ${token}` };

  async function send(path: string, init: RequestInit): Promise<Answer<Response>> {
    try {
      const response = await parts.fetch(`${base}/api/v1/${path}`, { credentials: 'same-origin', ...init });
      return response.ok ? { kind: 'ok', value: response } : await failure(response);
    } catch (error) {
      if (init.signal?.aborted) return { kind: 'aborted' };
      return { kind: 'failed', status: 0, words: `The monitor cannot be reached (${reasonOf(error)}).` };
    }
  }

  async function get<const S extends Schema>(
    schema: S,
    path: string,
    query: Readonly<Record<string, string | number | undefined>> = {},
    signal?: AbortSignal,
  ): Promise<Answer<FromSchema<S>>> {
    const answer = await send(`${path}${searchOf(query)}`, {
      headers: headers({ accept: 'application/json' }),
      signal: signal ?? null,
    });
    return answer.kind === 'ok' ? bodyOf(schema, answer.value, signal) : answer;
  }

  /** In columns, with ids: what is clicked on is asked for by its id. A server that knows no ids there is asked as of old. */
  async function replay({ window, ...rest }: ReplayQuery, signal?: AbortSignal): Promise<Answer<Replay>> {
    const query = { ...window, ...rest };
    const answer = await send(`replay${searchOf({ ...query, ids: 'true' })}`, {
      headers: headers({ accept: REPLAY_ACCEPT }),
      signal: signal ?? null,
    });
    if (answer.kind === 'failed' && answer.status === 400) return get(replaySchema, 'replay', query, signal);
    if (answer.kind !== 'ok') return answer;
    return isReplayPage(answer.value) ? pageOf(answer.value, signal) : bodyOf(replaySchema, answer.value, signal);
  }

  async function replayBytes({ window, ...rest }: ReplayQuery, signal?: AbortSignal): Promise<Answer<ArrayBuffer>> {
    const answer = await send(`replay${searchOf({ ...window, ...rest, ids: 'true' })}`, {
      headers: headers({ accept: REPLAY_ACCEPT }),
      signal: signal ?? null,
    });
    if (answer.kind !== 'ok') return answer;
    try {
      return isReplayPage(answer.value) ? ok(await answer.value.arrayBuffer()) : NOT_UNDERSTOOD;
    } catch {
      return signal?.aborted ? { kind: 'aborted' } : NOT_UNDERSTOOD;
    }
  }

  async function write(path: string, method: string, body: unknown, more: Record<string, string> = {}) {
    const answer = await send(path, {
      method,
      headers: headers({ 'content-type': 'application/json', ...more }),
      body: JSON.stringify(body),
    });
    return answer.kind === 'ok' ? ok(null) : answer;
  }

  return {
    traffic: ({ window, stepMicros, ...rest }, signal) =>
      get(trafficSchema, 'traffic', { ...window, step: stepMicros, ...rest }, signal),
    topology: (window, level, signal) => get(topologySchema, 'topology', { ...window, level }, signal),
    exchanges: ({ window, ...rest }, signal) => get(exchangesSchema, 'exchanges', { ...window, ...rest }, signal),
    exchange: (id, signal) => get(exchangeDetailSchema, `exchanges/${encodeURIComponent(id)}`, {}, signal),
    transaction: (id, signal) => get(transactionSchema, `transactions/${encodeURIComponent(id)}`, {}, signal),
    states: (node, window, signal) => get(statesSchema, `nodes/${encodeURIComponent(node)}/states`, window, signal),
    stateChanges: (window, signal) => get(statesSchema, 'states', { ...window, limit: STATES_MAX }, signal),
    compare: ({ from, to }, { from: from2, to: to2 }, level, signal) =>
      get(compareSchema, 'compare', { from, to, from2, to2, level }, signal),
    nodeProcesses: (node, signal) =>
      get(nodeProcessesSchema, `nodes/${encodeURIComponent(node)}/processes`, {}, signal),
    replay,
    replayBytes,
    pictureAt: (at, signal) => get(pictureSchema, 'replay', { at }, signal),
    async view(id) {
      const answer = await send(`views/${encodeURIComponent(id)}`, {
        headers: headers({ accept: 'application/json' }),
      });
      if (answer.kind !== 'ok') return answer;
      const etag = answer.value.headers.get('etag');
      const view = await bodyOf(viewSchema, answer.value);
      return view.kind === 'ok' ? ok({ view: view.value, etag }) : view;
    },
    putView: (id, view, etag) =>
      write(`views/${encodeURIComponent(id)}`, 'PUT', view, etag === null ? {} : { 'if-match': etag }),
    placeNode: (view, node, place) =>
      write(`views/${encodeURIComponent(view)}/nodes/${encodeURIComponent(node)}`, 'PATCH', place),
  };
}

/** More changes than these cannot be told apart on a screen; the answer says that there are more. */
const STATES_MAX = 2_000;

const ok = <Value>(value: Value): Answer<Value> => ({ kind: 'ok', value });

async function bodyOf<const S extends Schema>(
  schema: S,
  response: Response,
  signal?: AbortSignal,
): Promise<Answer<FromSchema<S>>> {
  try {
    const body: unknown = await response.json();
    if (conforms(schema, body)) return ok(body);
  } catch {
    if (signal?.aborted) return { kind: 'aborted' };
  }
  return NOT_UNDERSTOOD;
}

async function pageOf(response: Response, signal?: AbortSignal): Promise<Answer<Replay>> {
  try {
    const page = readReplayPage(await response.arrayBuffer());
    if (page !== null) return ok(page);
  } catch {
    if (signal?.aborted) return { kind: 'aborted' };
  }
  return NOT_UNDERSTOOD;
}

const NOT_UNDERSTOOD: Answer<never> = {
  kind: 'failed',
  status: 0,
  words: 'The monitor gave an answer that this viewer does not understand.',
};

/** A problem document (RFC 9457) as a sentence; else what the status says. */
async function failure(response: Response): Promise<Answer<never>> {
  const status = response.status;
  try {
    const body: unknown = await response.json();
    if (conforms(problemSchema, body)) {
      const reasons = body.reasons?.join('; ');
      const words = [body.title, body.detail, reasons].filter((part) => part !== undefined && part !== '').join(': ');
      return { kind: 'failed', status, words };
    }
  } catch {
    // Not JSON: the status alone has to do.
  }
  return { kind: 'failed', status, words: `The monitor answered ${status} ${response.statusText}`.trim() };
}

function searchOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
