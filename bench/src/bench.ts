import { parseArgs } from 'node:util';
import { envelopeBench } from './envelope/envelope-bench.ts';
import { graphBench } from './graph/graph-bench.ts';
import { interceptorBench } from './interceptor/interceptor-bench.ts';
import { liveBench } from './live/live-bench.ts';
import { liveViewBench } from './live-view/live-view-bench.ts';
import { proxyBench } from './proxy/proxy-bench.ts';
import { ingestBench } from './store/ingest/ingest-bench.ts';
import { dropBench } from './store/queries/drop-bench.ts';
import { queriesBench } from './store/queries/queries-bench.ts';
import { replayBench } from './store/replay/replay-bench.ts';
import { sizingBench } from './store/sizing/sizing-bench.ts';
import { sustainedBench } from './store/sustained/sustained-bench.ts';

interface Wish {
  /** Stored for `queries`, `replay`, `drop` and `live-view`. */
  readonly observations: number;
  /** Of `sustained`, of each rate of `sizing`, and of the open tab of `live-view`. */
  readonly minutes: number;
}

const BENCHES: { readonly [name: string]: (wish: Wish) => Promise<void> } = {
  live: liveBench,
  'live-view': liveViewBench,
  envelope: envelopeBench,
  graph: graphBench,
  interceptor: interceptorBench,
  proxy: proxyBench,
  ingest: ingestBench,
  queries: ({ observations }) => queriesBench(observations),
  replay: ({ observations }) => replayBench(observations),
  drop: ({ observations }) => dropBench(observations),
  sustained: ({ minutes }) => sustainedBench(minutes),
  sizing: ({ minutes }) => sizingBench(minutes),
};

const { values, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { observations: { type: 'string', default: '1000000' }, minutes: { type: 'string', default: '2' } },
});
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`No bench named ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const wish: Wish = { observations: Number(values.observations), minutes: Number(values.minutes) };
if (!(wish.observations >= 1_000 && wish.minutes > 0)) {
  process.stderr.write('--observations takes a number from 1000 on, --minutes a number above 0\n');
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(BENCHES)) await BENCHES[name]?.(wish);
