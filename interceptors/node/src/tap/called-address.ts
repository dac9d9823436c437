import type { ClientRequest } from 'node:http';
import { absoluteTarget, authority, pathOf } from './addresses.ts';
import { sentHeader } from './message-head.ts';

/**
 * host:port as the application called it, lower case; `unix:` and the path for a socket in the file system. The Host header
 * carries the port, unless it was overridden.
 */
export function calledAddress(request: ClientRequest): string {
  const socketPath: unknown = Reflect.get(request, 'socketPath');
  if (typeof socketPath === 'string') return `unix:${socketPath}`;
  const proxied = absoluteTarget(request.path);
  if (proxied !== null) return authority(proxied.host, proxied.protocol);
  const header = sentHeader(request, 'host') ?? '';
  const host = bare(request.host);
  const hostOfHeader = bare(header.replace(/:\d+$/, ''));
  if (hostOfHeader === host || request.host === undefined) return authority(header.toLowerCase(), request.protocol);
  const port = request.socket?.remotePort;
  return authority(
    `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`,
    request.protocol,
  );
}

/** Path without query; through a forward proxy the request names the whole URL. */
export const calledPath = (request: ClientRequest): string => pathOf(request.path);

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');
