import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CommandLine, readCommandLine } from './cli/command-line.ts';
import { HELP } from './cli/help.ts';
import { type RunningProxy, startProxy } from './proxy.ts';
import type { ProxySettings } from './settings.ts';

/** The command `soa-monitor-proxy`. Resolves with the exit code once all is said, or the proxy has ended. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const command: CommandLine = readCommandLine(argv, environment, (path) => readFileSync(path));
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return 0;
    case 'invalid':
      return complain(command.reason, 2);
    case 'run':
      return run(command.settings, environment);
  }
}

async function run(settings: ProxySettings, environment: NodeJS.ProcessEnv): Promise<number> {
  const stopped = stopSignal();
  let proxy: RunningProxy;
  try {
    proxy = await startProxy(settings, environment);
  } catch (error) {
    return complain(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error), 1);
  }
  const routes = settings.services.flatMap((service) => service.routes.map((route) => ({ service, route })));
  for (const [index, { service, route }] of routes.entries()) {
    const { side, listen, tls, target } = route;
    const from = `${tls === null ? 'http' : 'https'}://${listen.host === '' ? '*' : listen.host}:${proxy.ports[index]}`;
    const to = `${target.isTls ? 'https' : 'http'}://${target.address}`;
    const name = service.name ?? environment.SOA_MONITOR_NAME ?? '';
    say(`${name} ${side === 'callee' ? 'calls out' : 'is served'} at ${from}, which leads to ${to}`);
  }
  say('ready');
  say(`${await stopped}: no new connections; waiting up to ${settings.drainMillis / 1_000} s for calls in flight`);
  await proxy.close();
  say('ended');
  return 0;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The first signal asks for an end in good order, a second one ends it at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    const stop = (signal: string): void => {
      for (const each of SIGNALS) process.removeListener(each, stop);
      resolve(signal);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}

const say = (text: string): void => {
  process.stdout.write(`soa-monitor-proxy: ${text}\n`);
};

function complain(reason: string, code: number): number {
  process.stderr.write(`soa-monitor-proxy: ${reason}\n`);
  return code;
}

function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  const found: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : '';
  return String(found);
}
