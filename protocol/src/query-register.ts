import { linkSchema, nodeSchema, reporterAccountSchema, stateChangeSchema } from './live.ts';
import { count, list, object, orNull } from './query-shapes.ts';
import { listenerSchema } from './report.ts';
import type { FromSchema } from './schema.ts';

// Nodes, links, states and processes as they were seen.

export const nodesSchema = object({ nodes: list(nodeSchema), cursor: orNull({ type: 'string' }) }, ['nodes', 'cursor']);
export const linksSchema = object(
  {
    links: list(
      object(
        {
          ...linkSchema.properties,
          firstSeen: { ...count, description: 'Begin of its first counted exchange' },
          lastSeen: { ...count, description: 'Begin of its last one, to a second' },
        },
        [...linkSchema.required, 'firstSeen', 'lastSeen'],
      ),
    ),
    cursor: orNull({ type: 'string' }),
  },
  ['links', 'cursor'],
);
export const statesSchema = object({ states: list(stateChangeSchema), cursor: orNull({ type: 'string' }) }, [
  'states',
  'cursor',
]);

export const nodeProcessSchema = object(
  {
    ...reporterAccountSchema.properties,
    pid: count,
    stack: { type: 'string' },
    firstReportAt: count,
    listeners: {
      ...list(listenerSchema),
      description: 'As it said last. behind: it is a proxy, and so it found the service behind it',
    },
    noise: { ...count, description: 'HTTP exchanges that were no SOAP: counted, not stored' },
    pings: count,
    failures: { ...count, description: 'Failures inside the interceptor; the messages passed' },
  },
  [...reporterAccountSchema.required, 'pid', 'stack', 'firstReportAt', 'listeners', 'noise', 'pings', 'failures'],
);

export const nodeProcessesSchema = object({ processes: list(nodeProcessSchema) }, ['processes']);

export type Links = FromSchema<typeof linksSchema>;
export type Nodes = FromSchema<typeof nodesSchema>;
export type States = FromSchema<typeof statesSchema>;
export type NodeProcess = FromSchema<typeof nodeProcessSchema>;
export type NodeProcesses = FromSchema<typeof nodeProcessesSchema>;
