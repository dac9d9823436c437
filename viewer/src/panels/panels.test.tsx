import type { ExchangeDetail, NodeProcess } from '@soa-monitor/protocol';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { pageStandIn } from '../app/page-stand-in.tsx';
import { emptySnapshot, linkView, NOW, nodeView, quietFigures } from '../app/session-stand-in.ts';
import type { SessionSnapshot } from '../session/session.ts';
import { ExchangeView } from './ExchangePanel.tsx';
import { exchangeStandIn, halfStandIn } from './exchange-stand-in.ts';
import { SidePanel } from './SidePanel.tsx';
import { TableTwin } from './TableTwin.tsx';
import { Watchers } from './WatchedBy.tsx';

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
  const half = halfStandIn({ start: NOW, outcome: 'fault', status: 500, ids: { messageId: 'urn:uuid:1' } });
  const alone = { clock: null, attempts: [] };
  const fault = { code: 'soap:Client', reason: 'Not enough money' };

  it('shows its fault, where its time went, how it was joined and what each side recorded', () => {
    const detail = {
      exchange: exchangeStandIn('x', { outcome: 'fault', fault, status: 500 }),
      client: half,
      server: { ...half, role: 'server' as const },
      ...alone,
    };
    const text = words({}, <ExchangeView detail={detail} />);
    expect(text).toMatch(/Withdraw .* fault 12 ms/);
    expect(text).toContain('Not enough money');
    expect(text).toMatch(/In the service 10 ms 83.3 %/);
    expect(text).toContain('same connection, same place on it: certain');
    expect(text).toContain('127.0.0.1:4611-127.0.0.1:5000, request 5');
    expect(text).toMatch(/Request whole \+100 µs \+100 µs/);
  });
  it('does not make up the half that nobody reported', () => {
    const unjoined = { halves: 'client', evidence: null, confidence: null } as const;
    const exchange = exchangeStandIn('x', { ...unjoined, requestReceived: null, replySent: null });
    const text = words({}, <ExchangeView detail={{ exchange, client: half, server: null, ...alone }} />);
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
    expect(words({}, <ExchangeView detail={{ exchange, client: null, server: null, ...alone }} />)).toContain(
      'in flight',
    );
  });
});

