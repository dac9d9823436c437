import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { greetRequest } from '../../greeter.ts';
import { described, listenerCounts, type Trial, watch } from '../trial.ts';

/** What a caller is given for one call. */
export interface Call {
  readonly port: number;
  readonly isTls: boolean;
  readonly path: string;
  readonly agent: http.Agent;
  readonly trial: Trial;
  /** In whose name it logs. */
  readonly who: string;
  /** So long it waits at most for a peer that says nothing. */
  readonly timeoutMillis: number;
  readonly authorization: string | null;
  /** Resolves when the other side has a whole request. */
  readonly asked: Promise<void>;
}

/** Makes one call to its end, and gives the status it got, if any. */
export type Caller = (call: Call) => Promise<number | null>;

const text = greetRequest('ada');
const REQUEST_EVENTS = ['socket', 'finish', 'continue', 'information', 'timeout', 'abort', 'drain', 'close'];
const REPLY_EVENTS = ['end', 'aborted', 'close', 'error'];

const request = (call: Call, options: http.RequestOptions = {}): ClientRequest => {
  const headers = {
    'Content-Type': 'text/xml; charset=utf-8',
    SOAPAction: '"urn:greeter#greet"',
    'X-Kept': 'As-Is',
    Host: 'h',
  };
  return (call.isTls ? https : http).request({
    port: call.port,
    host: '127.0.0.1',
    path: call.path,
    method: 'POST',
    agent: call.agent,
    timeout: call.timeoutMillis,
    headers: call.authorization === null ? headers : { ...headers, Authorization: call.authorization },
    ...options,
  });
};

type Reading = (reply: http.IncomingMessage, call: Call) => void;
const readAll: Reading = (reply, { trial, who }) => {
  let body = '';
  reply.on('data', (chunk: Buffer) => {
    body += chunk.toString('latin1');
  });
  reply.on('end', () => trial.log(who, `body ${body.length} ${body.slice(0, 500)} ${JSON.stringify(reply.trailers)}`));
};

/** Follows a request of node:http event by event, and reads its reply in the way given. */
function follow(outgoing: ClientRequest, call: Call, read: Reading = readAll): Promise<number | null> {
  const { trial, who } = call;
  let status: number | null = null;
  watch(trial, who, outgoing, REQUEST_EVENTS);
  outgoing.on('timeout', () => outgoing.destroy());
  outgoing.on('error', (error) => trial.log(who, `error${described(error)}`));
  outgoing.on('response', (reply) => {
    status = reply.statusCode ?? null;
    trial.log(
      who,
      `response ${status} ${reply.statusMessage} ${reply.rawHeaders.join('|')} flowing ${reply.readableFlowing}`,
    );
    trial.log(who, `${listenerCounts(outgoing)} / ${listenerCounts(reply)} ${outgoing.reusedSocket}`);
    watch(trial, who, reply, REPLY_EVENTS);
    read(reply, call);
  });
  return new Promise((resolve) =>
    outgoing.on('close', () => {
      trial.log(who, `destroyed ${outgoing.destroyed} ended ${outgoing.writableEnded} ${listenerCounts(outgoing)}`);
      setImmediate(() => resolve(status));
    }),
  );
}

const sent = (call: Call, read?: Reading, options?: http.RequestOptions): Promise<number | null> => {
  const outgoing = request(call, options);
  const done = follow(outgoing, call, read);
  outgoing.end(text);
  return done;
};

