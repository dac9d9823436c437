import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { serveParent } from './child.ts';
import { orderRequest, orderRequests } from './messages.ts';

export interface LoadWish {
  readonly url: string;
  readonly bytes: number;
  readonly amount: number;
  /** Requests a second in all; null: as fast as it goes. */
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

const HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:bench:orders#placeOrder"' };

function load(wish: LoadWish): Promise<LoadSeen> {
  const latencyMillis: number[] = [];
  let wrong = 0;
  let number = 0;
  const requests = wish.uniqueIds
    ? [
        {
          method: 'POST' as const,
          path: '/orders',
          headers: HEADERS,
          setupRequest: (request: autocannon.Request) => ({
            ...request,
            body: orderRequest(wish.bytes, number++, randomUUID()),
          }),
        },
      ]
    : orderRequests(wish.bytes).map((body) => ({ method: 'POST' as const, path: '/orders', headers: HEADERS, body }));
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      {
        url: wish.url,
        connections: wish.connections,
        amount: wish.amount,
        // It ends only at a sample: its default of one second would be most of a slice.
        sampleInt: 20,
        ...(wish.rate === null ? {} : { overallRate: wish.rate }),
        requests,
      },
      (error) => {
        if (error) reject(error);
        else resolve({ requests: latencyMillis.length, wrong, latencyMillis });
      },
    );
    instance.on('response', (_client, status, _bytes, millis) => {
      latencyMillis.push(millis);
      if (status !== 200 && status !== 500) wrong++;
    });
    instance.on('reqError', () => wrong++);
  });
}

serveParent((question) => load(question as LoadWish));
