import type { Level } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import type { SeenExchange } from '../model/exchange.ts';
import { operationKey } from '../model/split-links.ts';
import type { Operations } from './operations.ts';

/** The level that is shown, and what flights fly on there. */
export interface ShownLevel {
  level(): Level;
  set(level: Level): void;
  /** Null: at another level, or not read yet; until then operations show as endpoints do. */
  operations(): Operations | null;
  /** What a flight flies on: a link, or at operation level one operation of it. */
  keyOf(exchange: SeenExchange): string;
  close(): void;
}

export interface ShownLevelParts {
  readonly api: Pick<Api, 'topology'>;
  readonly refresh: () => void;
  /** All flights fly elsewhere from now on. */
  readonly sendAllFlights: () => void;
}

export function createShownLevel({ api, refresh, sendAllFlights }: ShownLevelParts, first: Level): ShownLevel {
  let level = first;
  /** Read when that level is first shown. */
  let operations: Operations | null = null;

  async function read(): Promise<void> {
    const { createOperations } = await import('./operations.ts');
    operations ??= createOperations({ api, changed: refresh });
    sendAllFlights();
    refresh();
  }

  const shown = (): Operations | null => (level === 'operation' ? operations : null);

  return {
    level: () => level,
    set(next) {
      const flightsFlyElsewhere = (level === 'operation') !== (next === 'operation');
      level = next;
      if (next === 'operation' && operations === null) void read();
      else if (flightsFlyElsewhere) sendAllFlights();
    },
    operations: shown,
    keyOf: ({ link, operation }) => (shown() === null ? link : operationKey(link, operation)),
    close() {
      operations?.close();
    },
  };
}
