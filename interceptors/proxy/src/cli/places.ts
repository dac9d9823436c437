import type { RouteSettings } from '../settings.ts';

/** `8080`, `:8080`, `127.0.0.1:8080` or `[::1]:8080`. Without a host all addresses are listened on; port 0 takes a free one. */
export function readListen(text: string): RouteSettings['listen'] {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([\w.-]*)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new Error(`--listen takes a port or host:port, not ${text}`);
  return { host: match[1] ?? match[2] ?? '', port };
}

export interface Place {
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly address: string;
  /** What a Host header says of it. */
  readonly hostHeader: string;
}

/** `http://host:port` or `https://…`: paths are passed on as they come, so the target has none. */
export function readTarget(text: string): Place {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new Error(`--target takes http://host:port or https://host:port, not ${text}`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new Error(`--target takes no path, query or user (paths pass unchanged): ${text}`);
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    isTls,
    address: `${url.hostname}:${port}`.toLowerCase(),
    hostHeader: url.host,
  };
}

/** `listen=target`. */
export function splitOutbound(text: string): { readonly listen: string; readonly target: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--outbound takes listen=target, such as 9101=https://partner, not ${text}`);
  return { listen: text.slice(0, at), target: text.slice(at + 1) };
}
