/** A process that serves and makes many calls, and prints what they left: node --expose-gc load-child.js '{…}'. */
import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { greetRequest } from '../greeter.ts';

export interface Load {
  readonly monitor: string;
  readonly calls: number;
  readonly maxQueueRows: number;
  /** Closes the interceptor at the end and says what is left of it. */
  readonly closes: boolean;
}

export interface Loaded {
  readonly answered: number;
  readonly heapAtFifth: number;
  readonly heapAtEnd: number;
  readonly counters: unknown;
  readonly queuedMax: number;
  readonly unhandled: readonly string[];
  /** What differs after close() from before the interceptor was loaded, in words. */
  readonly left: readonly string[];
}

const load: Load = JSON.parse(process.argv[2] ?? '{}');
const text = greetRequest('ada');
/** On one connection so many requests are written at once. */
const PIPELINED = 50;
const CLIENT_SHARE = 5;
const unhandled: string[] = [];
process.on('uncaughtExceptionMonitor', (error) => unhandled.push(error.message));

const CHANNELS = ['http.server.request.start', 'http.client.request.start', 'http.client.response.finish'];
const UNDICI = ['create', 'bodySent', 'headers', 'trailers', 'error', 'bodyChunkSent', 'bodyChunkReceived'];

/** Everything on which an interceptor may leave a trace. */
function traces(): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const owners = {
    'http.Server': http.Server.prototype,
    'https.Server': https.Server.prototype,
    ServerResponse: http.ServerResponse.prototype,
    ClientRequest: http.ClientRequest.prototype,
    IncomingMessage: http.IncomingMessage.prototype,
    OutgoingMessage: http.OutgoingMessage.prototype,
    Socket: net.Socket.prototype,
    http,
    https,
    process,
  };
  for (const [name, owner] of Object.entries(owners))
    for (const key of Reflect.ownKeys(owner)) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, key);
      if (typeof descriptor?.value === 'function') found.set(`${name}.${String(key)}`, descriptor.value);
    }
  found.set('fetch', Object.getOwnPropertyDescriptor(globalThis, 'fetch')?.get ?? globalThis.fetch);
  for (const event of ['beforeExit', 'exit', 'SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'warning'])
    found.set(`listeners of ${event}`, process.listenerCount(event));
  found.set('max listeners', process.getMaxListeners());
  for (const channel of [...CHANNELS, ...UNDICI.map((name) => `undici:request:${name}`)])
    found.set(`subscribers of ${channel}`, diagnostics.hasSubscribers(channel));
  const symbols = Object.getOwnPropertySymbols(globalThis).map(String);
  found.set('symbols', symbols.filter((name) => name.includes('soa-monitor')).join());
  // The standard streams come into being when they are first used.
  const resources = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap');
  found.set('resources', resources.sort().join());
  return found;
}

async function collect(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await new Promise((next) => setImmediate(next));
  }
  return process.memoryUsage().heapUsed;
}

async function main(): Promise<void> {
  const before = traces();
  // What Node itself was still doing then, loading this file, is over in the end.
  before.set('resources', '');
  const { monitorSoap } = await import('../../interceptor.ts');
  const { monitor, maxQueueRows } = load;
  const ref = new WeakRef(monitorSoap({ monitor, key: 'k', name: 'load', maxQueueRows }));
  const seenSymbols = new Set<string>();
  const server = http.createServer((request, response) => {
    for (const symbol of Object.getOwnPropertySymbols(request)) seenSymbols.add(String(symbol));
    request.resume().on('end', () => response.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  let answered = 0;
  let queuedMax = 0;
  const fifth = load.calls / 5;
  let heapAtFifth = 0;
  while (answered < load.calls) {
    answered += await serveSome(port);
    for (let i = 0; i < PIPELINED / CLIENT_SHARE; i++) answered += await callOnce(port, agent);
    queuedMax = Math.max(queuedMax, ref.deref()?.counters().queued ?? 0);
    if (heapAtFifth === 0 && answered >= fifth) heapAtFifth = await collect();
  }
  const heapAtEnd = await collect();
  const counters = ref.deref()?.counters();
  const left: string[] = [];
  if (load.closes) {
    await ref.deref()?.close();
    seenSymbols.clear();
    answered += await callOnce(port, agent);
    for (const name of seenSymbols) if (name.includes('soa-monitor')) left.push(`a new message has ${name}`);
  }
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  if (load.closes) {
    await collect();
    const after = traces();
    for (const [name, value] of after) if (before.get(name) !== value) left.push(`${name}: ${String(value)}`);
    for (const name of before.keys()) if (!after.has(name)) left.push(`${name} is gone`);
    if (ref.deref() !== undefined) left.push('the interceptor is still held');
  }
  const loaded: Loaded = { answered, heapAtFifth, heapAtEnd, counters, queuedMax, unhandled, left };
  process.stdout.write(`${JSON.stringify(loaded)}\n`);
}

/** Requests by a raw peer: it costs the service's side alone. */
function serveSome(port: number): Promise<number> {
  const head = `POST /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: ${text.length}\r\n`;
  const one = `${head}\r\n${text}`;
  const last = `${head}Connection: close\r\n\r\n${text}`;
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(one.repeat(PIPELINED - 1) + last));
    let received = '';
    socket.setEncoding('latin1').on('data', (piece) => {
      received += piece;
    });
    socket.on('close', () => resolve(received.split('HTTP/1.1 200').length - 1));
    socket.on('error', () => {});
  });
}

function callOnce(port: number, agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'text/xml' };
    http
      .request({ port, host: '127.0.0.1', path: '/s', method: 'POST', agent, headers }, (reply) =>
        reply.resume().on('end', () => resolve(reply.statusCode === 200 ? 1 : 0)),
      )
      .on('error', reject)
      .end(text);
  });
}

await main();
