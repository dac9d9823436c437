import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** How far the spans have gone, kept over restarts. */
export interface OtlpState {
  /** What makes this monitor's span ids differ from another's. */
  readonly salt: string;
  /** The store's cursor of arrivals, all before which is sent, given up, or in `waiting`. Null: nothing was sent ever. */
  readonly after: string | null;
  /** Exchanges that had not ended when they were passed. */
  readonly waiting: readonly string[];
}

export interface OtlpStateFile {
  read(): OtlpState | null;
  write(state: OtlpState): void;
}

/** Written beside and renamed: after a kill it is the one before or the new one, never half of it. */
export function createOtlpStateFile(path: string): OtlpStateFile {
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
      const state = stateOf(text);
      if (state === null) throw new Error(`${path} is damaged: remove it, and spans go out from now on`);
      return state;
    },
    write(state) {
      writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

function stateOf(text: string): OtlpState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (!('salt' in value && 'after' in value && 'waiting' in value)) return null;
  const { salt, after, waiting } = value;
  if (typeof salt !== 'string' || (after !== null && typeof after !== 'string') || !Array.isArray(waiting)) return null;
  return { salt, after, waiting: waiting.filter((id: unknown) => typeof id === 'string') };
}
