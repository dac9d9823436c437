import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { pageStandIn } from '../app/page-stand-in.tsx';
import { emptySnapshot, linkView, NOW, nodeView, quietFigures } from '../app/session-stand-in.ts';
import type { SessionSnapshot } from '../session/session.ts';
import { ExchangeView } from './ExchangePanel.tsx';
import { exchangeStandIn } from './exchange-stand-in.ts';
import { SidePanel } from './SidePanel.tsx';
import { TableTwin } from './TableTwin.tsx';

const figures = {
  ...quietFigures,
  count: 120,
  perSecond: 2,
  faults: 12,
  faultShare: 0.1,
  p95Micros: 12_345,
  inFlight: 1,
};
const bank = nodeView('bank', {
  label: 'bank · /bank',
  state: 'down',
  stateReason: '5 pings in a row unanswered',
  stateSince: NOW - 42_000_000,
  figures,
});
const estate: Partial<SessionSnapshot> = {
  nodes: [bank, nodeView('airline', { kind: 'client', absent: true })],
  links: [linkView('airline', 'bank', { figures })],
};
/** The words of a page, tags and narrow spaces taken out. */
const words = (snapshot: Partial<SessionSnapshot>, page: React.ReactNode): string =>
  renderToStaticMarkup(pageStandIn({ ...emptySnapshot, ...snapshot }, page))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/[\s\u2009\u202f]+/g, ' ');
const panel = (selection: SessionSnapshot['selection']) =>
  words({ ...estate, selection }, <SidePanel focusAsked={0} />);

describe('the side panel', () => {
  it('says of a node what it is, its state with reason and age, its figures and its links', () => {
    const text = panel({ kind: 'node', id: 'bank' });
    expect(text).toContain('bank · /bank');
    expect(text).toMatch(/down since 42 s ago : 5 pings in a row unanswered/);
    expect(text).toMatch(/Rate 2 \/s p95 12.3 ms Failed 10 % In flight 1/);
    expect(text).toContain('Called by');
  });
  it('says unknown, never zero, of a node that was not seen', () => {
    const text = panel({ kind: 'node', id: 'airline' });
    expect(text).toMatch(/Rate unknown p95 unknown Failed unknown In flight unknown/);
    expect(text).toContain('not seen at this moment');
  });
  it('says so when what is selected is not on this map', () => {
    expect(panel({ kind: 'node', id: 'gone' })).toContain('not part of the map at this level and time');
  });
  it('shows, with nothing selected, what is in trouble', () => {
    const text = panel(null);
    expect(text).toMatch(/In trouble bank · \/bank down/);
    expect(text).toMatch(/Calls that failed airline → bank 10 %/);
  });
  it('does not call an estate of which nothing is known well', () => {
    expect(words({ connection: 'connecting' }, <SidePanel focusAsked={0} />)).toMatch(
      /Rate unknown .* No state is known yet/,
    );
  });
});

describe('one exchange', () => {
  const half = {
    reporter: 'r',
    node: 'n',
    exchangeNo: 1,
    role: 'client',
    call: { path: '/bank', operation: null },
    start: NOW,
    requestLast: 100,
    replyFirst: 9_000,
    replyLast: 9_500,
    end: 9_500,
    requestBytes: 512,
    replyBytes: 1_234,
    outcome: 'fault',
    status: 500,
    fault: null,
    connection: '127.0.0.1:4611-127.0.0.1:5000',
    ordinal: 4,
    ids: { messageId: 'urn:uuid:1' },
  } as const;
  const fault = { code: 'soap:Client', reason: 'Not enough money' };

  it('shows its fault, where its time went, how it was joined and what each side recorded', () => {
    const detail = {
      exchange: exchangeStandIn('x', { outcome: 'fault', fault, status: 500 }),
      client: half,
      server: { ...half, role: 'server' as const },
    };
    const text = words({}, <ExchangeView detail={detail} />);
    expect(text).toMatch(/Withdraw .* fault 12 ms/);
    expect(text).toContain('Not enough money');
    expect(text).toMatch(/In the service 10 ms 83.3 %/);
    expect(text).toContain('same connection, same place on it');
    expect(text).toContain('127.0.0.1:4611-127.0.0.1:5000, request 5');
    expect(text).toMatch(/Request whole \+100 µs \+100 µs/);
  });
  it('does not make up the half that nobody reported', () => {
    const exchange = exchangeStandIn('x', { halves: 'client', requestReceived: null, replySent: null, evidence: null });
    const text = words({}, <ExchangeView detail={{ exchange, client: half, server: null }} />);
    expect(text).toContain('Only the caller reported this message');
    expect(text).toMatch(/Request whole \+100 µs not seen/);
    expect(text).not.toContain('In the service');
  });
  it('has no duration while it is in flight', () => {
    const exchange = exchangeStandIn('x', {
      outcome: null,
      durationMicros: null,
      replySent: null,
      replyReceived: null,
    });
    expect(words({}, <ExchangeView detail={{ exchange, client: null, server: null }} />)).toContain('in flight');
  });
});

describe('the table twin', () => {
  it('lists every node with state and figures, as a table with a sorted column', () => {
    const html = renderToStaticMarkup(pageStandIn({ ...emptySnapshot, ...estate }, <TableTwin />));
    expect(html).toContain('<table>');
    expect(html.match(/<tr/g)).toHaveLength(3);
    expect(html).toContain('aria-sort="descending"');
    expect(words(estate, <TableTwin />)).toMatch(/bank · \/bank endpoint down 2 \/s 12.3 ms 10 % 1/);
  });
});
