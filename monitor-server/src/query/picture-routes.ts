import {
  compareSchema,
  LEVELS,
  pictureSchema,
  REPLAY_MEDIA_TYPE,
  replaySchema,
  TRAFFIC_GROUPS,
  topologySchema,
  trafficSchema,
} from '@soa-monitor/protocol';
import { json, type Route } from './route.ts';
import { isAccepted } from './send-page.ts';

/** What the map and the charts of a window are drawn from. */
export const pictureRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/topology',
    summary: 'Nodes and links of a window, with figures',
    answers: json(topologySchema),
    read(parameters) {
      const window = parameters.window();
      const level = parameters.oneOf('level', LEVELS, 'endpoint unless given') ?? 'endpoint';
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.topology(window, level) });
    },
  },
  {
    method: 'get',
    path: '/traffic',
    summary: 'Figures of a window by time',
    answers: json(trafficSchema),
    read(parameters) {
      const window = parameters.window();
      const asked = parameters.duration('step', 'Width of a bucket; a 120th of the window unless given');
      const span = window.to - window.from;
      const stepMicros =
        asked ?? Math.max(SECOND_MICROS, Math.ceil(span / BUCKETS_DEFAULT / SECOND_MICROS) * SECOND_MICROS);
      if (stepMicros < 1 || span / stepMicros > BUCKETS_MAX) {
        parameters.refuse(`step makes more than ${BUCKETS_MAX} buckets of this window`);
      }
      const by = parameters.oneOf('groupBy', TRAFFIC_GROUPS, 'Tells the busiest of these apart');
      const max = parameters.count('limit', { default: 12, max: 24 }, 'Groups at most, with groupBy');
      const query = {
        window,
        stepMicros,
        ...(by === null ? {} : { groups: { by, max } }),
        node: parameters.text('node', 64, 'Of this node only'),
        link: parameters.text('link', 64, 'Of this link only'),
        operation: parameters.text('operation', 256, 'Of this operation only (its local name)'),
        latency:
          parameters.oneOf('latency', ['true', 'false'], 'Whether buckets carry their latency sketch') === 'true',
      };
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.traffic(query) });
    },
  },
  {
    method: 'get',
    path: '/replay',
    summary: 'The feed of a past window, in time order; with `at`, the picture at a moment',
    answers: {
      ...json({ anyOf: [replaySchema, pictureSchema] }),
      [REPLAY_MEDIA_TYPE]: {
        type: 'string',
        description: 'Where Accept names it: a page of a window in columns of bytes, as protocol/PROTOCOL.md tells',
      },
    },
    read(parameters) {
      const at = parameters.time('at', 'The picture at this moment, instead of a window');
      const query = {
        window: parameters.window(),
        cursor: parameters.cursor(),
        limit: parameters.count('limit', { default: 5_000, max: 20_000 }, 'Exchanges in a page'),
        sample: parameters.count('sample', { default: 1, max: 1 << 20 }, 'k: 1 in k exchanges'),
      };
      const ids = parameters.oneOf(
        'ids',
        ['true', 'false'],
        'Whether a page in columns carries the ids; false unless given',
      );
      return async ({ parts, request }) => {
        if (at === null && isAccepted(request.headers.accept, REPLAY_MEDIA_TYPE)) {
          const make = () => parts.store.replayPage({ ...query, ids: ids === 'true' });
          return { kind: 'page', mediaType: REPLAY_MEDIA_TYPE, make };
        }
        return { kind: 'json', body: at === null ? await parts.store.read(query) : await parts.store.picture(at) };
      };
    },
  },
  {
    method: 'get',
    path: '/compare',
    summary: 'What was added, went, and changed from one window to another',
    answers: json(compareSchema),
    read(parameters) {
      const window = parameters.window();
      const window2 = parameters.window('from2', 'to2');
      const level = parameters.oneOf('level', LEVELS, 'endpoint unless given') ?? 'endpoint';
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.compare(window, window2, level) });
    },
  },
];

const SECOND_MICROS = 1_000_000;
const BUCKETS_DEFAULT = 120;
const BUCKETS_MAX = 2_000;
