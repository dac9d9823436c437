import type { Exchange } from '@soa-monitor/protocol';

/** An exchange for tests: airline-a books at the bank, 12 ms, both halves seen. */
export const exchangeStandIn = (id: string, changes: Partial<Exchange> = {}): Exchange => ({
  id,
  transaction: id,
  parent: null,
  link: 'airline-a>bank',
  source: 'airline-a',
  target: 'bank',
  sourceName: 'airline-a',
  targetName: 'bank · /bank',
  call: {
    path: '/bank',
    operation: { namespace: 'urn:bank', name: 'Withdraw' },
    action: 'urn:bank/Withdraw',
    soapVersion: '1.1',
  },
  outcome: 'ok',
  lost: false,
  status: 200,
  fault: null,
  start: 1_795_000_000_000_000,
  durationMicros: 12_000,
  requestSent: 1_795_000_000_000_000,
  requestReceived: 1_795_000_000_001_000,
  replySent: 1_795_000_000_011_000,
  replyReceived: 1_795_000_000_012_000,
  requestBytes: 512,
  replyBytes: 384,
  halves: 'both',
  evidence: 'connection',
  ...changes,
});
