import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import soap from 'soap';
import { greeterService, greeterWsdl, greetRequest, unknownPerson } from '../../greeter.ts';
import type { Trial } from '../trial.ts';

const require = createRequire(import.meta.url);
const strong = require('strong-soap').soap;

interface App {
  (...args: unknown[]): void;
  use(...handlers: unknown[]): void;
}
interface Express {
  (): App;
  raw(options: object): unknown;
  text(options: object): unknown;
  json(options: object): unknown;
  urlencoded(options: object): unknown;
}

const service = greeterService((who) => {
  if (who === 'nobody') throw unknownPerson();
  return `hello ${who.slice(0, 10)}`;
});
const wsdl = greeterWsdl('http://h/greeter');

/** Body parsers and the like, before the stack or after it. */
export const parsers: { readonly [name: string]: (express: Express, app: App, isBefore: boolean) => void } = {
  none: () => {},
  'an async middleware before': (_express, app, isBefore) => {
    if (isBefore)
      app.use(async (_request: unknown, _response: unknown, next: () => void) => {
        await new Promise((resolve) => setImmediate(resolve));
        next();
      });
  },
  'raw() before': (express, app, isBefore) => isBefore && app.use(express.raw({ type: () => true, limit: '5mb' })),
  'text() before': (express, app, isBefore) => isBefore && app.use(express.text({ type: '*/*' })),
  'json() of anything before': (express, app, isBefore) => isBefore && app.use(express.json({ type: '*/*' })),
  'urlencoded() before': (express, app, isBefore) =>
    isBefore && app.use(express.urlencoded({ extended: true, type: '*/*' })),
  'raw() after': (express, app, isBefore) => {
    if (isBefore) return;
    app.use(express.raw({ type: () => true }));
    app.use((_request: unknown, response: { end(text: string): void }) => response.end('not soap'));
  },
  'an error handler after': (_express, app, isBefore) => {
    if (!isBefore)
      app.use((error: Error, _request: unknown, response: { end(text: string): void }, _next: unknown) =>
        response.end(`mine: ${error.message}`),
      );
  },
};

type Listen = (server: Server, parser: (typeof parsers)[string], trial: Trial) => Promise<unknown>;

const soapOn =
  (expressName: string, options: object = {}): Listen =>
  async (server, parser) => {
    const express: Express = require(expressName);
    const app = express();
    parser(express, app, true);
    server.on('request', app);
    await new Promise<void>((resolve) =>
      soap.listen(app as never, {
        path: '/greeter',
        services: service,
        xml: wsdl,
        callback: () => resolve(),
        ...options,
      }),
    );
    parser(express, app, false);
  };

/** The SOAP stacks, as a service sets them up. */
export const services: { readonly [name: string]: Listen } = {
  'soap over express 4': soapOn('express-4'),
  'soap over express 5': soapOn('express'),
  'soap over express 5, not chunked': soapOn('express', { enableChunkedEncoding: false }),
  'soap on the server': (server) =>
    new Promise<void>((resolve) => soap.listen(server, '/greeter', service, wsdl, () => resolve())),
  'soap on a server that has listeners': (server, _parser, trial) => {
    server.on('request', (request, response) => {
      trial.log('server', `first listener ${request.url}`);
      if (request.url !== '/greeter' && !request.url?.startsWith('/greeter?')) response.end('other');
    });
    return new Promise<void>((resolve) => soap.listen(server, '/greeter', service, wsdl, () => resolve()));
  },
  'soap with events and a log': (server, _parser, trial) =>
    new Promise<void>((resolve) => {
      const listening = soap.listen(server, '/greeter', service, wsdl, () => resolve());
      listening.log = (type: string) => trial.log('service', `log ${type}`);
      for (const event of ['request', 'headers', 'response'])
        listening.on(event as 'request', () => trial.log('service', `soap ${event}`));
      listening.authorizeConnection = () => true;
    }),
  'strong-soap on the server': (server) => {
    const listening = strong.listen(server, '/greeter', service, wsdl);
    return new Promise<void>((resolve) => listening.wsdl.load(() => resolve()));
  },
  'strong-soap over express 5': (server, parser) => {
    const express: Express = require('express');
    const app = express();
    parser(express, app, true);
    server.on('request', app);
    const listening = strong.listen(app, '/greeter', service, wsdl);
    parser(express, app, false);
    return new Promise<void>((resolve) => listening.wsdl.load(() => resolve()));
  },
};

export const hasApp = (name: string): boolean => name.includes('express');

const text = greetRequest('ada');
const post = (body: string | Buffer, headers = ''): { line: string; headers: string; body: string | Buffer } => ({
  line: 'POST /greeter HTTP/1.1',
  headers: `Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:greeter#greet"\r\n${headers}`,
  body,
});
const get = (line: string): ReturnType<typeof post> => ({ line, headers: '', body: '' });

/** What these stacks are sent. */
export const messages: { readonly [name: string]: ReturnType<typeof post> } = {
  'a good request': post(text),
  'one that is answered by a fault': post(greetRequest('nobody')),
  'malformed XML': post(text.replace('</who>', '')),
  'a truncated request': post(text.slice(0, 120)),
  'an empty body': post(''),
  'another root': post('<order/>'),
  'an unknown operation': post(text.replaceAll('greet', 'insult')),
  'SOAP 1.2': {
    ...post(text.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope')),
    headers: 'Content-Type: application/soap+xml; action="urn:greeter#greet"\r\n',
  },
  'UTF-16': post(Buffer.from(`\ufeff${text}`, 'utf16le')),
  'a DOCTYPE': post(`<!DOCTYPE a [<!ENTITY b "c">]>${text}`),
  '200 KB': post(greetRequest('é'.repeat(100_000))),
  gzip: post(gzipSync(text), 'Content-Encoding: gzip\r\n'),
  'bad gzip': post('no gzip', 'Content-Encoding: gzip\r\n'),
  'Expect: 100-continue': post(text, 'Expect: 100-continue\r\n'),
  'GET ?wsdl': get('GET /greeter?wsdl HTTP/1.1'),
  'GET ?xsd': get('GET /greeter?xsd=1 HTTP/1.1'),
  'GET the path alone': get('GET /greeter HTTP/1.1'),
  HEAD: get('HEAD /greeter?wsdl HTTP/1.1'),
  'another path': { ...post(text), line: 'POST /elsewhere HTTP/1.1' },
};

/** What a stack needs seconds for, or does not survive in ways that depend on time, by itself. */
export const notAsked = (name: string, message: string): boolean =>
  name.startsWith('strong-soap') && message === 'a DOCTYPE';
