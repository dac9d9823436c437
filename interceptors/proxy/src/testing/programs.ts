import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const RUN_MILLIS_MAX = 240_000;
const OUTPUT_CHARS_MAX = 100_000;

/** Runs a program to its end. Code null: it could not be started, or did not end in time. */
export function run(command: readonly string[], cwd: string, millisMax = RUN_MILLIS_MAX): Promise<Ran> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: millisMax });
    let out = '';
    let err = '';
    child.stdout.on('data', (piece) => {
      if (out.length < OUTPUT_CHARS_MAX) out += String(piece);
    });
    child.stderr.on('data', (piece) => {
      if (err.length < OUTPUT_CHARS_MAX) err += String(piece);
    });
    child.on('error', (error) => resolve({ code: null, out, err: error.message }));
    child.on('close', (code) => resolve({ code, out: out.trim(), err: err.trim() }));
  });
}

/** Starts a program that goes on, and waits for its port to take connections. */
export async function start(
  whenDone: (close: () => unknown) => void,
  command: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  isListening: () => Promise<boolean>,
): Promise<void> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      said = (said + String(piece)).slice(-4_000);
    });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    hasEnded = true;
  });
  whenDone(() => {
    child.kill('SIGKILL');
    return ended;
  });
  while (!(await isListening())) {
    if (hasEnded) throw new Error(`${command.join(' ')} ended before it listened: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
