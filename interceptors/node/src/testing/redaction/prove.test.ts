import { describe, expect, it } from 'vitest';
import { heldPrefix } from '../../observation/held-body.ts';
import { leaksIn, viewsOf } from './leaks.ts';
import { type Capture, prove } from './prove.ts';
import type { Secret } from './secrets.ts';

/** `npm run redaction` runs a million; these are the first of them. */
const CASES = 3_000;

describe('generated envelopes with planted secrets', () => {
  it('are reported without any of them, and with what is harmless', () => {
    const tally = prove(0, CASES);
    expect(tally.findings).toEqual([]);
    expect(tally).toMatchObject({ cases: CASES, leaks: 0, wrongs: 0 });
    expect(tally.secrets).toBeGreaterThan(CASES);
    expect(tally.harmless).toBeGreaterThan(CASES / 2);
    expect(tally.cut).toBeGreaterThan(CASES / 5);
    expect(tally.withheld).toBeLessThan(CASES / 5);
    // About ten seconds; more where other tests want the machine.
  }, 120_000);
});

describe('the proof', () => {
  const facts = { bytes: 1, truncated: false, redacted: 0, rules: 'none' };
  const asItIs: Capture = (body) => ({ ...facts, text: Buffer.from(heldPrefix(body, 65_536)).toString('utf8') });
  const byExpression: Capture = (...args) => {
    const captured = asItIs(...args);
    const text = captured?.text.replace(/<([\w:.-]*(?:password|token|secret|pin)[^>]*)>[^<]*<\//gi, '<$1>XXX</');
    return captured === null || text === undefined ? null : { ...captured, text };
  };
  const nothing: Capture = () => ({ ...facts, text: '' });

  it('finds the leaks of a capture that redacts nothing, and of one that redacts by expressions', () => {
    expect(prove(0, 300, asItIs).leaks).toBeGreaterThan(150);
    expect(prove(0, 300, byExpression).leaks).toBeGreaterThan(100);
  });

  it('does not take a capture that shows nothing', () => {
    expect(prove(0, 300, nothing).wrongs).toBeGreaterThan(50);
  });

  const marker: Secret = { kind: 'marker', plain: 'AB1CD2EF3GH4' };
  const card: Secret = { kind: 'card', plain: '4111111111111111' };
  it.each([
    ['a piece', 'xx D2EF3G xx', marker],
    ['by references', '&#65;B1&#x43;D2', marker],
    ['twice escaped', '&amp;#65;B1CD2', marker],
    ['across CDATA', '<![CDATA[AB1]]><![CDATA[CD2]]>', marker],
    ['across CDATA in CDATA', '<![CDATA[<![CDATA[AB1]]]]><![CDATA[>CD2]]>', marker],
    ['across tags', 'AB1<b/>CD2', marker],
    ['in groups', '4111 1111 1111 1111', card],
    ['half a number', '41111111', card],
  ])('sees a secret %s', (_, text, secret) => {
    expect(leaksIn(viewsOf(text), [secret])).toEqual([secret]);
    expect(leaksIn(viewsOf('<a>nothing of it: 12345</a>'), [secret])).toEqual([]);
  });
});
