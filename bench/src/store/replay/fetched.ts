import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** An answer as it came over the wire, and what it unpacks to. */
export interface Fetched {
  readonly mediaType: string;
  readonly wireBytes: number;
  readonly body: Buffer;
}

/** Kept connections; `fetch` would unpack by itself, and the bytes on the wire would not be known. */
export function createFetcher(): { get(url: string, accept: string): Promise<Fetched>; close(): void } {
  const agent = new Agent({ keepAlive: true });
  return {
    get: (url, accept) =>
      new Promise((resolve, reject) => {
        const outgoing = request(url, { agent, headers: { Accept: accept, 'Accept-Encoding': 'gzip' } });
        outgoing.on('error', reject);
        outgoing.on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const wire = Buffer.concat(chunks);
            const body = response.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
            const [mediaType = ''] = (response.headers['content-type'] ?? '').split(';', 1);
            if (response.statusCode === 200) resolve({ mediaType, wireBytes: wire.byteLength, body });
            else reject(new Error(`${response.statusCode} from ${url}: ${body.toString('utf8').slice(0, 300)}`));
          });
        });
        outgoing.end();
      }),
    close: () => agent.destroy(),
  };
}
