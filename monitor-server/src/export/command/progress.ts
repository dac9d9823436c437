/** The line of progress on standard error: rewritten in its place on a terminal, else a new one now and then. */
export interface Progress {
  /** Some bytes more. */
  came(bytes: number): void;
  end(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const TERMINAL_MILLIS = 200;
const LOG_MILLIS = 5_000;

export function createProgress(
  facts: { readonly what: string; readonly estimatedRows: number | null; rows(): number | null },
  terminal: Terminal,
  nowMillis: () => number,
): Progress {
  const isRewritten = terminal.isTTY === true;
  const began = nowMillis();
  let told = began;
  let total = 0;
  const line = (): string => {
    const rows = facts.rows();
    const most = facts.estimatedRows === null ? '' : ` of at most ${facts.estimatedRows.toLocaleString('en')}`;
    const counted = rows === null ? facts.what : `${rows.toLocaleString('en')}${most} ${facts.what}`;
    return `${counted}, ${(total / 1e6).toFixed(1)} MB, ${((nowMillis() - began) / 1_000).toFixed(1)} s`;
  };
  const tell = (ending: string) =>
    terminal.write(`${isRewritten ? '\r' : ''}${line()}${isRewritten ? '\x1b[K' : ''}${ending}`);
  return {
    came(bytes) {
      total += bytes;
      if (nowMillis() - told < (isRewritten ? TERMINAL_MILLIS : LOG_MILLIS)) return;
      told = nowMillis();
      tell(isRewritten ? '' : '\n');
    },
    end: () => void tell('\n'),
  };
}
