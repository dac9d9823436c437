import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { createOtlp, type Otlp } from './otlp.ts';
import { createOtlpStateFile } from './otlp-state.ts';
import { createSpanSender } from './send-spans.ts';

/** OpenTelemetry's own default. */
const TIMEOUT_MILLIS = 10_000;

/** Spans of this store to that receiver, with the place they have reached kept in the data folder. */
export function startOtlp(
  parts: {
    readonly store: Pick<Store, 'arrivals' | 'node' | 'placeOf' | 'subscribe'>;
    readonly clock: Clock;
    readonly random: () => number;
    readonly randomText: () => string;
    readonly log: Log;
  },
  settings: {
    readonly url: string;
    readonly headers: { readonly [name: string]: string };
    readonly settleMillis: number;
    readonly folder: string;
  },
): Otlp {
  const { url, headers, settleMillis, folder } = settings;
  const otlp = createOtlp(
    {
      ...parts,
      sender: createSpanSender({ url, headers, timeoutMillis: TIMEOUT_MILLIS }),
      stateFile: createOtlpStateFile(join(folder, 'otlp.json')),
    },
    { settleMillis },
  );
  parts.log.info({ url: new URL(url).origin, settleMillis }, 'each exchange goes out as spans');
  return otlp;
}
