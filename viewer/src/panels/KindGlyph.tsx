import type { Node } from '@soa-monitor/protocol';

/** The shape that says what a thing is, as on the map. */
export function KindGlyph({ kind }: { readonly kind: Node['kind'] }) {
  return (
    <svg
      className="kind"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.500"
    >
      <title>{kind}</title>
      <path d={PATHS[kind]} strokeLinejoin="round" />
    </svg>
  );
}

const CIRCLE = 'M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2Z';
const PATHS: Record<Node['kind'], string> = {
  machine: 'M5 2h6a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3Z',
  server: 'M8 1.500 14 5v6l-6 3.500L2 11V5Z',
  endpoint: CIRCLE,
  client: 'M8 2 14.500 13.500h-13Z',
  outside: `${CIRCLE}M8 5a3 3 0 1 1 0 6 3 3 0 1 1 0-6Z`,
};

export const NODE_KINDS: readonly { readonly kind: Node['kind']; readonly word: string }[] = [
  { kind: 'endpoint', word: 'Endpoint: an address that is called' },
  { kind: 'server', word: 'Server: a process' },
  { kind: 'machine', word: 'Machine' },
  { kind: 'client', word: 'Client: it calls, and nobody calls it' },
  { kind: 'outside', word: 'Outside world: seen, but not monitored' },
];
