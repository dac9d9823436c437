import { explainSchema } from './explain.ts';
import { nodeSchema } from './live.ts';
import { count, id, list, object, orNull } from './query-shapes.ts';
import type { FromSchema } from './schema.ts';

/**
 * The answers of the HTTP API, version 1 (design, section 9): the figures of a window, as a map and by time. Times are epoch
 * µs, durations µs. What else is answered stands in query-*.ts, a file a question.
 */
export const LEVELS = ['operation', 'endpoint', 'server', 'machine'] as const;
export type Level = (typeof LEVELS)[number];

export const windowSchema = object({ from: count, to: count }, ['from', 'to']);

const figures = {
  count: { ...count, description: 'Exchanges that have ended' },
  faults: count,
  errors: { ...count, description: 'Neither ok nor one-way nor fault' },
  requestBytes: count,
  replyBytes: count,
  p50Micros: { ...orNull(count), description: "The caller's side, else the server's; null when nothing was counted" },
  p95Micros: orNull(count),
  p99Micros: orNull(count),
} as const;
const figureNames = [
  'count',
  'faults',
  'errors',
  'requestBytes',
  'replyBytes',
  'p50Micros',
  'p95Micros',
  'p99Micros',
] as const;

export const linkFiguresSchema = object(
  { id, source: id, target: id, operation: orNull({ type: 'string' }), ...figures },
  ['id', 'source', 'target', 'operation', ...figureNames],
);

export const topologySchema = object(
  {
    window: windowSchema,
    level: { enum: LEVELS },
    nodes: list(nodeSchema),
    links: list(linkFiguresSchema),
    folded: {
      ...object({ exchanges: count, links: count, operations: count }, ['exchanges', 'links', 'operations']),
      description:
        'What is told under "(other)", because a bound on distinct names was reached: exchanges of the window',
    },
    explain: explainSchema,
  },
  ['window', 'level', 'nodes', 'links'],
);

/** By what the traffic of a window can be told apart. */
export const TRAFFIC_GROUPS = ['link', 'operation', 'node', 'client'] as const;
export type TrafficGroup = (typeof TRAFFIC_GROUPS)[number];

const bucketSchema = object(
  {
    from: count,
    ...figures,
    latency: {
      ...list({ type: 'integer' }),
      description: 'Where it is asked for: the sketch as bucket, count, bucket, count … (as in cells of the feed)',
    },
  },
  ['from', ...figureNames],
);

export const trafficSchema = object(
  {
    window: windowSchema,
    stepMicros: count,
    buckets: {
      ...list(bucketSchema),
      description: 'Empty ones are absent; none with groupBy, where each group has its own',
    },
    groups: {
      ...list(object({ key: { type: 'string' }, count, buckets: list(bucketSchema) }, ['key', 'count', 'buckets'])),
      description:
        'With groupBy: those with the most exchanges, by id of the link or node (of a node what is called; a client by what it calls), or by name of the operation',
    },
    groupCount: { ...count, description: 'With groupBy: how many groups there are in all' },
    explain: explainSchema,
  },
  ['window', 'stepMicros', 'buckets'],
);

export type Window = FromSchema<typeof windowSchema>;
export type LinkFigures = FromSchema<typeof linkFiguresSchema>;
export type Topology = FromSchema<typeof topologySchema>;
export type Traffic = FromSchema<typeof trafficSchema>;
