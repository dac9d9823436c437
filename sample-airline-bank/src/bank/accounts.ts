import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type Movement = { readonly account: string; readonly amountCents: number; readonly reference: string };
export type Moved =
  | { readonly kind: 'moved'; readonly balanceCents: number }
  | { readonly kind: 'unknownAccount' }
  | { readonly kind: 'insufficientFunds'; readonly balanceCents: number }
  | { readonly kind: 'referenceTaken' };

export type Accounts = {
  /** Opening an account that is there changes nothing. Undefined: the bank takes no more. */
  open(account: string, owner: string, openingCents: number): number | undefined;
  balance(account: string): number | undefined;
  /** A reference moves money once: the same movement again is answered like the first and moves nothing. */
  deposit(movement: Movement): Moved;
  withdraw(movement: Movement): Moved;
  close(): void;
};

const ACCOUNTS_MAX = 100_000;
/** References older than this many movements are forgotten: a repeat that late would move the money again. */
const MOVEMENTS_KEPT = 100_000;

/** The bank's own data, in `bank.db` in this folder. What was answered is on disk; a killed process loses nothing. */
export function openAccounts(folder: string): Accounts {
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, 'bank.db'));
  // In WAL mode NORMAL survives the death of the process; only a power cut can take the last commits.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(`
    CREATE TABLE IF NOT EXISTS account (account TEXT PRIMARY KEY, owner TEXT NOT NULL, balance_cents INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS movement (
      number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE,
      account TEXT NOT NULL, change_cents INTEGER NOT NULL);
  `);
  const countAccounts = database.prepare<[], number>('SELECT count(*) FROM account').pluck();
  const insertAccount = database.prepare('INSERT INTO account VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const readBalance = database.prepare<[string], number>('SELECT balance_cents FROM account WHERE account = ?').pluck();
  const changeBalance = database.prepare('UPDATE account SET balance_cents = balance_cents + ? WHERE account = ?');
  const readMovement = database.prepare<[string], { account: string; change_cents: number }>(
    'SELECT account, change_cents FROM movement WHERE reference = ?',
  );
  const insertMovement = database.prepare('INSERT INTO movement (reference, account, change_cents) VALUES (?, ?, ?)');
  const forgetMovements = database.prepare('DELETE FROM movement WHERE number <= ?');

  const move = database.transaction((account: string, changeCents: number, reference: string): Moved => {
    const balanceCents = readBalance.get(account);
    if (balanceCents === undefined) return { kind: 'unknownAccount' };
    const earlier = readMovement.get(reference);
    if (earlier !== undefined) {
      const same = earlier.account === account && earlier.change_cents === changeCents;
      return same ? { kind: 'moved', balanceCents } : { kind: 'referenceTaken' };
    }
    if (balanceCents + changeCents < 0) return { kind: 'insufficientFunds', balanceCents };
    changeBalance.run(changeCents, account);
    const { lastInsertRowid } = insertMovement.run(reference, account, changeCents);
    forgetMovements.run(Number(lastInsertRowid) - MOVEMENTS_KEPT);
    return { kind: 'moved', balanceCents: balanceCents + changeCents };
  });

  return {
    open(account, owner, openingCents) {
      if ((countAccounts.get() ?? 0) < ACCOUNTS_MAX) insertAccount.run(account, owner, openingCents);
      return readBalance.get(account);
    },
    balance: (account) => readBalance.get(account),
    deposit: ({ account, amountCents, reference }) => move.immediate(account, amountCents, reference),
    withdraw: ({ account, amountCents, reference }) => move.immediate(account, -amountCents, reference),
    close: () => database.close(),
  };
}
