import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, whatever folder a script was started from. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** One plain line for a person; what a program printed stays in its own output. */
export const say = (line) => process.stdout.write(`${line}\n`);

/** Ends the script with one clear line and no stack trace. */
export function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/**
 * Runs a command to its end. Gives its exit code and, when `quiet`, its output (kept for the case that it fails);
 * otherwise the output goes to the terminal as it comes.
 */
export function run(command, args, { quiet = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on('close', (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }));
  });
}
