import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Member } from './estate.ts';

export type Launched = {
  /** When every process has ended; true when each ended well, or all were told to end. */
  readonly ended: Promise<boolean>;
  /** Tells every process to end, and kills what has not after a while. */
  stop(): void;
};

type Surroundings = {
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly killMillis?: number;
};

const KILL_MILLIS = 3_000;

/**
 * Runs each member as a process of its own. One that ends is told of in a line and not started again: a service that
 * was killed stays down until somebody starts it. Clients start when each service listens, or has ended.
 */
export function launch(members: readonly Member[], surroundings: Surroundings): Launched {
  const { environment, say, killMillis = KILL_MILLIS } = surroundings;
  const running = new Map<ChildProcess, Member>();
  let stopping = false;
  let allWell = true;

  function start(member: Member): Promise<void> {
    const { readyLine, nodeArgs = [] } = member;
    const child = spawn(process.execPath, [...nodeArgs, member.script, ...member.args], {
      env: environment,
      stdio: ['ignore', readyLine === undefined ? 'inherit' : 'pipe', 'inherit', 'ipc'],
    });
    running.set(child, member);
    const line = `${member.name.padEnd(12)}pid ${child.pid}`;
    if (member.kind === 'client') say(line);
    return new Promise((resolve) => {
      const isUp = (): void => {
        say(member.url === undefined ? line : `${line}  ${member.url}`);
        resolve();
      };
      if (child.stdout === null) child.once('message', isUp);
      else createInterface({ input: child.stdout }).on('line', (told) => void (told === readyLine && isUp()));
      child.once('exit', (code, signal) => {
        running.delete(child);
        if (!stopping) say(`${member.name} ended (${signal ?? `exit code ${code}`})`);
        if (code !== 0) allWell = false;
        resolve();
        if (running.size === 0 && (startedAll || stopping)) end(stopping || allWell);
      });
    });
  }

  let startedAll = false;
  let end: (well: boolean) => void;
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });

  const services = members.filter(({ kind }) => kind === 'service');
  const clients = members.filter(({ kind }) => kind === 'client');
  void Promise.all(services.map(start)).then(() => {
    startedAll = true;
    if (!stopping) for (const client of clients) void start(client);
    if (running.size === 0) end(allWell);
  });

  return {
    ended,
    stop() {
      if (stopping) return;
      stopping = true;
      for (const child of running.keys()) child.kill('SIGTERM');
      setTimeout(() => {
        for (const child of running.keys()) child.kill('SIGKILL');
      }, killMillis).unref();
      if (running.size === 0) end(true);
    },
  };
}
