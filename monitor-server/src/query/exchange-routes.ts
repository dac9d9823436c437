import { exchangeDetailSchema, exchangesSchema, OUTCOMES, transactionSchema } from '@soa-monitor/protocol';
import { problem } from '../problem/problem.ts';
import type { ExchangesQuery } from '../store/store.ts';
import type { Parameters } from './parameters.ts';
import { json, type Route } from './route.ts';

/** Single exchanges: found, looked at, followed through their transaction, taken away as a file. */
export const exchangeRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/exchanges',
    summary: 'Exchanges of a window, newest first',
    answers: json(exchangesSchema),
    read(parameters) {
      const query = exchangesQuery(parameters, {
        cursor: parameters.cursor(),
        limit: parameters.count('limit', { default: 100, max: 1_000 }, 'Exchanges in a page'),
      });
      return async ({ parts }) => ({ kind: 'json', body: await parts.store.exchanges(query) });
    },
  },
  {
    method: 'get',
    path: '/exchanges/:id',
    summary: 'One exchange with both halves and the evidence of their join',
    answers: json(exchangeDetailSchema),
    read(parameters) {
      const id = parameters.id('id');
      return async ({ parts }) => {
        const body = await parts.store.exchange(id);
        return body === null ? missing('exchange') : { kind: 'json', body };
      };
    },
  },
  {
    method: 'get',
    path: '/transactions/:id',
    summary: 'The exchanges that one outermost call caused',
    answers: json(transactionSchema),
    read(parameters) {
      const id = parameters.id('id');
      return async ({ parts }) => {
        const body = await parts.store.transaction(id);
        return body === null || body.exchanges.length === 0 ? missing('transaction') : { kind: 'json', body };
      };
    },
  },
];

export const exchangesQuery = (
  parameters: Parameters,
  page: { cursor: string | null; limit: number },
): ExchangesQuery => ({
  window: parameters.window(),
  node: parameters.text('node', 64, 'From or to this node'),
  link: parameters.text('link', 64, 'Over this link'),
  operation: parameters.text('operation', 256, 'Of this operation (its local name)'),
  outcome: parameters.oneOf('outcome', OUTCOMES, 'That ended so'),
  minDurationMicros: parameters.duration('minDuration', 'That took at least so long'),
  fault: parameters.text('fault', 256, 'With this fault code: its beginning, or its local name'),
  text: parameters.text('text', 256, 'With this in a name, fault reason or message id, without regard to case'),
  ...page,
});

const missing = (what: string) =>
  ({ kind: 'problem', problem: problem(404, 'not-found', `there is no such ${what}`) }) as const;
