import { randomBytes } from 'node:crypto';
import type { ServiceSettings } from '../process/settings.ts';
import { startService } from '../process/start.ts';
import { onStop } from '../process/stop.ts';
import { createTally } from '../process/tally.ts';
import { type Call, counted } from '../soap/call.ts';
import { airlineContract, bankContract, type Contract } from '../soap/contract.ts';
import type { Listening } from '../soap/listen.ts';
import type { Operations } from '../soap/operation.ts';
import { airlineOperations } from './airline-operations.ts';
import { createBankDesk } from './bank-desk.ts';
import { createBookingDesk } from './booking-desk.ts';
import { openLedger } from './ledger.ts';
import type { Timetable } from './timetable.ts';

/** A SOAP stack, from both sides: offering a contract and calling one. */
export type Stack = {
  serve(contract: Contract, operations: Operations, port: number): Promise<Listening>;
  call(contract: Contract, endpoint: string, timeoutMillis: number): Promise<Call>;
};

/** Twice this, for balance and withdraw, is less than the clients' own patience. */
const BANK_TIMEOUT_MILLIS = 2_000;
const SETTLE_MILLIS = 1_000;

/** Composes one airline out of its timetable and its stack, and runs it until the process is told to stop. */
export async function runAirline(timetable: Timetable, stack: Stack, settings: ServiceSettings): Promise<void> {
  const { port, dataFolder, bankUrl, tallyFolder } = settings;
  const listening = await startService(timetable.airline, port, async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const ledger = openLedger(dataFolder, timetable, tomorrow, () => randomBytes(3).toString('hex'));
    const tally = createTally(timetable.airline, tallyFolder);
    process.once('exit', () => {
      tally.write();
      ledger.close();
    });
    const callBank = counted(await stack.call(bankContract, bankUrl, BANK_TIMEOUT_MILLIS), 'bank', tally);
    const desk = createBookingDesk({ ledger, bank: createBankDesk(callBank) });
    const offered = await stack.serve(airlineContract, airlineOperations({ ledger, desk }), port);
    const settling = settleAgainAndAgain(desk.settle);
    const close = () => {
      clearInterval(settling);
      offered.close();
    };
    return { ...offered, close };
  });
  onStop(() => listening.close());
}

/** Never two at a time: a slow bank must not be asked more often for that. */
function settleAgainAndAgain(settle: () => Promise<void>): NodeJS.Timeout {
  let settling = false;
  return setInterval(() => {
    if (settling) return;
    settling = true;
    void settle().finally(() => {
      settling = false;
    });
  }, SETTLE_MILLIS);
}
