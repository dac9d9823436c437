import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import axios from 'axios';
import soap from 'soap';
import * as undici from 'undici';
import { greeterWsdl, greetRequest } from '../../greeter.ts';
import { described } from '../trial.ts';
import type { Call, Caller } from './callers.ts';
import { ANONYMOUS } from './servers.ts';

const require = createRequire(import.meta.url);
const strong = require('strong-soap').soap;
/** As node:http, with redirects followed. */
const follow: { http: typeof http; https: typeof https } = require('follow-redirects');
const { HttpsProxyAgent } = require('https-proxy-agent');
const text = greetRequest('ada');
const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '"urn:greeter#greet"' };

const urlOf = ({ port, isTls, path }: Call): string => `${isTls ? 'https' : 'http'}://127.0.0.1:${port}${path}`;
const headersOf = ({ authorization }: Call): { [name: string]: string } =>
  authorization === null ? headers : { ...headers, Authorization: authorization };

/** What came of a call that is a promise. */
const told = async (
  { trial, who }: Call,
  work: () => Promise<{ status: number; headers: unknown; body: string }>,
): Promise<number | null> => {
  try {
    const { status, headers: got, body } = await work();
    trial.log(who, `${status} ${JSON.stringify(got)} ${body.length} ${body.slice(0, 500)}`);
    return status;
  } catch (error) {
    trial.log(who, `failed${described(error)}`);
    const status: unknown = Reflect.get(Object(Reflect.get(Object(error), 'response')), 'status');
    return typeof status === 'number' ? status : null;
  }
};

const byAxios =
  (options: object): Caller =>
  (call) =>
    told(call, async () => {
      const reply = await axios.post(urlOf(call), text, {
        headers: headersOf(call),
        timeout: call.timeoutMillis,
        proxy: false,
        validateStatus: null,
        httpAgent: call.agent,
        httpsAgent: call.agent,
        ...options,
      });
      let body = reply.data;
      if (typeof body !== 'string') {
        const chunks: Buffer[] = [];
        for await (const chunk of body) chunks.push(chunk);
        body = Buffer.concat(chunks).toString('latin1');
      }
      return { status: reply.status, headers: reply.headers, body };
    });

type Fetch = (url: string, init: object) => Promise<Response>;
const byFetch =
  (fetcher: () => Fetch, init: (call: Call) => object = () => ({})): Caller =>
  (call) =>
    told(call, async () => {
      const reply = await fetcher()(urlOf(call), {
        method: 'POST',
        headers: headersOf(call),
        body: text,
        signal: AbortSignal.timeout(call.timeoutMillis),
        ...init(call),
      });
      return { status: reply.status, headers: [...reply.headers], body: await reply.text() };
    });
const bundled: () => Fetch = () => globalThis.fetch as never;
const npm: () => Fetch = () => undici.fetch as never;

/** One dispatcher a case: `undici` of npm, its connections closed with the case. */
const dispatcherOf = (call: Call): undici.Dispatcher => {
  const agent = new undici.Agent({ connect: { rejectUnauthorized: false, ...ANONYMOUS } });
  call.trial.whenDone(() => agent.destroy());
  return agent;
};

let wsdlFolder: string | null = null;
const wsdlFile = (): string => {
  if (wsdlFolder === null) {
    const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-harmless-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'greeter.wsdl'), greeterWsdl('http://127.0.0.1/greeter'));
    wsdlFolder = folder;
  }
  return join(wsdlFolder, 'greeter.wsdl');
};

const bySoap =
  (options: object, prepare: (client: soap.Client) => void = () => {}): Caller =>
  (call) =>
    told(call, async () => {
      const transport = axios.create({
        httpAgent: call.agent,
        httpsAgent: call.agent,
        proxy: false,
        timeout: call.timeoutMillis,
      });
      const client = await soap.createClientAsync(wsdlFile(), { request: transport as never, ...options }, urlOf(call));
      for (const event of ['request', 'message', 'soapError', 'response'])
        client.on(event as 'request', (...args: unknown[]) => call.trial.log(call.who, `soap ${event} ${args.length}`));
      if (call.authorization !== null) client.setSecurity(new soap.BasicAuthSecurity('u', 'p'));
      prepare(client);
      const [result, raw] = await client.greetAsync({ who: 'ada' });
      return { status: 200, headers: result, body: String(raw) };
    });

