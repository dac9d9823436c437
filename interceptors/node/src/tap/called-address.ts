import type { ClientRequest } from 'node:http';
import { pathOf, sentHeader } from './message-head.ts';

/** host:port as the application called it, lower case. The Host header carries the port, unless it was overridden. */
export function calledAddress(request: ClientRequest): string {
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
export function calledPath(request: ClientRequest): string {
  return pathOf(absoluteTarget(request.path)?.pathname ?? request.path);
}

const absoluteTarget = (path: string): URL | null =>
  path.startsWith('http') && URL.canParse(path) ? new URL(path) : null;

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');

const authority = (host: string, protocol: string): string =>
  /:\d+$/.test(host) ? host : `${host}:${protocol === 'https:' ? 443 : 80}`;
