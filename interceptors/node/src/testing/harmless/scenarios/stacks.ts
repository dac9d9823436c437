import type { Row } from '../cover.ts';
import { framings } from '../dimensions/framings.ts';
import { installs } from '../dimensions/installs.ts';
import { servers } from '../dimensions/servers.ts';
import { hasApp, messages, notAsked, parsers, services } from '../dimensions/services.ts';
import { connectRaw, countReplies } from '../raw-client.ts';
import { listenFor, watchServed } from '../service.ts';
import type { Scenario, Trial } from '../trial.ts';

/** A raw peer calls the SOAP stacks as they come, with body parsers around them. */
export const stacks: Scenario = {
  group: 'stacks',
  strength: 2,
  dimensions: {
    service: Object.keys(services),
    message: Object.keys(messages),
    parser: Object.keys(parsers),
    framing: Object.keys(framings),
    connection: ['one, then closed', 'three in turn'],
    transport: ['http', 'https'],
    listeners: ['watched', 'bare'],
    install: installs,
  },
  isPossible: ({ service = '', message = '', parser, framing }) =>
    (hasApp(service) || parser === 'none') &&
    !notAsked(service, message) &&
    (message !== '200 KB' || (framing !== 'chunks of one byte' && framing !== 'a length, byte by byte')),
  run: runStack,
};

async function runStack(row: Row, trial: Trial): Promise<void> {
  const isTls = row.transport === 'https';
  await trial.at('begin');
  const server = (servers['with a listener added later'] as (typeof servers)[string])(isTls, () => {}, trial);
  server.removeAllListeners('request');
  // The stacks take away the listeners that they find: the host's own eyes are on emit.
  if (row.listeners === 'watched') {
    const { emit } = server;
    server.emit = function (this: typeof server, ...args: unknown[]) {
      if (args[0] === 'request') watchServed(trial, args[1] as never, args[2] as never);
      return Reflect.apply(emit, this, args);
    };
  }
  const port = await listenFor(server, trial, row.listeners === 'watched');
  const parser = parsers[row.parser ?? ''];
  if (parser === undefined) throw new Error(`no such parser: ${row.parser}`);
  await services[row.service ?? '']?.(server, parser, trial);
  await trial.at('listening');

  const client = await connectRaw(port, isTls, trial);
  const message = messages[row.message ?? ''];
  const frame = framings[row.framing ?? ''];
  if (message === undefined || frame === undefined) throw new Error('no such message');
  const count = row.connection === 'three in turn' ? 3 : 1;
  const methods = Array.from({ length: count }, () => message.line.split(' ')[0] ?? '');
  for (let i = 0; i < count; i++) {
    if (i === count - 1) await trial.at('middle');
    const close = i === count - 1 ? 'Connection: close\r\n' : '';
    const head = `${message.line}\r\nHost: h\r\n${close}${message.headers}`;
    const pieces = message.line.startsWith('POST') ? frame(head, Buffer.from(message.body)) : [`${head}\r\n`];
    for (const piece of pieces) await client.write(piece);
    if (i < count - 1) await client.until((received) => countReplies(received, methods) > i);
  }
  await client.end();
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next));
}