describe('what was captured of an exchange', () => {
  const body = { text: '<a><b>[redacted]</b></a>', bytes: 24, truncated: false, redacted: 1, rules: 'default 1' };
  const page = (changes: Partial<ExchangeDetail>) => {
    const detail = {
      exchange: exchangeStandIn('x'),
      client: null,
      server: null,
      clock: null,
      attempts: [],
      ...changes,
    };
    return renderToStaticMarkup(pageStandIn(emptySnapshot, <ExchangeView detail={detail} />));
  };

  it('stands there as text, indented, with what was removed marked', () => {
    const html = page({ client: halfStandIn({ requestBody: body }) });
    expect(html).toContain('&lt;a&gt;\n  &lt;b&gt;<mark>[redacted]</mark>&lt;/b&gt;\n&lt;/a&gt;</pre>');
    expect(html).toContain('1 value removed by rules default 1');
  });
  it('is never markup of the page', () => {
    const html = page({ client: halfStandIn({ requestBody: { ...body, text: '<img src=x onerror="alert(1)">' } }) });
    expect(html).not.toContain('<img');
  });
  it('says that a body was cut, or withheld and why', () => {
    expect(page({ client: halfStandIn({ requestBody: { ...body, truncated: true } }) })).toContain('… cut here');
    const withheld = page({
      server: halfStandIn({ replyBody: { ...body, text: '', withheld: 'its encoding is unknown' } }),
    });
    expect(withheld).toContain('Withheld, because its encoding is unknown');
    expect(withheld).not.toContain('<pre');
  });
  it('says how to capture bodies where none were', () => {
    const html = page({ client: halfStandIn() });
    expect(html).toContain('Bodies are not captured');
    expect(html).toContain('SOA_MONITOR_BODIES=/bank');
  });
  it('tells the rounds that it took, the attachments, the ambiguity and the clocks', () => {
    const attempt = {
      id: 'y',
      start: NOW,
      durationMicros: 1_500,
      status: 401,
      outcome: 'attempt',
      address: 'h:1',
      path: '/p',
    } as const;
    const html = page({
      exchange: exchangeStandIn('x', { evidence: null, confidence: null, ambiguous: true, halves: 'client' }),
      client: halfStandIn({
        attempts: 2,
        requestAttachments: { count: 1, parts: [{ mediaType: 'image/png', bytes: 9 }] },
      }),
      clock: { offsetMicros: -2_000, uncertaintyMicros: 300 },
      attempts: [attempt],
    });
    const text = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/[\s\u2009\u202f]+/g, ' ');
    expect(text).toMatch(/The message took 2 HTTP rounds .* h:1\/p HTTP 401 1.5 ms/);
    expect(text).toContain('1 attachment: image/png 9 B');
    expect(text).toContain('ambiguous, several halves would fit, so none was joined');
    expect(text).toContain('the service’s 2 ms behind the caller’s (± 300 µs)');
  });
  it('tells what named the operation of an encrypted Body, and all subcodes of a fault', () => {
    const operation = { namespace: '', name: 'Pay' };
    const html = page({
      exchange: exchangeStandIn('x', {
        call: { path: '/bank', operation, operationSource: 'soapAction', encrypted: true },
        fault: { code: 'env:Sender', subcode: 'a:One', subcodes: ['a:One', 'a:Two'] },
      }),
    });
    expect(html).toContain('named by SOAPAction, since the Body is encrypted');
    expect(html).toContain('env:Sender / a:One / a:Two');
  });
});

describe('who watches a node', () => {
  const process: NodeProcess = {
    ...{ reporter: 'r', node: 'bank', name: 'bank', machine: 'm', life: 'reporting', lastReportAt: NOW },
    ...{ observed: 9, acknowledged: 9, refused: 0, dropped: {}, gaps: 0, difference: 0 },
    ...{ pid: 42, stack: 'node 20', firstReportAt: NOW, noise: 3, pings: 1, failures: 0 },
    listeners: [{ address: '127.0.0.1', port: 4611, tls: false }],
  };
  const told = (...processes: readonly NodeProcess[]) => words({}, <Watchers processes={processes} now={NOW} />);

  it('is an interceptor in its process, with what it counted beside the messages', () => {
    expect(told(process)).toMatch(
      /Watched by an interceptor .* reports .* 42, node 20 .* 3 HTTP requests that were no SOAP; 1 ping answered/,
    );
    expect(told()).toBe('');
  });
  it('is a proxy, whose life is told apart from that of the service behind it', () => {
    const behind = { address: '127.0.0.1:9000', state: 'down', detail: 'refuses connections' } as const;
    const proxy = { ...process, listeners: [{ address: '127.0.0.1', port: 4611, tls: false, behind }] };
    expect(told(proxy)).toMatch(
      /Watched by a proxy The proxy 127.0.0.1:4611 reports Behind it 127.0.0.1:9000 down refuses connections/,
    );
    const gone = { ...proxy, life: 'silent', lastReportAt: NOW - 90_000_000 } as const;
    expect(told(gone)).toMatch(/silent since 1 min .* when the proxy last told: refuses connections/);
  });
  it('says what was lost on the way, also of an earlier start', () => {
    expect(told(process, { ...process, reporter: 'q', life: 'silent', gaps: 17 })).toContain(
      '17 observations never arrived from bank',
    );
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
  it('lists what was found, and of how many', () => {
    const found = { nodes: new Set(['airline']), links: new Set<string>() };
    const text = words({ ...estate, found }, <TableTwin />);
    expect(text).toContain('found: 1 of 2 nodes, 0 of 1 links');
    expect(text).not.toContain('bank · /bank');
  });
});
