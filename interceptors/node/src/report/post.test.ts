import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createClosers, listen } from '../testing/observed.ts';
import { createPoster } from './post.ts';

const whenDone = createClosers();

async function posted(report: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  let seen: { encoding: string | undefined; body: Buffer } | undefined;
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen = { encoding: request.headers['content-encoding'], body: Buffer.concat(chunks) };
    response.end();
  });
  const poster = createPoster(new URL(await listen(whenDone, server)), null);
  whenDone(() => poster.close());
  expect(await poster.post(report)).toMatchObject({ kind: 'answered', status: 200 });
  if (seen === undefined) throw new Error('nothing was posted');
  return seen;
}

describe('a report', () => {
  it('is compressed', async () => {
    const report = JSON.stringify(Array.from({ length: 500 }, (_, i) => [i, 'airline', i * 7_919]));
    const { encoding, body } = await posted(report);
    expect(encoding).toBe('gzip');
    expect(gunzipSync(body).toString()).toBe(report);
  });

  it('goes as it is where it would shrink so much that the monitor takes it for a bomb', async () => {
    const report = JSON.stringify(['é'.repeat(200_000)]);
    const { encoding, body } = await posted(report);
    expect(encoding).toBe('identity');
    expect(body.toString()).toBe(report);
  });
});
