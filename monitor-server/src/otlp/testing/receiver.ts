import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type DecodedSpan, decodeTraces } from './decode-traces.ts';

/** A receiver of traces over real HTTP, that answers as it is told. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** Of the requests that were answered with 200. */
  readonly spans: DecodedSpan[];
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: Buffer }[];
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    receiver.requests.push({ headers: request.headers, body });
    receiver.answer(response);
    if (response.writableEnded && response.statusCode === 200) receiver.spans.push(...decodeTraces(body));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/v1/traces`,
    port: address.port,
    spans: [],
    requests: [],
    answer: (response) => response.end(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return receiver;
}
