import { io } from 'socket.io-client';

/** A seeded random source. */
interface Random {
  between(from: number, to: number): number;
}

import type { LiveSocket } from '../../feed/live-feed.ts';

type Listener = (...args: readonly unknown[]) => void;

/** A real socket that brings deltas late and in another order, and breaks. For tests. */
export interface UnrulySocket {
  readonly socket: LiveSocket;
  /** Lets some of what came through, in any order; `all`: everything. */
  pump(all?: boolean): void;
  /** Breaks the connection, loses some of what was on its way, and connects again. */
  cut(): Promise<void>;
  readonly held: () => number;
}

const HELD_MAX = 10_000;

export function unrulySocket(url: string, random: Random): UnrulySocket {
  const real = io(`${url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false });
  const held: (() => void)[] = [];
  const again: Listener[] = [];
  return {
    socket: {
      on(event, listener) {
        if (event === 'connect') again.push(listener);
        real.on(event, (...args: unknown[]) => {
          // Snapshots and connections are not late: what may be late is what the protocol numbers.
          if (event !== 'delta' || held.length >= HELD_MAX) listener(...args);
          else held.push(() => listener(...args));
        });
      },
      emit: (event, ...args) => void real.emit(event, ...args),
      close: () => void real.close(),
    },
    pump(all = false) {
      const count = all ? held.length : random.between(0, held.length);
      for (let times = 0; times < count; times++) held.splice(random.between(0, held.length - 1), 1)[0]?.();
    },
    async cut() {
      real.disconnect();
      held.splice(0, random.between(0, held.length));
      const connected = new Promise<void>((resolve) => real.once('connect', () => resolve()));
      real.connect();
      await connected;
    },
    held: () => held.length,
  };
}
