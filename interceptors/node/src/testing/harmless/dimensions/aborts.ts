import type { Socket } from 'node:net';

/** How far a request has come when one side breaks off. */
export const stages = [
  'before the head',
  'in the head',
  'in the body',
  'after the request, before the reply',
  'in the middle of the reply',
] as const;

/** How a side of a connection can leave it. */
export const manners: { readonly [name: string]: (socket: Socket) => void } = {
  destroyed: (socket) => void socket.destroy(),
  'destroyed with an error': (socket) => void socket.on('error', () => {}).destroy(new Error('enough')),
  'ended, as a half': (socket) => void socket.end(),
  reset: (socket) => {
    // Over TLS there is nothing of a reset but the end of the connection below.
    if ('encrypted' in socket) socket.destroy();
    else socket.resetAndDestroy();
  },
};

/** What the service breaks off; by the connection, or by what Node gave it. */
export const servedHandles = ['socket', 'request', 'response', 'all connections'] as const;
