import { envelopeBench } from './envelope/envelope-bench.ts';
import { interceptorBench } from './interceptor/interceptor-bench.ts';
import { liveBench } from './live/live-bench.ts';
import { proxyBench } from './proxy/proxy-bench.ts';
import { ingestBench } from './store/ingest/ingest-bench.ts';

const BENCHES: { readonly [name: string]: () => Promise<void> } = {
  live: liveBench,
  envelope: envelopeBench,
  interceptor: interceptorBench,
  proxy: proxyBench,
  ingest: ingestBench,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`No bench named ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(BENCHES)) await BENCHES[name]?.();
