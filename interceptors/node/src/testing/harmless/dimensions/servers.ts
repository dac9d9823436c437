import http, { IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import https from 'node:https';
import { described, type Trial } from '../trial.ts';

/** TLS without a certificate: no key in the repository, none to expire. */
export const ANONYMOUS = { ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;

export type MakeServer = (isTls: boolean, handle: RequestListener, trial: Trial) => Server;

const make = (isTls: boolean, options: http.ServerOptions, handle?: RequestListener): Server =>
  isTls ? https.createServer({ ...ANONYMOUS, ...options }, handle) : http.createServer(options, handle);

class OwnRequest extends IncomingMessage {
  get isOwn(): boolean {
    return true;
  }
}
class OwnResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override end(...args: never[]): this {
    if (!this.headersSent) this.setHeader('x-own', 'yes');
    return Reflect.apply(super.end, this, args);
  }
}

/** How a service is set up to be called. */
export const servers: { readonly [name: string]: MakeServer } = {
  'with a listener from the beginning': (isTls, handle) => make(isTls, {}, handle),
  'with a listener added later': (isTls, handle) => make(isTls, {}).on('request', handle),
  'with two listeners more': (isTls, handle, trial) => {
    const server = make(isTls, {}, handle).prependListener('request', () => trial.log('server', 'before'));
    return server.once('request', () => trial.log('server', 'once, after'));
  },
  'with an emit of its own': (isTls, handle, trial) => {
    const server = make(isTls, {}, handle);
    const { emit } = server;
    server.emit = function (this: Server, ...args: unknown[]) {
      if (args[0] === 'request') trial.log('server', 'own emit');
      return Reflect.apply(emit, this, args);
    };
    return server;
  },
  'that continues by itself': (isTls, handle, trial) =>
    make(isTls, {}, handle).on('checkContinue', (request, response) => {
      trial.log('server', 'checkContinue');
      response.writeContinue();
      handle(request, response);
    }),
  'that passes what expects on as a request': (isTls, handle, trial) => {
    const server = make(isTls, {}, handle);
    for (const event of ['checkContinue', 'checkExpectation'])
      server.on(event, (request, response) => {
        trial.log('server', event);
        if (event === 'checkContinue') response.writeContinue();
        server.emit('request', request, response);
      });
    return server;
  },
  'that refuses what expects': (isTls, handle, trial) => {
    const server = make(isTls, {}, handle);
    for (const event of ['checkContinue', 'checkExpectation'])
      server.on(event, (_request, response) => {
        trial.log('server', event);
        response.writeHead(417, { Connection: 'close' }).end('no');
      });
    return server;
  },
  'that handles what is no HTTP': (isTls, handle, trial) =>
    make(isTls, {}, handle).on('clientError', (error, socket) => {
      trial.log('server', `clientError${described(error)}`);
      socket.end('HTTP/1.1 400 Mine\r\n\r\n');
    }),
  'with messages of its own classes': (isTls, handle) =>
    make(isTls, { IncomingMessage: OwnRequest, ServerResponse: OwnResponse }, handle),
  'that takes one request a connection': (isTls, handle) => {
    const server = make(isTls, {}, handle);
    server.maxRequestsPerSocket = 1;
    return server;
  },
  'with other options': (isTls, handle) =>
    make(isTls, { highWaterMark: 64, noDelay: false, joinDuplicateHeaders: true, keepAlive: true }, handle),
};
