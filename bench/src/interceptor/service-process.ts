import type { AddressInfo } from 'node:net';
import { serveParent } from '../child.ts';
import { type Observer, startObserver } from './observers.ts';

/** The service that is measured: `service.js <raw|soap> <observer> <collector port>`. */
const [, , kind = 'raw', observed = 'bare', collectorPort = '0'] = process.argv;

// Before anything that is to be observed is loaded: OpenTelemetry must come first.
const observer: Observer = await startObserver(observed, Number(collectorPort));
const { serveSoap, serveRaw } = await import('./services.ts');
const server = kind === 'soap' ? await serveSoap() : serveRaw();

export interface Usage {
  readonly cpuMicros: number;
  readonly userMicros: number;
  readonly memoryBytes: number;
  readonly rssBytes: number;
}

server.listen(0, '127.0.0.1', () => {
  serveParent(async (question) => {
    if (question === 'port') return (server.address() as AddressInfo).port;
    if (question === 'counters') return observer.counters();
    if (question === 'flush') await observer.flush();
    if (question === 'collect') globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { heapUsed, external, rss } = process.memoryUsage();
    const usage: Usage = {
      cpuMicros: user + system,
      userMicros: user,
      memoryBytes: heapUsed + external,
      rssBytes: rss,
    };
    return usage;
  });
});
