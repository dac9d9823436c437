import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { LOAD_HEADERS, type LoadSeen, type LoadWish } from './load.ts';
import { orderRequest, orderRequests } from './messages.ts';

/** As fast as it goes: each connection sends again when it has its answer. */
export function saturate(wish: LoadWish): Promise<LoadSeen> {
  const latencyMillis: number[] = [];
  let wrong = 0;
  let number = 0;
  const requests = wish.uniqueIds
    ? [
        {
          method: 'POST' as const,
          path: '/orders',
          headers: LOAD_HEADERS,
          setupRequest: (request: autocannon.Request) => ({
            ...request,
            body: orderRequest(wish.bytes, number++, randomUUID()),
          }),
        },
      ]
    : orderRequests(wish.bytes).map((body) => ({
        method: 'POST' as const,
        path: '/orders',
        headers: LOAD_HEADERS,
        body,
      }));
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      {
        url: wish.url,
        connections: wish.connections,
        amount: wish.amount,
        // It ends only at a sample: its default of one second would be most of a slice.
        sampleInt: 20,
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
