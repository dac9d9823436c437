import { benchLatency } from './latency.ts';
import { benchNoCallLost } from './no-call-lost.ts';
import { benchStart } from './start-time.ts';

const CALLS_PER_SECOND = 100;

/** `npm run bench -- live`: how late a message's dot is, whether a call is lost, and how long a start takes. */
export async function liveBench(): Promise<void> {
  await benchStart();
  await benchLatency('live', CALLS_PER_SECOND);
  await benchNoCallLost();
}
