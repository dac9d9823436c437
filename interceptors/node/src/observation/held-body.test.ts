import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeldBody, HELD_BYTES_MAX, heldPrefix, holdChunk, releaseBody } from './held-body.ts';

test('counts all bytes as on the wire and holds the first 64 KB', () => {
  const body = createHeldBody();
  for (let i = 0; i < 100; i++) holdChunk(body, Buffer.alloc(10_000, 97), undefined);
  expect(body).toMatchObject({ bytes: 1_000_000, held: HELD_BYTES_MAX });
  expect(body.chunks.length).toBeLessThan(10);
  expect(heldPrefix(body, 1_000_000).byteLength).toBe(HELD_BYTES_MAX);
});

test('a huge chunk is not kept alive for its beginning', () => {
  for (const huge of [Buffer.alloc(50_000_000, 97), 'a'.repeat(50_000_000)]) {
    const body = createHeldBody();
    holdChunk(body, huge, undefined);
    expect(body.bytes).toBe(50_000_000);
    const [chunk] = body.chunks;
    expect(chunk instanceof Uint8Array && chunk.buffer.byteLength).toBeLessThan(200_000);
  }
});

test('strings count in their encoding; what is no chunk does not count', () => {
  const body = createHeldBody();
  holdChunk(body, '\u00fc', 'utf8');
  holdChunk(body, '\u00fc', 'latin1');
  holdChunk(body, 'ff00', 'hex');
  for (const none of [undefined, null, 7, {}, () => {}]) holdChunk(body, none, undefined);
  expect(body.bytes).toBe(5);
  expect(Buffer.from(heldPrefix(body, 99)).toString('hex')).toBe('c3bcfcff00');
});

test('any split into chunks holds the same prefix', () => {
  const chunk = fc.oneof(fc.uint8Array({ maxLength: 5 }), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 80 }), fc.nat(100), (chunks, size) => {
      const body = createHeldBody();
      for (const part of chunks) holdChunk(body, part, 'utf8');
      const whole = Buffer.concat(chunks.map((part) => Buffer.from(part)));
      expect(Buffer.from(heldPrefix(body, size))).toEqual(whole.subarray(0, size));
      releaseBody(body);
      expect(heldPrefix(body, size).byteLength).toBe(0);
      expect(body.bytes).toBe(whole.byteLength);
    }),
  );
});
