import { EVIDENCES, exchangeDetailSchema, exchangesSchema, OUTCOMES, transactionSchema } from '@soa-monitor/protocol';
import { problem } from '../problem/problem.ts';
import type { ExchangesQuery } from '../store/store.ts';
import type { Parameters } from './parameters.ts';
import { json, type Route } from './route.ts';

/** Single exchanges: found, looked at, followed through their transaction, taken away as a file. */
export const exchangeRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/exchanges',
    summary: 'Exchanges of a window, by their start',
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
    summary: 'The exchanges that one outermost call caused, and where the time went',
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

export function exchangesQuery(parameters: Parameters, page: { cursor: string | null; limit: number }): ExchangesQuery {
  const window = parameters.window();
  const node = parameters.text('node', 64, 'From or to this node');
  const link = parameters.text('link', 64, 'Over this link');
  const operation = parameters.text('operation', 256, 'Of this operation (its local name)');
  const outcome = parameters.someOf('outcome', OUTCOMES, 'That ended so, or in one of several ways, joined by commas');
  const minDurationMicros = parameters.duration('minDuration', 'That took at least so long');
  const maxDurationMicros = parameters.duration('maxDuration', 'That took at most so long');
  const fault = parameters.text('fault', 256, 'With this fault code: its beginning, or its local name');
  const text = parameters.text(
    'text',
    256,
    'With this in a name, fault reason or message id, without regard to case; or of this exchange or transaction id',
  );
  const halves = parameters.oneOf('side', ['both', 'client', 'server'], 'Seen from both sides, or from this one only');
  const evidence = parameters.oneOf('evidence', EVIDENCES, 'Whose halves were joined by this');
  const order = parameters.oneOf('order', ['newest', 'oldest'], 'Which come first; newest unless given');
  return {
    ...{ window, node, link, operation, outcome, minDurationMicros, fault, text },
    ...(maxDurationMicros === null ? {} : { maxDurationMicros }),
    ...(halves === null ? {} : { halves }),
    ...(evidence === null ? {} : { evidence }),
    ...(order === null ? {} : { order }),
    ...page,
  };
}

const missing = (what: string) =>
  ({ kind: 'problem', problem: problem(404, 'not-found', `there is no such ${what}`) }) as const;
