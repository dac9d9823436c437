import { withBehind } from './behind.ts';
import { authority } from './eligible-address.ts';
import type { ListenerHealth } from './listener-health.ts';
import type { ListenerToPing } from './listeners-to-ping.ts';
import type { Part } from './worst-state.ts';

/** A listener that is pinged, and how it stands. */
export interface Watched {
  listener: ListenerToPing;
  health: ListenerHealth;
  isPinging: boolean;
  /** Something happened while it was pinged: that ping may tell of before. */
  isStale: boolean;
  cancel: () => void;
}

/** What it contributes to what its server shows. */
export function partOf({ listener: { host, port, process, behind }, health }: Watched): Part {
  const { state, reason, of } = withBehind(health, behind);
  const isMissed = of === 'listener' && (state === 'suspect' || state === 'down');
  const goodbye = process.closing && isMissed ? `; its process (${process.reporter}) said goodbye` : '';
  return { name: authority(host, port), state, reason: `${reason}${goodbye}`, isBehind: of === 'behind' };
}
