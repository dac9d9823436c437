import { isIP } from 'node:net';

/**
 * Against DNS rebinding: a page of another site whose name was made to resolve to this server still sends its own name in
 * Host. So a request counts only when Host (and Origin, where there is one) is a name that this server is known to have.
 */
export interface AllowedHosts {
  isHost(header: string | undefined): boolean;
  isOrigin(header: string): boolean;
}

/** `names` are those configured, with a port (exact) or without (with our port, or none behind a proxy on 80 or 443). */
export function createAllowedHosts(port: number, boundHost: string, names: readonly string[]): AllowedHosts {
  const own = ['localhost', '127.0.0.1', '[::1]', ...boundName(boundHost)];
  const allowed = new Set([
    ...own.map((name) => `${name}:${port}`),
    ...(port === 80 ? own : []),
    ...names.flatMap((name) => (/:\d+$/.test(name) ? [name] : [name, `${name}:${port}`])).map((n) => n.toLowerCase()),
  ]);
  const isHost = (header: string | undefined): boolean => header !== undefined && allowed.has(header.toLowerCase());
  return {
    isHost,
    isOrigin(header) {
      const match = /^https?:\/\/([^/?#@\\\s]+)$/i.exec(header);
      return match !== null && isHost(match[1]);
    },
  };
}

/** An address cannot be rebound, a name can; and the wildcard is no address that anybody calls. */
function boundName(host: string): readonly string[] {
  if (host === '0.0.0.0' || host === '::' || isIP(host) === 0) return [];
  return isIP(host) === 6 ? [`[${host.toLowerCase()}]`] : [host];
}