/** Clients on top of node:http, and those that are not. */
export const libraryCallers: { readonly [name: string]: Caller } = {
  axios: byAxios({}),
  'axios, no redirects': byAxios({ maxRedirects: 0 }),
  'axios, a stream both ways': (call) =>
    byAxios({ responseType: 'stream', data: undefined, transformRequest: () => Readable.from([text]) })(call),
  'axios, aborted': (call) => {
    const leaving = new AbortController();
    void call.asked.then(() => leaving.abort());
    return byAxios({ signal: leaving.signal })(call);
  },
  'axios, through a proxy': (call) => byAxios({ proxy: { host: '127.0.0.1', port: call.port } })(call),
  'follow-redirects': (call) =>
    told(
      call,
      () =>
        new Promise((resolve, reject) => {
          const outgoing = follow[call.isTls ? 'https' : 'http'].request(
            urlOf(call),
            { method: 'POST', headers: headersOf(call), agent: call.agent as never, timeout: call.timeoutMillis },
            (reply) => {
              let body = '';
              reply.on('data', (chunk) => {
                body += chunk;
              });
              reply.on('error', reject);
              reply.on('end', () =>
                resolve({
                  status: reply.statusCode ?? 0,
                  headers: [reply.headers, Reflect.get(reply, 'responseUrl')],
                  body,
                }),
              );
            },
          );
          outgoing.on('error', reject).on('timeout', () => outgoing.destroy(new Error('too late')));
          outgoing.end(text);
        }),
    ),
  'through https-proxy-agent': (call) => {
    const agent = new HttpsProxyAgent(`http://127.0.0.1:${call.port}`);
    call.trial.whenDone(() => agent.destroy());
    return told(
      call,
      () =>
        new Promise((resolve, reject) => {
          const outgoing = http.request(
            { host: 'service.example', port: 81, path: '/s', method: 'POST', headers: headersOf(call), agent },
            (reply) => {
              let body = '';
              reply.on('data', (chunk) => {
                body += chunk;
              });
              reply.on('error', reject);
              reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.rawHeaders, body }));
            },
          );
          outgoing.setTimeout(call.timeoutMillis, () => outgoing.destroy(new Error('too late')));
          outgoing.on('error', reject).end(text);
        }),
    );
  },
  soap: bySoap({}),
  'soap with gzip': bySoap({ forceGzip: false }, (client) => client.addHttpHeader('Accept-Encoding', 'gzip')),
  'soap 1.2 with headers': bySoap({ forceSoap12Headers: true }, (client) =>
    client.addSoapHeader({ id: 'x' }, '', 't', 'urn:h'),
  ),
  'soap with WS-Security': bySoap({}, (client) =>
    client.setSecurity(new soap.WSSecurity('u', 'p', { hasNonce: false, hasTimeStamp: false, hasTokenCreated: false })),
  ),
  'strong-soap': (call) =>
    told(
      call,
      () =>
        new Promise((resolve, reject) => {
          strong.createClient(
            wsdlFile(),
            {},
            (failed: unknown, client: Record<string, (...args: unknown[]) => void>) => {
              if (failed) return reject(failed);
              client.setEndpoint?.(urlOf(call));
              if (call.authorization !== null) client.setSecurity?.(new strong.BasicAuthSecurity('u', 'p'));
              const options = { timeout: call.timeoutMillis };
              client.greet?.(
                { who: 'ada' },
                (error: unknown, result: unknown, raw: string) => {
                  if (error) reject(error);
                  else resolve({ status: 200, headers: result ?? null, body: String(raw) });
                },
                options,
              );
            },
          );
        }),
    ),
  fetch: byFetch(bundled),
  'fetch, a stream': byFetch(bundled, () => ({ body: new Blob([text]).stream(), duplex: 'half' })),
  'fetch, redirects by hand': byFetch(bundled, () => ({ redirect: 'manual' })),
  'fetch, a Request': (call) =>
    byFetch(() => (url, init) => globalThis.fetch(new Request(url, { ...init, keepalive: true })))(call),
  'fetch, aborted': byFetch(bundled, (call) => {
    const leaving = new AbortController();
    void call.asked.then(() => leaving.abort());
    return { signal: leaving.signal };
  }),
  'fetch, aborted in the body': (call) =>
    told(call, async () => {
      const leaving = new AbortController();
      const reply = await globalThis.fetch(urlOf(call), {
        method: 'POST',
        headers: headersOf(call),
        body: text,
        signal: leaving.signal,
      });
      await reply.body?.getReader().read();
      leaving.abort();
      return { status: reply.status, headers: [...reply.headers], body: '' };
    }),
  'fetch, the body not read': (call) =>
    told(call, async () => {
      const reply = await globalThis.fetch(urlOf(call), { method: 'POST', headers: headersOf(call), body: text });
      await reply.body?.cancel();
      return { status: reply.status, headers: [...reply.headers], body: '' };
    }),
  "undici's fetch": byFetch(npm, (call) => ({ dispatcher: dispatcherOf(call) })),
  "undici's fetch, no dispatcher of its own": byFetch(npm),
  'undici.request': (call) =>
    told(call, async () => {
      const reply = await undici.request(urlOf(call), {
        method: 'POST',
        headers: headersOf(call),
        body: text,
        dispatcher: dispatcherOf(call),
        headersTimeout: call.timeoutMillis,
        signal: AbortSignal.timeout(call.timeoutMillis),
      });
      return { status: reply.statusCode, headers: [reply.headers, reply.trailers], body: await reply.body.text() };
    }),
  'undici.stream': (call) =>
    told(call, async () => {
      const chunks: Buffer[] = [];
      let status = 0;
      await undici.stream(
        urlOf(call),
        {
          method: 'POST',
          headers: headersOf(call),
          body: Readable.from([text]),
          dispatcher: dispatcherOf(call),
          signal: AbortSignal.timeout(call.timeoutMillis),
        },
        ({ statusCode }) => {
          status = statusCode;
          return new (require('node:stream').Writable)({
            write: (chunk: Buffer, _encoding: string, written: () => void) => {
              chunks.push(chunk);
              written();
            },
          });
        },
      );
      return { status, headers: null, body: Buffer.concat(chunks).toString('latin1') };
    }),
  'undici through a ProxyAgent': (call) =>
    told(call, async () => {
      const proxy = new undici.ProxyAgent(`http://127.0.0.1:${call.port}`);
      call.trial.whenDone(() => proxy.destroy());
      const reply = await undici.request('http://service.example:81/s', {
        method: 'POST',
        headers: headersOf(call),
        body: text,
        dispatcher: proxy,
        signal: AbortSignal.timeout(call.timeoutMillis),
      });
      return { status: reply.statusCode, headers: reply.headers, body: await reply.body.text() };
    }),
};

/** Who leaves in the middle can be compared where the other side waits; else it is a race. */
export const leavesWhere: { readonly [caller: string]: string } = {
  'axios, aborted': 'says nothing',
  'fetch, aborted': 'says nothing',
  'fetch, aborted in the body': 'stops in the body',
};

/** Which cannot be told to take a certificate that nobody signed, or speak plainly to their proxy. */
export const isPlainOnly = (caller: string): boolean =>
  caller.startsWith('fetch') ||
  caller === 'strong-soap' ||
  caller === "undici's fetch, no dispatcher of its own" ||
  caller.includes('roxy');

/** An agent for node:http, with TLS where it is called for. */
export const agentOf = (isTls: boolean, options: http.AgentOptions): http.Agent =>
  isTls ? new https.Agent({ ...options, rejectUnauthorized: false, ...ANONYMOUS }) : new http.Agent(options);
