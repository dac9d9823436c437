/** As OpenTelemetry's own settings read an endpoint: without a path it is the base, with one it is where traces go. */
export function readOtlpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`--otlp-url takes an http or https URL, not ${text}`);
  if (url.username !== '' || url.password !== '') {
    throw new Error('--otlp-url takes no user or password: give SOA_MONITOR_OTLP_HEADERS in the environment');
  }
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

/** name=value,name=value with percent-encoded values, as in OTEL_EXPORTER_OTLP_HEADERS. What is wrong is not shown: it may be secret. */
export function readOtlpHeaders(text: string): { readonly [name: string]: string } {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair, index) => {
      const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*([\x20-\x7e]*?)\s*$/.exec(pair) ?? [];
      if (name === undefined || value === undefined) {
        throw new Error(`SOA_MONITOR_OTLP_HEADERS takes name=value,name=value: its part ${index + 1} is none`);
      }
      return [name, decoded(value)] as const;
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
