import { describe, expect, it } from 'vitest';
import { type CapturePlan, planCapture } from './body-settings.ts';

function plan(given: unknown, environment: { readonly [name: string]: string } = {}): CapturePlan {
  const planned = planCapture(given, environment);
  if (planned === null || typeof planned === 'string') throw new Error(`no plan: ${planned}`);
  return planned;
}

const target = { path: null, isPathPrefix: false, namespace: null, operation: null, side: null };

describe('what is captured', () => {
  it('is nothing by default', () => {
    expect(planCapture(undefined, {})).toBeNull();
    expect(planCapture(undefined, { SOA_MONITOR_BODIES: ' ', SOA_MONITOR_REDACT: 'pin' })).toBeNull();
    expect(planCapture({ capture: [] }, {})).toBeNull();
  });

  it('is named by path, operation and side', () => {
    const { targets, charsMax } = plan({
      capture: [{ path: '/bank' }, { path: '/b*', operation: '{urn:x}pay', side: 'client' }, { operation: 'book' }],
    });
    expect(targets).toEqual([
      { ...target, path: '/bank' },
      { ...target, path: '/b', isPathPrefix: true, namespace: 'urn:x', operation: 'pay', side: 'client' },
      { ...target, operation: 'book' },
    ]);
    expect(charsMax).toBe(16_384);
  });

  it('is named by the environment alike', () => {
    expect(plan(undefined, { SOA_MONITOR_BODIES: '/bank, /airline#book,#{urn:a,b}pay,*' }).targets).toEqual([
      { ...target, path: '/bank' },
      { ...target, path: '/airline', operation: 'book' },
      { ...target, namespace: 'urn:a,b', operation: 'pay' },
      { ...target, path: '', isPathPrefix: true },
    ]);
  });

  it.each([
    ['bodies', '/bank'],
    ['bodies', true],
    ['a setting misspelt', { capture: [{ path: '/' }], redakt: {} }],
    ['a rule misspelt', { capture: [{ path: '/' }], redact: { name: ['x'] } }],
    ['no list', { capture: '/bank' }],
    ['a target of nothing', { capture: [{}] }],
    ['a target by side alone', { capture: [{ side: 'server' }] }],
    ['a path without a slash', { capture: [{ path: 'bank' }] }],
    ['a star amid a path', { capture: [{ path: '/a*b' }] }],
    ['a side that is none', { capture: [{ path: '/', side: 'both' }] }],
    ['an operation that is none', { capture: [{ operation: 'a b' }] }],
    ['no number', { capture: [{ path: '/' }], maxChars: '100' }],
    ['too many characters', { capture: [{ path: '/' }], maxChars: 65_537 }],
    ['a name that is none', { capture: [{ path: '/' }], redact: { names: ['wsse:Password'] } }],
    ['a name with half a namespace', { capture: [{ path: '/' }], redact: { names: ['{urn:x'] } }],
    ['a pattern that is none', { capture: [{ path: '/' }], redact: { patterns: ['phone'] } }],
    ['what to keep', { capture: [{ path: '/' }], redact: { keep: 'token' } }],
  ])('is nothing, and it is said why, where a setting is wrong: %s', (_, given) => {
    expect(planCapture(given, {})).toEqual(expect.any(String));
  });

  it('is nothing where the environment is wrong', () => {
    expect(planCapture(undefined, { SOA_MONITOR_BODIES: 'bank' })).toEqual(expect.any(String));
    expect(planCapture(undefined, { SOA_MONITOR_BODIES: '/bank', SOA_MONITOR_REDACT: 'wsse:pin' })).toEqual(
      expect.any(String),
    );
  });
});

describe('the rules', () => {
  it('say by their id what the user added', () => {
    const capture = [{ path: '/' }];
    const plain = plan({ capture, redact: { patterns: ['cardNumber', 'iban'] } }).rules.id;
    const named = plan({ capture, redact: { names: ['x'] } }).rules.id;
    expect(plain).toBe('soa-monitor-1');
    expect(named).toMatch(/^soa-monitor-1\+[0-9a-f]{8}$/);
    expect(plan({ capture }, { SOA_MONITOR_REDACT: 'x' }).rules.id).toBe(named);
    expect(plan({ capture, redact: { names: ['y'] } }).rules.id).not.toBe(named);
  });
});
