import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Row } from '../cover.ts';
import { answers } from '../dimensions/answers.ts';
import { encodings, framings } from '../dimensions/framings.ts';
import { installs } from '../dimensions/installs.ts';
import { readers } from '../dimensions/readers.ts';
import { connections, expectations, requests } from '../dimensions/requests.ts';
import { servers } from '../dimensions/servers.ts';
import { connectRaw, countReplies } from '../raw-client.ts';
import { hostListener, listenFor } from '../service.ts';
import type { Scenario, Trial } from '../trial.ts';

/** A raw peer calls a plain service: each way to read with each way to answer. */
export const served: Scenario = {
  group: 'served',
  strength: 2,
  dimensions: {
    reader: [...Object.keys(readers), 'echo', 'destroying the request'],
    answer: Object.keys(answers),
    request: Object.keys(requests),
    framing: Object.keys(framings),
    encoding: Object.keys(encodings),
    expect: Object.keys(expectations),
    connection: Object.keys(connections),
    server: Object.keys(servers),
    transport: ['http', 'https'],
    listeners: ['watched', 'bare'],
    install: installs,
  },
  isPossible: ({ reader, install, request, framing, encoding, expect, connection, listeners }) =>
    // Several interceptors at once in one process are none of ours: what takes a second shares its process with others.
    (reader !== 'a second late' || (install === 'early' && connection === 'one, then closed')) &&
    // HTTP/1.0 has neither chunks, nor pipelining, nor 100.
    (request !== 'POST HTTP/1.0' ||
      (framing?.startsWith('a length') === true && expect === 'nothing' && connection === 'one, then closed')) &&
    (encoding !== '200 KB' || (framing !== 'chunks of one byte' && framing !== 'a length, byte by byte')) &&
    // Who breaks off reading ends the connection: how much of the rest was there by then is the kernel's affair.
    (reader !== 'for await, broken off' || (framing === 'a length, in one piece' && expect === 'nothing')) &&
    // Inflating is done by other threads: of three at once any may be the first, and when it pauses the request is chance.
    !(reader === 'through gunzip' && (connection === 'three pipelined' || listeners === 'watched')) &&
    // One that waits cannot follow another in the same piece.
    !(connection === 'three pipelined' && expect?.includes('waits')) &&
    // What is not read of 200 KB blocks what comes behind it in ways that depend on the kernel's buffers.
    !(encoding === '200 KB' && connection !== 'one, then closed'),
  run: runServed,
};

/** In bodies of the requests made here no empty line ends a piece. */
const HEAD_BYTES_MAX = 1_000;

async function runServed(row: Row, trial: Trial): Promise<void> {
  const isTls = row.transport === 'https';
  const reader = readers[row.reader ?? ''];
  const answer = answers[row.answer ?? ''] ?? (() => {});
  const context = new AsyncLocalStorage<number>();
  let count = 0;
  if (row.reader === 'echo') trial.echoes();
  await trial.at('begin');
  const server = servers[row.server ?? '']?.(
    isTls,
    hostListener(trial, row.listeners === 'watched', (request, response) => {
      if (row.reader === 'destroying the request') return void request.destroy();
      if (row.reader === 'echo') return void request.pipe(response);
      context.run(count++, () =>
        reader?.(
          request,
          (body) => {
            const hash = createHash('sha1').update(body).digest('hex').slice(0, 8);
            trial.log('service', `got ${body.length} ${hash} in ${context.getStore()}`);
            answer(response, trial);
          },
          trial,
        ),
      );
    }),
    trial,
  );
  if (server === undefined) throw new Error(`no such server: ${row.server}`);
  const port = await listenFor(server, trial, row.listeners === 'watched');
  await trial.at('listening');

  const client = await connectRaw(port, isTls, trial, row.reader === 'a second late');
  const connection = connections[row.connection as keyof typeof connections];
  const request = requests[row.request ?? ''];
  const expectation = expectations[row.expect as keyof typeof expectations];
  const encoding = encodings[row.encoding ?? ''];
  const frame = framings[row.framing ?? ''];
  if (request === undefined || encoding === undefined || frame === undefined) throw new Error('no such request');
  const method = request.line.split(' ')[0] ?? '';
  const methods = Array.from({ length: connection.count }, () => method);
  const pieces = methods.map((_method, i) => {
    const close = i === connection.count - 1 && !request.line.endsWith('1.0') ? 'Connection: close\r\n' : '';
    const head = `${request.line}\r\nHost: h\r\nX-No: ${i}\r\n${close}${request.headers}`;
    return request.hasBody ? frame(head + encoding.headers + expectation.headers, encoding.body) : [`${head}\r\n`];
  });
  if (connection.isPipelined)
    await client.write(Buffer.concat(pieces.flat().map((piece) => Buffer.from(piece as string, 'latin1'))));
  else
    for (const [i, each] of pieces.entries()) {
      if (i === 1) await trial.at('middle');
      const before = client.received().length;
      let head = '';
      for (const piece of each) {
        if (head.endsWith('\r\n\r\n') && expectation.waits) {
          head = '';
          await client.until((received) => received.length > before);
        }
        if (head.length < HEAD_BYTES_MAX) head += piece.toString('latin1');
        await client.write(piece);
      }
      if (i < connection.count - 1) await client.until((received) => countReplies(received, methods) > i);
    }
  if (connection.count === 1 || connection.isPipelined) await trial.at('middle');
  await client.end();
  // What the service is told of the end comes in turns of its own.
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next));
}
