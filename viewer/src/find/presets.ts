/** A search with a name. */
export interface Preset {
  readonly name: string;
  readonly text: string;
}

/** What everybody has. */
export const BUILT_IN_PRESETS: readonly Preset[] = [
  { name: 'Only errors', text: 'failed > 0' },
  { name: 'In trouble', text: 'state:down or state:degraded or state:suspect or state:blind' },
  { name: 'Slow', text: 'p95 > 1s' },
  { name: 'Hanging', text: 'inflight > 0 and calls = 0' },
  { name: 'Services among themselves', text: 'not client:*' },
];

export const ONLY_ERRORS = 'failed > 0';
