import { createPageEncoder, outcomeCode } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { NOW, nodeView } from '../app/session-stand-in.ts';
import { type IncidentHead, parseIncident, readIncident } from './incident.ts';
import { incidentHtml } from './incident-html.ts';
import { createIncidentModel } from './incident-model.ts';
import { createPlayer } from './player-frame.ts';

const window = { from: NOW, to: NOW + 60_000_000 };
const hostile = '</script><script>alert(1)</script><!--';
const estate = {
  nodes: [nodeView('kiosk', { kind: 'client' }).node, { ...nodeView('bank').node, name: hostile }],
  links: [{ id: 'k>b', source: 'kiosk', target: 'bank' }],
  states: [],
};
const nothing = { exchanges: [], cells: [], gone: [] };

function pageOf(cursor: string | null): ArrayBuffer {
  const encoder = createPageEncoder({ ids: true });
  const call = encoder.call('k>b', 'withdraw');
  encoder.exchange(NOW, 1, call, outcomeCode('fault'), NOW, NOW + 1_000, NOW + 5_000, NOW + 6_000, 6_000);
  const counts = { count: 1, faults: 1, errors: 0, requestBytes: 9, replyBytes: 9 };
  encoder.cell('k>b', Math.floor(NOW / 1_000_000), counts, [10, 1]);
  return encoder.finish({ window, sample: 1, version: 3, after: '', cursor, estate }).buffer;
}

const head: IncidentHead = {
  madeAt: NOW,
  window,
  at: NOW,
  level: 'endpoint',
  theme: 'light',
  find: '',
  places: { kiosk: [0, 0], bank: [100, 0] },
};

async function read(pages: number) {
  let asked = 0;
  const shares: number[] = [];
  const answer = await readIncident(
    {
      pictureAt: async (at) => ({ kind: 'ok', value: { at, feed: { ...estate, ...nothing } } }) as never,
      replayBytes: async () => ({ kind: 'ok', value: pageOf(++asked < pages ? `c${asked}` : null) }),
    },
    head,
    (share) => shares.push(share),
    new AbortController().signal,
  );
  if (answer.kind !== 'ok') throw new Error(answer.kind);
  return { incident: answer.value, asked, shares };
}

describe('a replay in one file', () => {
  it('holds the whole window, and plays it by the same rule as the live map', async () => {
    const { incident, shares } = await read(2);
    expect(incident).toMatchObject({ incomplete: '', sample: 1 });
    expect(shares.at(-1)).toBe(1);
    const model = createIncidentModel(incident);
    if (model === null) throw new Error('the pages are damaged');
    const { links } = model.viewsAt(NOW + 2_000_000);
    expect(links[0]?.figures).toMatchObject({ count: 1, faults: 1, faultShare: 1 });
    const player = createPlayer(incident, model);
    const size = { width: 800, height: 600 };
    expect(player.frameAt(NOW + 200_000, 1, size, true).dots).toBeGreaterThan(0);
    expect(player.frameAt(NOW + 30_000_000, 1, size, true).dots).toBe(0);
    expect(player.frameAt(NOW + 200_000, 1, size, false).dots).toBe(0);
    expect(player.messagesBefore(NOW + 1, 10).map(({ operation }) => operation)).toEqual(['withdraw']);
  });
  it('says that it is not the whole window when that is too long for a file', async () => {
    const { incident, asked } = await read(100);
    expect(asked).toBe(20);
    expect(incident.incomplete).toContain('Only the first');
  });
  it('comes back from its page as it was, names being neither markup nor code', async () => {
    const { incident } = await read(1);
    const html = incidentHtml(incident, 'const a = "</script>";', `T ${hostile}`);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const [, data = ''] = /id="incident">(.*?)<\/script>/s.exec(html) ?? [];
    expect(parseIncident(data)).toEqual(incident);
    expect(html).toContain("default-src 'none'");
  });
  it('is refused when its data are damaged, or of a later version', async () => {
    const { incident } = await read(1);
    expect(parseIncident('{')).toBeNull();
    expect(parseIncident(JSON.stringify({ ...incident, version: 2 }))).toBeNull();
    const [page = ''] = incident.pages;
    expect(createIncidentModel({ ...incident, pages: [page.slice(0, 40)] })).toBeNull();
  });
});
