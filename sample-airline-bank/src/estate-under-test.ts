import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { airlineOperations } from './airline/airline-operations.ts';
import { createBankDesk } from './airline/bank-desk.ts';
import { createBookingDesk } from './airline/booking-desk.ts';
import { openLedger } from './airline/ledger.ts';
import type { Stack } from './airline/run-airline.ts';
import type { Timetable } from './airline/timetable.ts';
import { openAccounts } from './bank/accounts.ts';
import { bankOperations } from './bank/bank-operations.ts';
import type { Call } from './soap/call.ts';
import { callWithSoap } from './soap/call-with-soap.ts';
import { callWithStrongSoap } from './soap/call-with-strong-soap.ts';
import { airlineContract, bankContract } from './soap/contract.ts';
import { serveWithSoap } from './soap/serve-with-soap.ts';
import { serveWithStrongSoap } from './soap/serve-with-strong-soap.ts';

export const stacks: readonly (Stack & { readonly name: string })[] = [
  { name: 'soap', serve: serveWithSoap, call: callWithSoap },
  { name: 'strong-soap', serve: serveWithStrongSoap, call: callWithStrongSoap },
];

export const smallTimetable: Timetable = {
  airline: 'airline-a',
  prefix: 'TT',
  routes: [{ code: 'TT1', from: 'Here', to: 'There', fareCents: 10_000, seats: 2 }],
};

export const firstFlight = 'TT1-2027-01-01';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sample-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function startBank(folder = temporaryFolder(), port = 0) {
  const accounts = openAccounts(folder);
  const listening = await serveWithSoap(bankContract, bankOperations(accounts), port);
  const call = await callWithSoap(bankContract, listening.url, 2_000);
  onTestFinished(() => listening.close());
  return { ...listening, accounts, call };
}

/** An airline in this process. `around` stands between it and the bank. */
export async function startAirline(
  stack: Stack,
  bankUrl: string,
  { folder = temporaryFolder(), timetable = smallTimetable, around = (call: Call) => call } = {},
) {
  const ledger = openLedger(folder, timetable, '2027-01-01', () => 'test');
  const callBank = around(await stack.call(bankContract, bankUrl, 2_000));
  const desk = createBookingDesk({ ledger, bank: createBankDesk(callBank) });
  const listening = await stack.serve(airlineContract, airlineOperations({ ledger, desk }), 0);
  onTestFinished(() => listening.close());
  return { ...listening, ledger, desk, folder, call: await callWithSoap(airlineContract, listening.url, 5_000) };
}
