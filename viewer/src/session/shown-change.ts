import type { SeenExchange } from '../model/exchange.ts';

/** What a change of the picture means to the scene. */
export interface ShownChange {
  readonly exchanges: readonly SeenExchange[];
  readonly gone: readonly string[];
}
