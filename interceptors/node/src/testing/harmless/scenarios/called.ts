import type { Row } from '../cover.ts';
import { type Call, type Caller, httpCallers } from '../dimensions/callers.ts';
import { agentOf, isPlainOnly, leavesWhere, libraryCallers } from '../dimensions/clients.ts';
import { installs } from '../dimensions/installs.ts';
import { isSilent, peers } from '../dimensions/peers.ts';
import { listenRaw } from '../raw-peer.ts';
import type { Scenario, Trial } from '../trial.ts';

const callers: { readonly [name: string]: Caller } = { ...httpCallers, ...libraryCallers };

/** Who waits for a peer that says nothing; long enough for all others on a busy machine. */
const SILENT_MILLIS = 80;
const PATIENT_MILLIS = 3_000;

/** Each client with each behaviour of the other side, which speaks bytes. */
export const called: Scenario = {
  group: 'called',
  strength: 2,
  dimensions: {
    client: Object.keys(callers),
    peer: Object.keys(peers),
    calls: ['one', 'three in turn, keep-alive', 'three at once, one socket', 'three at once, keep-alive'],
    transport: ['http', 'https'],
    install: installs,
  },
  isPossible: ({ client = '', transport, peer = '', calls }) =>
    !(transport === 'https' && isPlainOnly(client)) &&
    // Three that wait behind each other for one who says nothing wait three times.
    !(isSilent(peer) && calls?.startsWith('three')) &&
    !(isSilent(peer) && client === 'fetch, the body not read') &&
    (leavesWhere[client] ?? peer) === peer &&
    // What is torn off in the middle of three leaves to chance what the others had sent by then.
    !(client.includes('the reply not wanted') && calls !== 'one'),
  run: runCalled,
};

async function runCalled(row: Row, trial: Trial): Promise<void> {
  const isTls = row.transport === 'https';
  const caller = callers[row.client ?? ''];
  const peer = peers[row.peer ?? ''];
  if (caller === undefined || peer === undefined) throw new Error('no such client, or peer');
  await trial.at('begin');
  let heard = (): void => {};
  const asked = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const port = await listenRaw(trial, isTls, (request) => {
    heard();
    return peer(request);
  });
  const agent = agentOf(isTls, {
    keepAlive: row.calls?.startsWith('three') === true,
    ...(row.calls?.endsWith('one socket') ? { maxSockets: 1 } : {}),
  });
  trial.whenDone(() => agent.destroy());
  await trial.at('listening');

  const one = async (number: number): Promise<void> => {
    const timeoutMillis = isSilent(row.peer ?? '') ? SILENT_MILLIS : PATIENT_MILLIS;
    const call: Call = {
      port,
      isTls,
      path: '/s',
      agent,
      trial,
      who: `call ${number}`,
      timeoutMillis,
      authorization: null,
      asked,
    };
    const status = await caller(call);
    // A second round, on the same connection if it is kept.
    if (status === 401) await caller({ ...call, who: `call ${number} again`, authorization: 'Basic dTpw' });
  };
  if (row.calls?.startsWith('three at once')) {
    const all = [0, 1, 2].map(one);
    await trial.at('middle');
    await Promise.all(all);
  } else
    for (let i = 0; i < (row.calls === 'one' ? 1 : 3); i++) {
      if (i === 1) await trial.at('middle');
      await one(i);
    }
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next));
}
