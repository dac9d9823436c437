import type { CapturedBody } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './describe-store.ts';
import { createReporter, loopback, MILLI, MINUTE, NOON, SECOND } from './estate.ts';
import { openTemporary } from './opened.ts';

const body = (text: string, more: Partial<CapturedBody> = {}): CapturedBody => ({
  text,
  bytes: text.length,
  truncated: false,
  redacted: 0,
  rules: 'default 1',
  ...more,
});

export function describeBodies(name: string, open: OpenStore): void {
  describe(`${name}: captured bodies`, () => {
    it('gives them with one exchange, each in the half that captured it, and never with a list', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const shop = createReporter({ name: 'shop' });
      const connection = loopback(5000, 4611);
      const asked = body('<a>[redacted]</a>', { redacted: 1, truncated: true, bytes: 90_000 });
      const answered = body('', { withheld: 'it is not well-formed XML' });
      const extras = { attempts: 3, bodyHash: 'x', requestBody: asked };
      await opened.send(shop, [shop.called({ start: NOON, connection, ordinal: 0, extras })]);
      await opened.send(bank, [
        bank.served({ start: NOON + 100, connection, ordinal: 0, extras: { replyBody: answered } }),
      ]);
      await opened.settle(SECOND);
      await opened.reopen();
      const [exchange] = await opened.exchanges();
      expect(await opened.store.exchange(exchange?.id ?? '')).toMatchObject({
        client: { requestBody: asked, replyBody: null, attempts: 3, hasBodyHash: true },
        server: { requestBody: null, replyBody: answered, attempts: null, hasBodyHash: false },
      });
      expect(JSON.stringify(await opened.exchanges())).not.toContain('redacted');
      expect(await opened.store.check()).toEqual([]);
    });

    it('completes what an open brought by its close, in either order', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      for (const [start, isReversed] of [
        [NOON, false],
        [NOON + SECOND, true],
      ] as const) {
        const open_ = bank.served({ start, part: 'open', extras: { requestBody: body('<begun/>') } });
        const close = bank.served({
          start,
          part: 'close',
          exchangeNo: open_.exchangeNo,
          extras: { requestBody: body('<whole/>'), replyBody: body('<reply/>') },
        });
        const rows = isReversed ? [close, open_] : [open_, close];
        for (const row of rows) await opened.send(bank, [row], start - NOON + MILLI);
      }
      await opened.settle(2 * SECOND);
      for (const { id } of await opened.exchanges())
        expect((await opened.store.exchange(id))?.server).toMatchObject({
          requestBody: { text: '<whole/>' },
          replyBody: { text: '<reply/>' },
        });
    });

    it('does not show the body of one call as that of another when a reporter uses a number twice', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const first = bank.served({ start: NOON, extras: { requestBody: body('<first/>') } });
      const second = { start: NOON + 5, exchangeNo: first.exchangeNo, extras: { requestBody: body('<second/>') } };
      await opened.send(bank, [first, bank.served(second)]);
      await opened.settle(SECOND);
      const [exchange] = await opened.exchanges();
      expect((await opened.store.exchange(exchange?.id ?? ''))?.server?.requestBody?.text).toBe('<first/>');
    });

    it('forgets them with their exchange', async () => {
      await using opened = await openTemporary(open);
      const bank = createReporter({ name: 'bank', port: 4611 });
      const extras = { requestBody: body('<a/>'), replyBody: body('<b/>') };
      await opened.send(bank, [
        bank.served({ start: NOON - 60 * MINUTE, extras: { requestBody: body('<gone/>') } }),
        bank.served({ start: NOON, extras }),
        bank.served({ start: NOON + MINUTE, extras: { requestBody: body('<kept/>') } }),
      ]);
      await opened.settle(2 * SECOND);
      const window = { from: NOON - 120 * MINUTE, to: NOON + 60 * MINUTE };
      const ids = (await opened.exchanges(window)).map(({ id }) => id).reverse();
      expect(ids).toHaveLength(3);
      await opened.store.forget(NOON);
      const left = await Promise.all(ids.map((id) => opened.store.exchange(id)));
      expect(left.map((each) => each?.server?.requestBody?.text)).toEqual([undefined, '<a/>', '<kept/>']);
      await opened.store.forget(NOON, { bodiesBefore: NOON + 60 * MINUTE });
      expect(await opened.store.exchange(ids[2] ?? '')).toMatchObject({ server: { requestBody: null } });
      // A body without its observation would be found here.
      expect(await opened.store.check()).toEqual([]);
    });
  });
}
