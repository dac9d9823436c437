import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { type FakeMonitor, startFakeMonitor } from '../../../node/src/testing/fake-monitor.ts';
import { type RouteSettings, type RunningProxy, startProxy } from '../proxy.ts';

/** What a test opened is closed after it, the last first. */
export function createClosers(): (close: () => unknown) => void {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  return (close) => {
    closers.push(close);
  };
}

/** A plain route to a port of this machine, with what a test wants different. */
export function routeTo(port: number, change: Partial<RouteSettings> = {}): RouteSettings {
  return {
    side: 'service',
    listen: { host: '127.0.0.1', port: 0 },
    tls: null,
    target: {
      hostname: '127.0.0.1',
      port,
      isTls: false,
      address: `127.0.0.1:${port}`,
      tls: { cert: null, key: null, ca: null },
      isInsecure: false,
    },
    host: null,
    rewritesWsdl: false,
    probePath: null,
    probeMillis: 0,
    connectMillisMax: 5_000,
    replyMillisMax: 0,
    idleMillisMax: 0,
    connectionsMax: 1_000,
    ...change,
  };
}

export interface Proxied {
  readonly monitor: FakeMonitor;
  readonly proxy: RunningProxy;
  readonly port: number;
}

/** A proxy in this process that reports to a fake monitor. */
export async function proxied(
  whenDone: (close: () => unknown) => void,
  routes: readonly RouteSettings[],
  { key = 'secret', drainMillis = 0 }: { readonly key?: string; readonly drainMillis?: number } = {},
): Promise<Proxied> {
  const monitor = await startFakeMonitor();
  whenDone(() => monitor.close());
  const services = [{ name: 'n', machine: 'm', advertise: undefined, routes }];
  const spool = { spool: undefined, spoolBytesMax: undefined };
  const proxy = await startProxy({ monitor: monitor.url, key, services, drainMillis, ...spool }, {});
  let closing: Promise<void> | null = null;
  const once: RunningProxy = {
    ...proxy,
    close: () => {
      closing ??= proxy.close();
      return closing;
    },
  };
  whenDone(() => once.close());
  return { monitor, proxy: once, port: proxy.ports[0] ?? 0 };
}

export const portOf = (address: string | AddressInfo | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;
