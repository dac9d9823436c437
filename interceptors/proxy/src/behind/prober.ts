import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Listener } from '@soa-monitor/protocol';
import { createConnector } from '../relay/connect-target.ts';
import type { RouteSettings, Target } from '../settings.ts';

export type Behind = NonNullable<Listener['behind']>;

/** Looks now and then whether the service behind is there, apart from the proxy's own life. */
export interface Prober {
  start(): void;
  /** A call has just failed there. */
  probeSoon(): void;
  stop(): void;
}

const ANSWER_MILLIS_MAX = 5_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** However many calls fail, it is not asked more often. */
const PAUSE_MILLIS_MIN = 200;
const DETAIL_MAX = 256;

export function createProber(
  { target, probePath, probeMillis }: Pick<RouteSettings, 'target' | 'probePath' | 'probeMillis'>,
  onChange: (behind: Behind) => void,
): Prober {
  const connect = createConnector(target);
  let last = '';
  let timer: NodeJS.Timeout | undefined;
  let isProbing = false;
  let isSoon = false;
  let isStopped = false;
  let cancel: () => void = () => undefined;

  const tell = (state: Behind['state'], detail: string): void => {
    const behind = { address: target.address, state, detail: detail.slice(0, DETAIL_MAX) };
    const said = JSON.stringify(behind);
    if (said === last || isStopped) return;
    last = said;
    onChange(behind);
  };

  const probe = (): void => {
    clearTimeout(timer);
    isProbing = true;
    isSoon = false;
    cancel = (probePath === null ? probeConnection : probeReply)(connect, target, probePath ?? '', (state, detail) => {
      isProbing = false;
      tell(state, detail);
      schedule(isSoon ? PAUSE_MILLIS_MIN : probeMillis);
    });
  };

  const schedule = (millis: number): void => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(probe, millis).unref();
  };

  return {
    start: () => {
      tell('unknown', 'not asked yet');
      probe();
    },
    probeSoon: () => {
      if (isSoon || isStopped) return;
      isSoon = true;
      if (!isProbing) schedule(PAUSE_MILLIS_MIN);
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      cancel();
    },
  };
}

/** Node says `connect ECONNREFUSED 10.0.0.7:8080`; that it was to connect, and where, is said already. */
const causeOf = ({ message }: Error): string => message.replace(/^connect (\w+)\b.*$/, '$1');

type Probe = (
  connect: ReturnType<typeof createConnector>,
  target: Target,
  path: string,
  done: (state: Behind['state'], detail: string) => void,
) => () => void;

/** Connects, with the TLS handshake if there is one, and hangs up. */
const probeConnection: Probe = (connect, target, _path, done) => {
  const what = target.isTls ? 'TLS handshake' : 'connection';
  let isDone = false;
  const finish = (state: Behind['state'], detail: string): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(limit);
    done(state, detail);
    socket.destroy();
  };
  const socket = connect(() => finish('up', `${what} accepted`));
  const limit = setTimeout(
    () => finish('down', `${what}: nothing within ${ANSWER_MILLIS_MAX / 1_000} s`),
    ANSWER_MILLIS_MAX,
  );
  limit.unref();
  socket.unref();
  socket.on('error', (error) => finish('down', `${what} failed: ${causeOf(error)}`));
  socket.on('close', () => finish('down', `${what} failed: closed`));
  return () => {
    isDone = true;
    clearTimeout(limit);
    socket.destroy();
  };
};

/** GETs a path, such as the WSDL's, and wants it without an error. */
const probeReply: Probe = (connect, target, path, done) => {
  let isDone = false;
  const finish = (state: Behind['state'], detail: string): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(limit);
    done(state, detail);
    request.destroy();
  };
  const request = (target.isTls ? httpsGet : httpGet)({
    host: target.hostname,
    port: target.port,
    path,
    agent: false,
    createConnection: () => connect(() => undefined).unref(),
    headers: { host: target.address, connection: 'close', 'user-agent': 'soa-monitor-proxy' },
  });
  const limit = setTimeout(
    () => finish('down', `GET ${path}: no answer within ${ANSWER_MILLIS_MAX / 1_000} s`),
    ANSWER_MILLIS_MAX,
  );
  limit.unref();
  request.on('error', (error) => finish('down', `GET ${path} failed: ${causeOf(error)}`));
  request.on('response', (response) => {
    const status = response.statusCode ?? 0;
    let bytes = 0;
    response.on('error', (error) => finish('down', `GET ${path} failed: ${causeOf(error)}`));
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > ANSWER_BYTES_MAX) finish('up', `GET ${path}: ${status}, a long answer`);
    });
    response.on('end', () => finish(status < 400 ? 'up' : 'down', `GET ${path}: ${status}`));
  });
  return () => {
    isDone = true;
    clearTimeout(limit);
    request.destroy();
  };
};
