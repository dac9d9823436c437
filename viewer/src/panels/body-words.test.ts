import type { CapturedBody } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { attachmentWords, bodyWords, shownBodies, splitRedacted } from './body-words.ts';
import { halfStandIn } from './exchange-stand-in.ts';

const body: CapturedBody = { text: '<a/>', bytes: 2_345, truncated: false, redacted: 0, rules: 'default 1' };
const plain = (text: string | null) => text?.replaceAll(/[\u2009\u202f]/g, ' ');

describe('the words of a captured body', () => {
  it('say how large it was, what was removed by which rules, and whether it was cut', () => {
    expect(plain(bodyWords(body))).toBe('2.35 kB on the wire; no value removed by rules default 1; whole.');
    expect(plain(bodyWords({ ...body, text: 'x'.repeat(4_096), truncated: true, redacted: 2 }))).toBe(
      '2.35 kB on the wire; 2 values removed by rules default 1; cut after 4 096 characters.',
    );
  });
  it('say why a body was withheld', () => {
    expect(plain(bodyWords({ ...body, text: '', withheld: 'its encoding is unknown' }))).toMatch(
      /^Withheld, because its encoding is unknown: .* 2.35 kB/,
    );
  });
  it('set the marks of removed values apart', () => {
    expect(splitRedacted('<a>[redacted]</a><b>[redacted]')).toEqual(['<a>', '[redacted]', '</a><b>', '[redacted]', '']);
  });
});

describe('the bodies that are shown', () => {
  it('are shown once where both sides captured the same', () => {
    const half = halfStandIn({ requestBody: body });
    expect(shownBodies({ client: half, server: half }).map(({ by }) => by)).toEqual([
      'captured by caller and service alike',
    ]);
    const other = halfStandIn({ requestBody: { ...body, text: '<b/>' }, replyBody: body });
    expect(shownBodies({ client: half, server: other }).map(({ message, by }) => `${message} ${by}`)).toEqual([
      'Request captured by the caller',
      'Request captured by the service',
      'Reply captured by the service',
    ]);
    expect(shownBodies({ client: null, server: null })).toEqual([]);
  });
});

describe('the words of attachments', () => {
  it('name the first ones by type and size, and count the others', () => {
    expect(attachmentWords(null)).toBeNull();
    expect(plain(attachmentWords({ count: 1, parts: [{ mediaType: 'image/png', bytes: 20_000 }] }))).toBe(
      '1 attachment: image/png 20 kB',
    );
    const parts = [
      { mediaType: 'image/png', bytes: 20_000 },
      { mediaType: '', bytes: 5 },
    ];
    expect(plain(attachmentWords({ count: 5, parts }))).toBe(
      '5 attachments: image/png 20 kB, of unknown type 5 B, 3 more',
    );
  });
});
