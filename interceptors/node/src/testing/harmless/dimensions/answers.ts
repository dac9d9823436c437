import type { ServerResponse } from 'node:http';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { greetRequest } from '../../greeter.ts';
import type { Trial } from '../trial.ts';
import { turnsLater } from './readers.ts';

const text = greetRequest('reply');
const length = Buffer.byteLength(text);
const xml = { 'Content-Type': 'text/xml; charset=utf-8' };

/** How a service writes its reply. What write() and end() return is part of the comparison, and so is what they call back. */
export type Answer = (response: ServerResponse, trial: Trial) => void;

export const answers: { readonly [name: string]: Answer } = {
  'end(text)': (response, trial) => {
    const returned = response.end(text);
    trial.log('service', `end gives the response: ${returned === response}`);
  },
  'end(buffer)': (response) => void response.writeHead(200, xml).end(Buffer.from(text)),
  'end()': (response) => void response.end(),
  'end(callback)': (response, trial) => void response.end(() => trial.log('service', 'ended')),
  'end(text, callback)': (response, trial) => void response.end(text, () => trial.log('service', 'ended')),
  'end(text, encoding, callback)': (response, trial) =>
    void response.end(Buffer.from(text).toString('base64'), 'base64', () => trial.log('service', 'ended')),
  'end(undefined, null) and then a callback': (response, trial) =>
    void Reflect.apply(response.end, response, [undefined, null, () => trial.log('service', 'ended')]),
  'write and end': (response, trial) => {
    trial.log('service', `write ${response.write(text)}`);
    response.end();
  },
  'write in every form': (response, trial) => {
    response.writeHead(200, 'Fine', { ...xml, 'X-Twice': ['a', 'b'] });
    const called = (error?: Error | null): void => trial.log('service', `written ${error?.message ?? ''}`);
    const results = [
      response.write(text.slice(0, 10)),
      response.write(Buffer.from(text.slice(10, 20)), called),
      response.write(new Uint8Array(Buffer.from(text.slice(20, 30)))),
      response.write(Buffer.from(text.slice(30, 40)).toString('base64'), 'base64'),
      response.write('\u00e4', 'latin1', called),
      response.write(''),
      Reflect.apply(response.write, response, ['e4', 'hex', undefined]),
    ];
    trial.log('service', `writes ${results.join()}`);
    response.end('e4', 'hex');
  },
  'corked, with a length': (response, trial) => {
    response.setHeader('Content-Length', length);
    response.cork();
    trial.log('service', `write ${response.write(text.slice(0, 9))} ${response.writableLength}`);
    response.write(text.slice(9, 30));
    response.uncork();
    response.end(text.slice(30));
  },
  'a list of headers': (response) =>
    void response.writeHead(200, ['Content-Type', 'text/xml', 'x-a', '1', 'X-A', '2']).end(text),
  'headers in every form': (response, trial) => {
    response.setHeader('content-TYPE', 'text/xml');
    response.appendHeader('X-Many', 'a').appendHeader('X-Many', 'b');
    response.setHeaders(new Map([['x-map', '1']]));
    response.sendDate = false;
    response.statusMessage = 'As You Like';
    trial.log(
      'service',
      `${JSON.stringify(response.getHeaders())} ${response.getHeaderNames()} ${response.headersSent}`,
    );
    response.end(text);
  },
  'flushed head, later the body': (response, trial) => {
    response.flushHeaders();
    trial.log('service', `sent ${response.headersSent}`);
    turnsLater(2, () => response.end(text));
  },
  'early hints': (response, trial) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => trial.log('service', 'hinted'));
    response.writeContinue();
    turnsLater(1, () => response.writeHead(200, xml).end(text));
  },
  trailers: (response) => {
    response.writeHead(200, { ...xml, Trailer: 'X-T' });
    response.write(text);
    response.addTrailers({ 'X-T': '1' });
    response.end();
  },
  'a fault': (response) => void response.writeHead(500, xml).end(`<Envelope><Body><Fault/></Body></Envelope>`),
  'a one-way 202': (response) => void response.writeHead(202).end(),
  '204 with a body': (response) => {
    response.statusCode = 204;
    response.end('ignored');
  },
  '304': (response) => void response.writeHead(304, { ETag: '"1"' }).end(),
  'no length, no chunks': (response) => {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.removeHeader('transfer-encoding');
    response.write(text);
    response.end();
  },
  'fewer bytes than it said': (response) => {
    response.writeHead(200, { 'Content-Length': length, Connection: 'close' });
    response.end(text.slice(10));
  },
  'a length that is checked': (response, trial) => {
    response.strictContentLength = true;
    response.setHeader('Content-Length', 5);
    for (const write of [() => response.write('123456'), () => response.end('123456'), () => response.end('12345')])
      try {
        write();
      } catch (error) {
        trial.log('service', String(error));
      }
  },
  'after the end': (response, trial) => {
    response.on('error', (error: NodeJS.ErrnoException) => trial.log('service', `error ${error.code}`));
    response.end(text);
    trial.log('service', `write ${response.write('more')}`);
    response.end('again', () => trial.log('service', 'ended again'));
    response.end((error?: NodeJS.ErrnoException) => trial.log('service', `ended a third time ${error?.code}`));
  },
  'what cannot be written': (response, trial) => {
    for (const chunk of [7, null, {}, undefined])
      try {
        trial.log('service', `write ${response.write(chunk)}`);
      } catch (error) {
        trial.log('service', String(error));
      }
    response.end(text);
  },
  'until it should drain': (response, trial) => {
    trial.log('service', `write ${response.write('x'.repeat(1_000_000))}`);
    response.once('drain', () => {
      trial.log('service', 'drain');
      response.end();
    });
  },
  'from a stream': (response) => void Readable.from([text.slice(0, 50), text.slice(50)]).pipe(response),
  'by pipeline': (response, trial) => {
    pipeline(Readable.from([Buffer.from(text)]), new PassThrough(), response, (error) =>
      trial.log('service', `pipeline ${error?.message ?? 'done'}`),
    );
  },
  'with write and end of its own, as compression has': (response, trial) => {
    const { write, end } = response;
    response.write = function (this: ServerResponse, ...args: unknown[]) {
      trial.log('service', `own write of ${args.length}`);
      return Reflect.apply(write, this, args);
    };
    response.end = function (this: ServerResponse, ...args: unknown[]) {
      trial.log('service', `own end of ${args.length}`);
      return Reflect.apply(end, this, args);
    };
    response.write(text.slice(0, 5));
    response.end(text.slice(5));
  },
  'a late answer': (response) => turnsLater(4, () => response.end(text)),
  'broken off in the middle': (response) => {
    response.write(text.slice(0, 50));
    turnsLater(3, () => response.destroy());
  },
  'the socket broken off': (response) => {
    response.write(text.slice(0, 50));
    turnsLater(3, () => response.socket?.destroy());
  },
};
