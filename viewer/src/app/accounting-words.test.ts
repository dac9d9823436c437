import type { Accounting } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { accountingAlarm } from './accounting-words.ts';

const balanced: Accounting = {
  observed: 10,
  acknowledged: 10,
  refused: 0,
  inTransit: 0,
  queued: 0,
  dropped: 0,
  stored: 10,
  expired: 0,
  difference: 0,
  droppedByReason: {},
  gaps: 0,
  reporters: [],
};

describe('the accounting alarm', () => {
  it('is silent when every observation is accounted for, or nothing is known yet', () => {
    expect(accountingAlarm(balanced)).toBeNull();
    expect(accountingAlarm(null)).toBeNull();
  });
  it('is loud when the books do not balance, whatever else is wrong', () => {
    expect(accountingAlarm({ ...balanced, dropped: 5, difference: 3 })).toMatchObject({
      bad: true,
      title: 'The books do not balance: 3 observations missing',
    });
    expect(accountingAlarm({ ...balanced, difference: -1 })?.title).toMatch('1 observation too many');
  });
  it('says what was dropped or refused, and that the messages themselves passed', () => {
    expect(accountingAlarm({ ...balanced, dropped: 1_200 })?.title).toMatch('1\u2009200 observations dropped');
    expect(accountingAlarm({ ...balanced, dropped: 1 })?.meaning).toMatch('passed untouched');
    expect(accountingAlarm({ ...balanced, gaps: 17 })?.title).toMatch('17 observations never arrived');
    expect(accountingAlarm({ ...balanced, refused: 2 })?.title).toMatch('2 observations refused');
  });
  it('names who lost what and why, and counts what it does not name', () => {
    const reporters = Array.from({ length: 9 }, (_, index) => ({
      ...{ reporter: `r${index}`, node: 'n', name: `airline-${index}`, machine: 'm', lastReportAt: 1 },
      ...{ life: 'silent', observed: 9, acknowledged: 1, refused: 0, dropped: {}, gaps: 9 - index, difference: 0 },
    })) as Accounting['reporters'];
    const lines = accountingAlarm({ ...balanced, gaps: 45, reporters })?.lines ?? [];
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^9 observations never arrived from airline-0/);
    expect(lines.at(-1)).toBe('And 4 more.');
  });
});
