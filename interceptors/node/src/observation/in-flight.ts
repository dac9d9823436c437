import type { Exchange } from './exchange.ts';

/**
 * Exchanges in the order in which they came, in a list through the exchanges themselves: each comes and goes once, and a Set
 * would make a hash of each and now and then all of its table anew.
 */
export interface InFlight {
  add(exchange: Exchange): void;
  /** An exchange that is in no list stays so. It must not be in another one. */
  remove(exchange: Exchange): void;
  first(): Exchange | null;
  /** Until `look` says false. The one at hand may leave meanwhile, and others may come. */
  each(look: (exchange: Exchange) => boolean): void;
  readonly size: number;
}

/** Where an exchange stands in its list. */
export interface Place {
  before: Exchange | null;
  after: Exchange | null;
  isListed: boolean;
  /** In which of two lists. */
  isOld: boolean;
}

export function createInFlight(): InFlight {
  let first: Exchange | null = null;
  let last: Exchange | null = null;
  let size = 0;
  return {
    add: (exchange) => {
      exchange.before = last;
      exchange.after = null;
      exchange.isListed = true;
      if (last === null) first = exchange;
      else last.after = exchange;
      last = exchange;
      size++;
    },
    remove: (exchange) => {
      if (!exchange.isListed) return;
      const { before, after } = exchange;
      if (before === null) first = after;
      else before.after = after;
      if (after === null) last = before;
      else after.before = before;
      exchange.before = null;
      exchange.after = null;
      exchange.isListed = false;
      size--;
    },
    first: () => first,
    each: (look) => {
      let exchange = first;
      while (exchange !== null) {
        const { after }: Exchange = exchange;
        if (!look(exchange)) return;
        exchange = after;
      }
    },
    get size() {
      return size;
    },
  };
}
