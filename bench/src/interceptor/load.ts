/** What a load is asked for, and what it tells: the words between the slices and the process that makes the load. */
export interface LoadWish {
  readonly url: string;
  readonly bytes: number;
  readonly amount: number;
  /** Requests a second in all, evenly; null: as fast as it goes. */
  readonly rate: number | null;
  readonly connections: number;
  /** A fresh message id in each request, as clients have it; costs the generator, so not where CPU is compared. */
  readonly uniqueIds: boolean;
}

export interface LoadSeen {
  readonly requests: number;
  readonly wrong: number;
  readonly latencyMillis: readonly number[];
}

export const LOAD_HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:bench:orders#placeOrder"' };
