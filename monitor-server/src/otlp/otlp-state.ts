import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ExchangePlace } from '../store/store.ts';

/** How far the spans have gone, kept over restarts. */
export interface OtlpState {
  /** What makes this monitor's span ids differ from another's. */
  readonly salt: string;
  /** All up to this place, and stored up to this seq, is sent, given up, or in `waiting`. */
  readonly passed: { readonly cursor: ExchangePlace; readonly end: number };
  /** Exchanges that had not ended or were not attributed when they were passed, or came late. */
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
  const salt = fieldOf(value, 'salt');
  const waiting = fieldOf(value, 'waiting');
  const passed = fieldOf(value, 'passed');
  const cursor = fieldOf(passed, 'cursor');
  const [time, seq, end] = [fieldOf(cursor, 'time'), fieldOf(cursor, 'seq'), fieldOf(passed, 'end')];
  if (typeof salt !== 'string' || !Array.isArray(waiting)) return null;
  if (typeof time !== 'number' || typeof seq !== 'number' || typeof end !== 'number') return null;
  return {
    salt,
    passed: { cursor: { time, seq }, end },
    waiting: waiting.filter((id: unknown) => typeof id === 'string'),
  };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
