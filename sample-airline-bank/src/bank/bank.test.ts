import { expect, test } from 'vitest';
import { startBank, temporaryFolder } from '../estate-under-test.ts';

const anna = { account: 'anna', owner: 'Anna', openingCents: 50_000 };

test('opening an account twice pays the opening in once', async () => {
  const { call } = await startBank();
  await call('openAccount', anna);
  await call('withdraw', { account: 'anna', amountCents: 10_000, reference: 'w1' });
  expect(await call('openAccount', anna)).toMatchObject({ kind: 'ok', body: { balanceCents: 40_000 } });
});

test('a withdrawal that is repeated with its reference takes the money once', async () => {
  const { call } = await startBank();
  await call('openAccount', anna);
  const withdrawal = { account: 'anna', amountCents: 20_000, reference: 'w1' };
  const answers = await Promise.all([call('withdraw', withdrawal), call('withdraw', withdrawal)]);
  for (const answer of answers) expect(answer).toMatchObject({ kind: 'ok', body: { balanceCents: 30_000 } });
});

test('a reference that already names another movement moves nothing', async () => {
  const { call, accounts } = await startBank();
  await call('openAccount', anna);
  await call('withdraw', { account: 'anna', amountCents: 20_000, reference: 'w1' });
  expect(await call('deposit', { account: 'anna', amountCents: 20_000, reference: 'w1' })).toMatchObject({
    kind: 'fault',
  });
  expect(accounts.balance('anna')).toBe(30_000);
});

test('taking more than there is, is the declared fault and takes nothing', async () => {
  const { call, accounts } = await startBank();
  await call('openAccount', anna);
  const answer = await call('withdraw', { account: 'anna', amountCents: 50_001, reference: 'w1' });
  expect(answer).toMatchObject({
    kind: 'fault',
    name: 'InsufficientFunds',
    detail: { account: 'anna', balanceCents: '50000' },
  });
  expect(accounts.balance('anna')).toBe(50_000);
});

test('an account that nobody opened is the declared fault', async () => {
  const { call } = await startBank();
  expect(await call('balance', { account: 'nobody' })).toMatchObject({ kind: 'fault', name: 'UnknownAccount' });
});

test.each([
  { account: 'anna', amountCents: -1, reference: 'r' },
  { account: 'anna', amountCents: 1e12, reference: 'r' },
  { account: '', amountCents: 1, reference: 'r' },
  { account: 'anna', amountCents: 1 },
])('a deposit that makes no sense is a fault and pays nothing in: %o', async (deposit) => {
  const { call, accounts } = await startBank();
  await call('openAccount', anna);
  expect(await call('deposit', deposit)).toMatchObject({ kind: 'fault' });
  expect(accounts.balance('anna')).toBe(50_000);
});

test('what was answered is there after a start over the same folder, without a clean end before', async () => {
  const folder = temporaryFolder();
  const before = await startBank(folder);
  await before.call('openAccount', anna);
  await before.call('deposit', { account: 'anna', amountCents: 1, reference: 'd1' });
  const after = await startBank(folder);
  expect(await after.call('balance', { account: 'anna' })).toMatchObject({ body: { balanceCents: 50_001 } });
});
