import { describe, expect, it } from 'vitest';
import { lossWords } from './loss-words.ts';

const none = { name: 'airline-a', life: 'reporting', dropped: {}, gaps: 0, refused: 0 } as const;
const words = (losses: Parameters<typeof lossWords>[0]) =>
  lossWords(losses).map((line) => line.replaceAll('\u2009', ','));

describe('the words of what was lost', () => {
  it('are none when nothing is missing', () => {
    expect(words(none)).toEqual([]);
  });
  it('say who dropped how much and why, the most first', () => {
    expect(words({ ...none, dropped: { tooManyInFlight: 1, queueFull: 1_200 } })).toEqual([
      '1,200 observations were dropped by airline-a because its queue was full (monitor away or slow).',
      '1 observation was dropped by airline-a because too many calls ran at once to follow each of them.',
    ]);
  });
  it('tell a reason of a newer interceptor as it is named', () => {
    expect(words({ ...none, dropped: { constructor: 2 } })).toEqual([
      '2 observations were dropped by airline-a (constructor).',
    ]);
  });
  it('say what never arrived, and what had become of its process', () => {
    expect(words({ ...none, gaps: 17, life: 'silent' })[0]).toMatch(/^17 observations never arrived .* killed/);
    expect(words({ ...none, gaps: 1, life: 'closed' })[0]).toMatch(/^1 observation never arrived .* ended before/);
  });
});
