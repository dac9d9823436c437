/** The state of one listener, as pings tell it (design, section 8). Pure: what happened in, what is so out. */
export interface ListenerHealth {
  readonly state: 'unknown' | 'up' | 'suspect' | 'down' | 'blind';
  readonly reason: string;
  /** Pings in a row without any answer. */
  readonly failures: number;
  /** When it was first found down in this stretch, epoch µs; null while it is not down. */
  readonly downSince: number | null;
}

export type PingResult =
  /** The interceptor's own answer, with a MAC that holds. */
  | { readonly kind: 'pong'; readonly reporter: string }
  /** Something answered that is no pong: the stack lives, the interceptor is silent. */
  | { readonly kind: 'noPong'; readonly detail: string }
  | { readonly kind: 'silent'; readonly detail: string };

const FAILURES_FOR_DOWN = 5;
const RETRY_MILLIS = 500;

export const untried: ListenerHealth = { state: 'unknown', reason: 'not pinged yet', failures: 0, downSince: null };

export function afterPing(before: ListenerHealth, result: PingResult, at: number): ListenerHealth {
  switch (result.kind) {
    case 'pong':
      return { state: 'up', reason: 'answers pings', failures: 0, downSince: null };
    case 'noPong':
      return { state: 'blind', reason: result.detail, failures: 0, downSince: null };
    case 'silent': {
      const failures = before.failures + 1;
      const isDown = before.state === 'down' || failures >= FAILURES_FOR_DOWN;
      const reason = isDown ? `${result.detail}, ${FAILURES_FOR_DOWN} times in a row` : result.detail;
      return {
        state: isDown ? 'down' : 'suspect',
        reason,
        failures,
        downSince: isDown ? (before.downSince ?? at) : null,
      };
    }
  }
}

/** After a failure soon again, until it is clear whether it is down; then at the usual interval, ± 10 % by `random` in 0..1. */
export const nextPingMillis = (health: ListenerHealth, intervalMillis: number, random: number): number =>
  health.state === 'suspect' ? RETRY_MILLIS : intervalMillis * (0.9 + 0.2 * random);
