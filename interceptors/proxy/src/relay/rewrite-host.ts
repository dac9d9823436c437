/** The head with its Host header saying `host`; every other byte stays. Without such a header none is added (HTTP/1.0). */
export const hostRewritten = (head: string, host: string): string =>
  head.replace(/(\nhost:[ \t]*)[^\r\n]*/i, (_whole, name: string) => name + host);
