/** host:port, with the protocol's own port where none is named. */
export const authority = (host: string, protocol: string): string =>
  /:\d+$/.test(host) ? host : `${host}:${protocol === 'https:' ? 443 : 80}`;

/** A request to a forward proxy names the whole URL. */
export const absoluteTarget = (path: string): URL | null =>
  path.startsWith('http') && URL.canParse(path) ? new URL(path) : null;

/** The path without query, also of a whole URL. */
export function pathOf(url: string): string {
  const proxied = absoluteTarget(url);
  if (proxied !== null) return proxied.pathname;
  const query = url.search(/[?#]/);
  return query < 0 ? url : url.slice(0, query);
}
