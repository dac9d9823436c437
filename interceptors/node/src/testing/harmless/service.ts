import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { listenerCounts, type Trial, watch } from './trial.ts';

const SERVER_EVENTS = ['connection', 'secureConnection', 'listening', 'close', 'dropRequest', 'tlsClientError'];
const REQUEST_EVENTS = ['end', 'close', 'error', 'aborted', 'pause', 'resume'];
const RESPONSE_EVENTS = ['prefinish', 'finish', 'close', 'error', 'drain', 'pipe', 'unpipe'];
const SOCKET_EVENTS = ['end', 'close', 'error', 'timeout', 'drain'];

/** The host's own listeners on everything that belongs to a request. */
export function watchServed(trial: Trial, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  trial.log('service', `${request.method} ${request.url} ${request.rawHeaders.join('|')}`);
  const counts = (): string =>
    [request, response, socket].map(listenerCounts).join(' / ') +
    ` flowing ${request.readableFlowing} ${Object.keys(request).length} ${Object.keys(response).length}`;
  trial.log('service', counts());
  watch(trial, 'service', request, REQUEST_EVENTS);
  watch(trial, 'service', response, RESPONSE_EVENTS);
  response.once('close', () => {
    trial.log('service', counts());
    trial.log('service', `trailers ${JSON.stringify(request.trailers)} complete ${request.complete}`);
    trial.log('service', `finished ${response.writableFinished} errored ${response.errored?.message}`);
  });
}

/** Listens on a free port. The order of what happens on sockets is a log of its own: two connections have none together. */
export async function listenFor(server: Server, trial: Trial, isWatched = true): Promise<number> {
  if (isWatched) watch(trial, 'server', server, SERVER_EVENTS);
  let sockets = 0;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    if (isWatched) watch(trial, `server socket ${sockets++}`, socket, SOCKET_EVENTS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  trial.port(port);
  trial.whenDone(async () => {
    for (const socket of open) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  return port;
}

/** A listener that is the host's: watched, if `isWatched`, and otherwise alone on its request and response. */
export function hostListener(
  trial: Trial,
  isWatched: boolean,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): RequestListener {
  return (request, response) => {
    if (isWatched) watchServed(trial, request, response);
    handle(request, response);
  };
}
