import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { greetRequest } from '../../greeter.ts';
import type { Row } from '../cover.ts';
import { manners, servedHandles, stages } from '../dimensions/aborts.ts';
import { installs } from '../dimensions/installs.ts';
import { readers } from '../dimensions/readers.ts';
import { servers } from '../dimensions/servers.ts';
import { connectRaw, type RawClient } from '../raw-client.ts';
import { hostListener, listenFor } from '../service.ts';
import type { Scenario, Trial } from '../trial.ts';

const text = greetRequest('ada');
const half = text.length >> 1;

/** One side leaves, at each stage and in each manner; the service goes on to answer, or does not. */
export const aborted: Scenario = {
  group: 'aborted',
  strength: 3,
  dimensions: {
    side: ['the client', ...servedHandles],
    stage: stages,
    manner: Object.keys(manners),
    reader: ['data', 'readable', 'for await', 'pipeline', 'five turns late', 'never', 'web stream'],
    framing: ['a length', 'chunks'],
    'then the service': ['answers', 'says nothing'],
    transport: ['http', 'https'],
    listeners: ['watched', 'bare'],
    install: installs,
  },
  isPossible: ({ side, stage, manner, reader }) =>
    // Before there is a request the service has only the socket.
    (side === 'the client' || side === 'socket' || (stage !== 'before the head' && stage !== 'in the head')) &&
    // Request and response can be destroyed, and no more.
    (side === 'the client' || side === 'socket' || manner?.startsWith('destroyed') === true) &&
    // Who never reads does not notice the middle of a body.
    !(stage === 'in the body' && reader === 'never'),
  run: runAborted,
};

/** Things that happen once, and that somebody may wait for. */
function createGates<Name extends string>() {
  const opened = new Map<Name, () => void>();
  const gates = new Map<Name, Promise<void>>();
  const gate = (name: Name): Promise<void> => {
    const known = gates.get(name);
    if (known !== undefined) return known;
    const made = new Promise<void>((resolve) => opened.set(name, resolve));
    gates.set(name, made);
    return made;
  };
  return {
    gate,
    open: (name: Name): void => {
      void gate(name);
      opened.get(name)?.();
    },
  };
}

async function runAborted(row: Row, trial: Trial): Promise<void> {
  const isTls = row.transport === 'https';
  const isClient = row.side === 'the client';
  const manner = manners[row.manner ?? ''] ?? (() => {});
  const { gate, open } = createGates<'connection' | 'request' | 'first bytes' | 'whole request'>();
  let socket: Socket | null = null;

  /** What the service has in its hands, broken off. */
  const breakOff = (request: IncomingMessage, response: ServerResponse): void => {
    trial.log('service', 'breaks off');
    const error = row.manner === 'destroyed with an error' ? new Error('enough') : undefined;
    if (row.side === 'socket') manner(request.socket);
    else if (row.side === 'request') request.on('error', () => {}).destroy(error);
    else if (row.side === 'response') response.on('error', () => {}).destroy(error);
    else server.closeAllConnections();
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isClient && row.stage === 'after the request, before the reply') breakOff(request, response);
    if (row['then the service'] === 'says nothing' && row.stage !== 'in the middle of the reply') return;
    const say = (): void => {
      response.on('error', (error: NodeJS.ErrnoException) => trial.log('service', `response error ${error.code}`));
      trial.log('service', `write ${response.write(text.slice(0, half))} ${response.destroyed}`);
      if (row.stage !== 'in the middle of the reply') return void response.end(text.slice(half));
      if (!isClient) setImmediate(() => breakOff(request, response));
      // Until the other side has left, there is more to say.
      response.once('close', () => {
        if (row['then the service'] === 'says nothing') return;
        trial.log('service', `write ${response.write('more')} ${response.writableEnded}`);
        response.end('the end', () => trial.log('service', 'ended'));
      });
    };
    if (isClient && row.stage === 'after the request, before the reply')
      request.socket.once('end', say).once('close', say);
    else say();
  };

  await trial.at('begin');
  const server = (servers['with a listener from the beginning'] as (typeof servers)[string])(
    isTls,
    hostListener(trial, row.listeners === 'watched', (request, response) => {
      open('request');
      const isBare = row.listeners === 'bare';
      if (isBare) request.on('error', (error) => trial.log('service', `request ${error.message}`));
      if (row.stage === 'in the body')
        setImmediate(() => {
          open('first bytes');
          if (!isClient) breakOff(request, response);
        });
      readers[row.reader ?? '']?.(
        request,
        (body) => {
          trial.log('service', `got ${body.length}`);
          open('whole request');
          answer(request, response);
        },
        trial,
      );
    }),
    trial,
  );
  server.on(isTls ? 'secureConnection' : 'connection', (accepted: Socket) => {
    socket = accepted;
    accepted.on('error', () => {});
    open('connection');
    if (!isClient && row.stage === 'before the head') manner(accepted);
  });
  const port = await listenFor(server, trial, row.listeners === 'watched');
  await trial.at('listening');

  const client = await connectRaw(port, isTls, trial);
  const leave = async (): Promise<void> => {
    await trial.at('middle');
    if (!isClient) return;
    trial.log('client', 'leaves');
    manner(client.socket);
  };
  await gate('connection');
  if (row.stage === 'before the head') await leave();
  else if (row.stage === 'in the head') {
    await client.write('POST /s HTTP/1.1\r\nHost: h\r\nConte');
    await arrived(socket);
    await leave();
    if (!isClient && socket !== null) manner(socket);
  } else await sendAndLeave(row, client, gate, leave);
  await client.end();
  for (let turn = 0; turn < 8; turn++) await new Promise((next) => setImmediate(next));
}

/** The service's side of the connection has read something: a head that is not whole makes no event. */
async function arrived(socket: Socket | null): Promise<void> {
  for (let turn = 0; turn < 10_000 && socket?.bytesRead === 0; turn++) await new Promise((next) => setImmediate(next));
}

async function sendAndLeave(
  row: Row,
  client: RawClient,
  gate: (name: 'request' | 'first bytes' | 'whole request') => Promise<void>,
  leave: () => Promise<void>,
): Promise<void> {
  const isChunked = row.framing === 'chunks';
  const head =
    'POST /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nConnection: close\r\n' +
    (isChunked ? 'Transfer-Encoding: chunked\r\n\r\n' : `Content-Length: ${text.length}\r\n\r\n`);
  const piece = (from: number, to: number): string =>
    isChunked ? `${(to - from).toString(16)}\r\n${text.slice(from, to)}\r\n` : text.slice(from, to);
  await client.write(head + piece(0, half));
  await gate('request');
  if (row.stage === 'in the body') {
    await gate('first bytes');
    return leave();
  }
  await client.write(piece(half, text.length) + (isChunked ? '0\r\n\r\n' : ''));
  await gate('whole request');
  if (row.stage === 'in the middle of the reply') await client.until((received) => received.includes('<?xml'));
  await leave();
}
