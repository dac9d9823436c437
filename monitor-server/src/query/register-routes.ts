import {
  accountingSchema,
  linksSchema,
  nodeProcessesSchema,
  nodeSchema,
  nodesSchema,
  statesSchema,
} from '@soa-monitor/protocol';
import { problem } from '../problem/problem.ts';
import { json, type Route } from './route.ts';

/** The register of machines, servers, endpoints and clients, their states, and what was counted on the way. */
export const registerRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/nodes',
    summary: 'The register',
    answers: json(nodesSchema),
    read(parameters) {
      const cursor = parameters.cursor();
      const limit = parameters.count('limit', { default: 1_000, max: 10_000 }, 'Nodes in a page');
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.nodes(cursor, limit) });
    },
  },
  {
    method: 'get',
    path: '/links',
    summary: 'All links that had traffic, and when they were seen',
    answers: json(linksSchema),
    read(parameters) {
      const cursor = parameters.cursor();
      const limit = parameters.count('limit', { default: 1_000, max: 10_000 }, 'Links in a page');
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.links(cursor, limit) });
    },
  },
  {
    method: 'get',
    path: '/nodes/:id',
    summary: 'One node',
    answers: json(nodeSchema),
    read(parameters) {
      const id = parameters.id('id');
      return async ({ parts }) => {
        const body = await parts.store.node(id);
        return body === null
          ? { kind: 'problem', problem: problem(404, 'not-found', 'there is no such node') }
          : { kind: 'json', body };
      };
    },
  },
  {
    method: 'get',
    path: '/nodes/:id/processes',
    summary: 'The processes that report as this node, the last heard first, and what became of their rows',
    answers: json(nodeProcessesSchema),
    read(parameters) {
      const id = parameters.id('id');
      return async ({ parts }) => {
        const body = await parts.store.nodeProcesses(id, parts.clock.now());
        return body === null
          ? { kind: 'problem', problem: problem(404, 'not-found', 'there is no such node') }
          : { kind: 'json', body };
      };
    },
  },
  {
    method: 'get',
    path: '/nodes/:id/states',
    summary: "A node's state changes in a window",
    answers: json(statesSchema),
    read(parameters) {
      const id = parameters.id('id');
      const window = parameters.window();
      const cursor = parameters.cursor();
      const limit = parameters.count('limit', { default: 500, max: 5_000 }, 'Changes in a page');
      return async ({ parts }) => {
        if ((await parts.store.node(id)) === null) {
          return { kind: 'problem', problem: problem(404, 'not-found', 'there is no such node') };
        }
        return { kind: 'json', body: await parts.store.states(id, window, cursor, limit) };
      };
    },
  },
  {
    method: 'get',
    path: '/states',
    summary: "The changes of all nodes' states in a window, oldest first",
    answers: json(statesSchema),
    read(parameters) {
      const window = parameters.window();
      const cursor = parameters.cursor();
      const limit = parameters.count('limit', { default: 500, max: 5_000 }, 'Changes in a page');
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.stateChanges(window, cursor, limit) });
    },
  },
  {
    method: 'get',
    path: '/accounting',
    summary: 'What was observed, acknowledged, dropped and stored; a difference is an alarm',
    answers: json(accountingSchema),
    read:
      () =>
      async ({ parts }) => ({ kind: 'json', body: await parts.store.accounting(parts.clock.now()) }),
  },
];
