import type { Observation } from '../observation/describe.ts';

/** An ordinary observation, with what a test wants different. */
export const observation = (facts: Partial<Observation>): Observation => ({
  rowSeq: 0,
  exchangeNo: 0,
  part: 'whole',
  call: { path: '/greeter', operation: { namespace: 'urn:greeter', name: 'greet' } },
  role: 'server',
  parentNo: null,
  start: 1_795_000_000_000_000,
  requestLast: 10,
  replyFirst: 20,
  replyLast: 30,
  end: 30,
  requestBytes: 100,
  replyBytes: 100,
  outcome: 'ok',
  status: 200,
  fault: null,
  connection: null,
  ordinal: null,
  ids: null,
  extras: null,
  ...facts,
});
