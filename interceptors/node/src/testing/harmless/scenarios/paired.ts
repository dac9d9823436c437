import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import type { Row } from '../cover.ts';
import { httpCallers } from '../dimensions/callers.ts';
import { libraryCallers } from '../dimensions/clients.ts';
import { installs } from '../dimensions/installs.ts';
import { servers } from '../dimensions/servers.ts';
import { hasApp, parsers, services } from '../dimensions/services.ts';
import { recordBetween } from '../recording-proxy.ts';
import { listenFor } from '../service.ts';
import type { Scenario, Trial } from '../trial.ts';

const clients = [
  'soap',
  'soap 1.2 with headers',
  'soap with WS-Security',
  'strong-soap',
  'axios',
  'follow-redirects',
  'fetch',
  'fetch, a stream',
  "undici's fetch",
  'undici.request',
  'http.request, end(body)',
  'http.request, from a stream',
  'http.request, Expect: 100-continue',
];
const callers = { ...httpCallers, ...libraryCallers };

/** Stacks call stacks, both in one process, and each byte between them is written down on the way. */
export const paired: Scenario = {
  group: 'paired',
  strength: 2,
  dimensions: {
    client: clients,
    service: Object.keys(services),
    parser: Object.keys(parsers),
    calls: ['one', 'three in turn, keep-alive', 'three at once, keep-alive'],
    'the service calls on': ['no', 'yes'],
    install: installs,
  },
  isPossible: ({ service = '', parser }) =>
    (hasApp(service) || parser === 'none') &&
    // There `soap` never answers, and the client waits as long as it can; the cases of the stacks have it.
    !(parser === 'urlencoded() before' && !service.startsWith('strong')),
  run: runPaired,
};

async function runPaired(row: Row, trial: Trial): Promise<void> {
  const context = new AsyncLocalStorage<string>();
  await trial.at('begin');
  const make = servers['with a listener added later'];
  const parser = parsers[row.parser ?? ''];
  const caller = callers[row.client ?? ''];
  if (make === undefined || parser === undefined || caller === undefined) throw new Error('no such pair');
  const backend = await listenFor(
    http.createServer((request, response) => {
      trial.log('backend', `${request.url} in ${context.getStore()}`);
      request.resume().on('end', () => response.end('<Envelope/>'));
    }),
    trial,
    false,
  );
  const server = make(false, () => {}, trial);
  server.removeAllListeners('request');
  if (row['the service calls on'] === 'yes') callOn(server, backend, trial);
  const servicePort = await listenFor(server, trial);
  await services[row.service ?? '']?.(server, parser, trial);
  const port = await recordBetween(trial, servicePort);
  const agent = new http.Agent({ keepAlive: row.calls !== 'one', maxSockets: 1 });
  trial.whenDone(() => agent.destroy());
  await trial.at('listening');

  const one = (number: number): Promise<unknown> =>
    context.run(`call ${number}`, async () => {
      const call = { port, isTls: false, path: '/greeter', agent, trial, who: `call ${number}`, timeoutMillis: 3_000 };
      await caller({ ...call, authorization: null, asked: Promise.resolve() });
      trial.log(`call ${number}`, `still in ${context.getStore()}`);
    });
  if (row.calls === 'three at once, keep-alive') {
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

/** Before the stack sees a request, the service makes a call of its own, as a gateway does. */
function callOn(server: http.Server, backend: number, trial: Trial): void {
  const { emit } = server;
  server.emit = function (this: http.Server, ...args: unknown[]) {
    if (args[0] === 'request')
      http
        .request(
          { port: backend, host: '127.0.0.1', path: '/inner', method: 'POST', headers: { 'Content-Type': 'text/xml' } },
          (reply) => {
            trial.log('inner', `${reply.statusCode} ${reply.rawHeaders.join('|')}`);
            reply.resume();
          },
        )
        .end('<Envelope/>');
    return Reflect.apply(emit, this, args);
  };
}
