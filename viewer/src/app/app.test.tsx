import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { SessionSnapshot } from '../session/session.ts';
import { TimeBar } from '../time-bar/TimeBar.tsx';
import { EmptyMap } from './EmptyMap.tsx';
import { FirstRun } from './FirstRun.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { Notices } from './Notices.tsx';
import { pageStandIn } from './page-stand-in.tsx';
import { emptySnapshot, NOW, nodeView } from './session-stand-in.ts';
import { TopBar } from './TopBar.tsx';

const html = (snapshot: Partial<SessionSnapshot>, page: ReactNode): string =>
  renderToStaticMarkup(pageStandIn({ ...emptySnapshot, ...snapshot }, page));
const words = (snapshot: Partial<SessionSnapshot>, page: ReactNode): string =>
  html(snapshot, page)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/[\s\u2009\u202f]+/g, ' ');
const replay = {
  kind: 'replay',
  window: { from: NOW - 60_000_000, to: NOW },
  playing: true,
  speed: 10,
  loaded: 1,
} as const;

describe('the row of chrome', () => {
  it('says how late the live picture is', () => {
    expect(words({}, <TopBar />)).toMatch(/Live .* Connected 0.12 s behind/);
  });
  it('says how many messages are drawn only when it is not all of them', () => {
    expect(words({}, <TopBar />)).not.toContain('drawn');
    expect(words({ sample: 4 }, <TopBar />)).toContain('1 in 4 drawn');
  });
  it('says that it replays, and how fast, and not that it is behind', () => {
    const text = words({ mode: replay }, <TopBar />);
    expect(text).toMatch(/Replay 10×/);
    expect(text).not.toContain('behind');
  });
  it('gives every button a name', () => {
    const buttons = html({}, <TopBar />).match(/<button[^>]*>.*?<\/button>/g) ?? [];
    for (const button of buttons)
      expect(button.replaceAll(/<svg.*?<\/svg>/g, '')).toMatch(/aria-label="[^"]+"|>[^<]*\w/);
  });
});

describe('the canvas', () => {
  it('is one tab stop that says what is selected and how to move', () => {
    const text = html(
      { nodes: [nodeView('bank', { state: 'down' })], selection: { kind: 'node', id: 'bank' } },
      <MapCanvas hidden={false} onOpen={() => {}} />,
    );
    expect(text.match(/tabindex="0"/g)).toHaveLength(1);
    expect(text).toContain('Selected: bank, endpoint, down');
    expect(text).toContain('Arrow keys move between neighbours');
  });
});

describe('the first run', () => {
  it('says how to connect the first service, by code and by environment', () => {
    const text = words({}, <FirstRun />);
    expect(text).toContain('monitorSoap({ monitor: &#x27;http://localhost:4600&#x27;, name: &#x27;bank&#x27; })');
    expect(text).toContain('SOA_MONITOR_URL=http://localhost:4600');
  });
  it('does not claim that nobody speaks before the monitor was heard', () => {
    expect(words({ connection: 'connecting' }, <EmptyMap isSure={false} />)).toContain('Connecting to the monitor');
    expect(words({ connection: 'connected' }, <EmptyMap isSure={false} />)).toContain('Loading the map');
  });
});

describe('the notices', () => {
  it('say nothing when all is well', () => {
    expect(words({ nodes: [nodeView('bank')] }, <Notices />).trim()).toBe('');
  });
  it('say what a lost connection means and what to do', () => {
    expect(words({ connection: 'disconnected' }, <Notices />)).toMatch(
      /No connection .* stands still at .* tried again by itself/,
    );
    expect(words({ connection: 'disconnected', mode: replay, nodes: [nodeView('a')] }, <Notices />)).toContain(
      'can be replayed',
    );
  });
  it('tell an empty window from one that could not be loaded', () => {
    expect(words({ mode: replay }, <Notices />)).toContain('Nothing was recorded in this window');
    const failed = { mode: { ...replay, loaded: 0 }, problem: 'the server failed' };
    expect(words(failed, <Notices />)).toMatch(/could not be loaded whole .* the server failed/);
    expect(words(failed, <Notices />)).not.toContain('Nothing was recorded');
  });
});

describe('the time bar', () => {
  it('has the recorder buttons, and speeds in a replay', () => {
    const text = html({ mode: replay }, <TimeBar />);
    for (const name of ['To the message before', 'Pause', 'To the next message', 'Speed'])
      expect(text).toContain(`aria-label="${name}"`);
    expect(text).toContain('role="slider"');
  });
  it('shows unknown, not zero, of a window that is not loaded yet', () => {
    expect(words({ mode: { ...replay, loaded: 0 } }, <TimeBar />)).toMatch(/Calls unknown p95 unknown Failed unknown/);
  });
});
