import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the bench that answers what it is asked, one question at a time. */
export interface Child {
  ask<Answer>(question: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a built module as a process of its own; resolves when it says that it is ready. */
export function startChild(
  module: URL,
  args: readonly string[],
  execArgv: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Child> {
  const child: ChildProcess = fork(fileURLToPath(module), [...args], {
    execArgv: [...execArgv],
    env: { ...process.env, ...environment },
    // What it says of itself must not stand between the figures.
    stdio: ['ignore', process.stderr, 'inherit', 'ipc'],
  });
  const answers: ((answer: unknown) => void)[] = [];
  let onFailure: (error: Error) => void = () => {};
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const nextAnswer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      answers.push(resolve);
      onFailure = reject;
    });
  child.on('message', (answer) => answers.shift()?.(answer));
  child.once('exit', (code) => onFailure(new Error(`${module.pathname} ${args.join(' ')} ended with ${code}`)));
  return nextAnswer().then(() => ({
    // Both ends are modules of this bench: what is asked is what is answered.
    ask: async <Answer>(question: unknown) => {
      const answer = nextAnswer();
      child.send(question as object);
      return (await answer) as Answer;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  }));
}

/** The child's end: says that it is ready, then answers each question. */
export function serveParent(answer: (question: unknown) => unknown): void {
  process.on('message', (question) => {
    void Promise.resolve(answer(question)).then((value) => process.send?.(value ?? null));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}
