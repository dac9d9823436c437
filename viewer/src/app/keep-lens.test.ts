import { describe, expect, it } from 'vitest';
import { exchangeStandIn } from '../panels/exchange-stand-in.ts';
import { keepLens } from './keep-lens.ts';
import { emptySnapshot, linkView, nodeView, sessionStandIn } from './session-stand-in.ts';
import { createViewChoices, FIRST_CHOICES } from './view-choices.ts';

function open() {
  const nodes = ['bank', 'airline', 'kiosk'].map((id) => nodeView(id));
  const links = [linkView('kiosk', 'airline', { members: ['k>a'] }), linkView('airline', 'bank')];
  const { session } = sessionStandIn({ ...emptySnapshot, nodes, links });
  const choices = createViewChoices(FIRST_CHOICES);
  const exchanges = [exchangeStandIn('e1', { link: 'k>a' })];
  const stop = keepLens(session, choices, {
    transaction: async (id) =>
      id === 't' ? { kind: 'ok', value: { id, exchanges } } : { kind: 'failed', status: 404, words: 'gone' },
  });
  return { choices, stop, found: () => session.getSnapshot().found };
}

describe('what is looked for', () => {
  it('is shown on the map while it is typed, and all of it again when nothing is', () => {
    const { choices, found } = open();
    choices.change({ find: 'bank' });
    expect([...(found()?.nodes ?? [])].sort()).toEqual(['airline', 'bank']);
    choices.change({ find: '' });
    expect(found()).toBeNull();
  });
  it('stays as it was while the search makes no sense', () => {
    const { choices, found } = open();
    choices.change({ find: 'kiosk' });
    choices.change({ find: 'kiosk and (' });
    expect(found()?.links).toEqual(new Set(['kiosk>airline']));
  });
  it('is a transaction as soon as it is known, at any level, and the search again after it', async () => {
    const { choices, found } = open();
    choices.change({ find: 'bank', transaction: 't' });
    await expect.poll(() => [...(found()?.links ?? [])]).toEqual(['kiosk>airline']);
    choices.change({ transaction: null });
    expect([...(found()?.links ?? [])]).toEqual(['airline>bank']);
  });
  it('is no transaction when there is none', async () => {
    const { choices } = open();
    choices.change({ transaction: 'unknown' });
    await expect.poll(() => choices.get().transaction).toBeNull();
  });
});