/** node:http and node:https, in the forms in which they are called. */
export const httpCallers: { readonly [name: string]: Caller } = {
  'http.request, end(body)': (call) => sent(call),
  'http.request, write in every form': (call) => {
    const outgoing = request(call);
    const done = follow(outgoing, call);
    const { trial, who } = call;
    trial.log(who, `write ${outgoing.write(text.slice(0, 9))}`);
    outgoing.write(Buffer.from(text.slice(9, 20)), () => trial.log(who, 'written'));
    outgoing.write(new Uint8Array(Buffer.from(text.slice(20, 30))));
    const returned = outgoing.end('c3a4', 'hex', () => trial.log(who, 'ended'));
    trial.log(who, `end gives the request: ${returned === outgoing}`);
    return done;
  },
  'http.request, from a stream': (call) => {
    const outgoing = request(call);
    const done = follow(outgoing, call);
    Readable.from([text.slice(0, 30), text.slice(30)]).pipe(outgoing);
    return done;
  },
  'http.request, trailers and a flushed head': (call) => {
    const outgoing = request(call, { headers: { 'Content-Type': 'text/xml', Trailer: 'x-t', Host: 'h' } });
    const done = follow(outgoing, call);
    outgoing.flushHeaders();
    outgoing.write(text);
    outgoing.addTrailers({ 'x-t': '1' });
    outgoing.end();
    return done;
  },
  'http.request, a list of headers': (call) =>
    sent(call, readAll, { headers: ['Host', 'h', 'Content-Type', 'text/xml', 'X', 'y'] }),
  'http.request, Expect: 100-continue': (call) => {
    const outgoing = request(call, {
      headers: { 'Content-Type': 'text/xml', 'Content-Length': text.length, Expect: '100-continue', Host: 'h' },
    });
    const done = follow(outgoing, call);
    outgoing.on('continue', () => outgoing.end(text));
    outgoing.flushHeaders();
    return done;
  },
  'http.request, read turns late': (call) =>
    sent(call, (reply) => setImmediate(() => setImmediate(() => readAll(reply, call)))),
  'http.request, for await': (call) =>
    sent(call, async (reply, { trial, who }) => {
      let bytes = 0;
      try {
        for await (const chunk of reply) bytes += chunk.length;
        trial.log(who, `got ${bytes}`);
      } catch (error) {
        trial.log(who, `threw${described(error)}`);
      }
    }),
  'http.request, readable': (call) =>
    sent(call, (reply, { trial, who }) => {
      let bytes = 0;
      reply.on('readable', () => {
        for (let chunk = reply.read(); chunk !== null; chunk = reply.read()) bytes += chunk.length;
      });
      reply.on('end', () => trial.log(who, `got ${bytes}`));
    }),
  'http.request, setEncoding and pipe': (call) =>
    sent(call, (reply, { trial, who }) => {
      reply.setEncoding('utf8');
      reply.on('data', (piece: string) => trial.data(who, typeof piece, piece.length));
    }),
  'http.request, the reply not wanted': (call) => sent(call, (reply) => void reply.destroy()),
  'http.request, the reply dumped': (call) => sent(call, (reply) => void reply.resume()),
  'http.request, no response listener': (call) =>
    new Promise((resolve) => {
      const outgoing = request(call).on('timeout', () => outgoing.destroy());
      outgoing.on('error', (error) => call.trial.log(call.who, `error${described(error)}`));
      outgoing.on('close', () => {
        call.trial.log(call.who, listenerCounts(outgoing));
        resolve(null);
      });
      outgoing.end(text);
    }),
  'http.request, destroyed before it is written': (call) => {
    const outgoing = request(call);
    const done = follow(outgoing, call);
    outgoing.destroy(new Error('changed my mind'));
    return done;
  },
  'http.request, destroyed on its socket': (call) => {
    const outgoing = request(call);
    const done = follow(outgoing, call);
    outgoing.on('socket', () => outgoing.destroy());
    outgoing.end(text);
    return done;
  },
  'http.request, aborted in the body': (call) => {
    const outgoing = request(call, { headers: { 'Content-Type': 'text/xml', Host: 'h', 'Content-Length': 9_999 } });
    const done = follow(outgoing, call);
    outgoing.write(text, () => outgoing.abort());
    return done;
  },
  'http.request, aborted by a signal on response': (call) => {
    const leaving = new AbortController();
    return sent(call, () => leaving.abort(), { signal: leaving.signal });
  },
  'http.request, aborted before it began': (call) => sent(call, readAll, { signal: AbortSignal.abort() }),
  'http.request, with an emit of its own': (call) => {
    const outgoing = request(call);
    const { emit } = outgoing;
    outgoing.emit = function (this: ClientRequest, ...args: unknown[]) {
      call.trial.log(call.who, `emit ${String(args[0])}`);
      return Reflect.apply(emit, this, args);
    };
    const done = follow(outgoing, call);
    outgoing.end(text);
    return done;
  },
  'http.get ?wsdl': (call) => sent(call, readAll, { method: 'GET', path: `${call.path}?wsdl`, headers: { Host: 'h' } }),
  'http.request HEAD': (call) => sent(call, readAll, { method: 'HEAD', headers: { Host: 'h' } }),
  'http.request through a proxy': (call) => sent(call, readAll, { path: `http://service.example:81${call.path}` }),
};
