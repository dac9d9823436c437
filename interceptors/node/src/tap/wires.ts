import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Connection, plainAddress } from '@soa-monitor/protocol';

/** A TCP connection whose beginning was seen: every HTTP request on it is counted. */
export interface Wire {
  connection: Connection | null;
  requests: number;
}

const WIRE = Symbol('soa-monitor wire');

declare module 'net' {
  interface Socket {
    [WIRE]?: Wire;
  }
}

/** Null for a socket whose beginning was not seen: its ordinals would be wrong. */
export function wireOf(socket: unknown): Wire | null {
  return socket instanceof Socket ? (socket[WIRE] ?? null) : null;
}

/** A connection that a server has just accepted. */
export function openServerWire(socket: unknown): void {
  if (!(socket instanceof Socket) || socket[WIRE] !== undefined) return;
  socket[WIRE] = { requests: 0, connection: connectionOf(socket, true) };
}

/** A socket given to a client's request. New is one that is still connecting, or over which nothing has passed. */
export function openClientWire(socket: Socket): Wire | null {
  const known = socket[WIRE];
  if (known !== undefined) return known;
  if (!socket.connecting && (socket.bytesRead > 0 || socket.bytesWritten > 0)) return null;
  if (isTunnelled(socket)) return null;
  const wire: Wire = { requests: 0, connection: null };
  socket[WIRE] = wire;
  return wire;
}

/**
 * Reads a client socket's two ends once it is connected. Not before: Node keeps what it reads, and before the connection
 * stands that would be a wrong address for the application too.
 */
export function completeClientWire(socket: Socket | null, wire: Wire | null): void {
  if (socket === null || wire === null || wire.connection !== null || socket.connecting || socket.destroyed) return;
  wire.connection = connectionOf(socket, false);
}

/** Both ends of a socket that is connected; null when it is not, or no more. */
export function connectionOf(socket: Socket, isServer: boolean): Connection | null {
  const own = addressAndPort(socket.localAddress, socket.localPort);
  const peer = addressAndPort(socket.remoteAddress, socket.remotePort);
  if (own === null || peer === null) return null;
  return isServer ? { server: own, client: peer } : { server: peer, client: own };
}

/**
 * A socket that undici has just connected. One that was counted before is a tunnel: a CONNECT went over it, and its far end
 * is the proxy, not the service.
 */
export function openUndiciWire(socket: unknown): void {
  if (!(socket instanceof Socket)) return;
  if (socket[WIRE] !== undefined) Reflect.deleteProperty(socket, WIRE);
  else if (!isTunnelled(socket) && Reflect.get(socket, 'alpnProtocol') !== 'h2') {
    const wire: Wire = { requests: 0, connection: null };
    socket[WIRE] = wire;
    completeClientWire(socket, wire);
  }
}

/** TLS over a socket that was in use before: its ends are those of the proxy that was asked to CONNECT. */
function isTunnelled(socket: Socket): boolean {
  if (!(socket instanceof TLSSocket)) return false;
  const below: unknown = Reflect.get(socket, '_parent');
  return below instanceof Socket && (below[WIRE] !== undefined || below.bytesRead > 0);
}

function addressAndPort(address: string | undefined, port: number | undefined): string | null {
  if (address === undefined || port === undefined) return null;
  const plain = plainAddress(address);
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
