import { benchLatency } from './latency.ts';
import { benchNoCallLost } from './no-call-lost.ts';
import { benchStart } from './start-time.ts';

/** `npm run bench -- live`: how late a message's dot is, whether a call is lost, and how long a start takes. */
export async function liveBench(): Promise<void> {
  await benchStart();
  await benchLatency();
  await benchNoCallLost();
}
