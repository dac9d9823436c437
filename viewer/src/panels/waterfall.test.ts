import { describe, expect, it } from 'vitest';
import { outcomeWords } from './outcome-words.ts';
import { waterfallOf } from './waterfall.ts';

describe('where the time of an exchange went', () => {
  it('splits it into the way there, the service and the way back', () => {
    const { parts, lengthMicros } =
      waterfallOf({ requestSent: 1_000, requestReceived: 1_200, replySent: 1_900, replyReceived: 2_000 }) ?? {};
    expect(lengthMicros).toBe(1_000);
    expect(parts).toEqual([
      { kind: 'whole', offset: 0, width: 1, durationMicros: 1_000 },
      { kind: 'request', offset: 0, width: 0.2, durationMicros: 200 },
      { kind: 'service', offset: 0.2, width: 0.7, durationMicros: 700 },
      { kind: 'reply', offset: 0.9, width: 0.1, durationMicros: 100 },
    ]);
  });
  it('tells only of what was seen from both ends', () => {
    const client = waterfallOf({ requestSent: 10, requestReceived: null, replySent: null, replyReceived: 60 });
    expect(client?.parts.map((part) => part.kind)).toEqual(['whole']);
    const server = waterfallOf({ requestSent: null, requestReceived: 10, replySent: 60, replyReceived: null });
    expect(server?.parts.map((part) => part.kind)).toEqual(['service']);
  });
  it('says nothing of a message that only left', () => {
    expect(waterfallOf({ requestSent: 10, requestReceived: null, replySent: null, replyReceived: null })).toBeNull();
  });
  it('does not divide by nothing', () => {
    const none = waterfallOf({ requestSent: 10, requestReceived: 10, replySent: 10, replyReceived: 10 });
    expect(none?.parts.every((part) => part.width === 0)).toBe(true);
  });
});

describe('the words of an outcome', () => {
  it('tell a call in flight from one whose process went away', () => {
    expect(outcomeWords({ outcome: null, lost: false, status: 0 }).word).toBe('in flight');
    expect(outcomeWords({ outcome: null, lost: true, status: 0 }).word).toBe('lost');
  });
  it('name the HTTP status of an HTTP error', () => {
    expect(outcomeWords({ outcome: 'httpError', lost: false, status: 503 }).word).toBe('HTTP 503');
    expect(outcomeWords({ outcome: 'fault', lost: false, status: 500 }).word).toBe('fault');
  });
});
