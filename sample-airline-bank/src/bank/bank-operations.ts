import { textField, wholeNumberField } from '../soap/fields.ts';
import { declaredFault, done, type Operations, plainFault, type Reply } from '../soap/operation.ts';
import type { Accounts, Moved, Movement } from './accounts.ts';

/** The most that one movement may carry: ten million in whole money. */
const AMOUNT_CENTS_MAX = 1_000_000_000;

/** The bank's contract over its accounts. */
export function bankOperations(accounts: Accounts): Operations {
  return {
    openAccount(request) {
      const account = textField(request, 'account');
      const owner = textField(request, 'owner');
      const openingCents = amountOf(request, 'openingCents');
      if (account === undefined || owner === undefined || openingCents === undefined) return notUnderstood();
      const balanceCents = accounts.open(account, owner, openingCents);
      return balanceCents === undefined ? plainFault('The bank takes no more accounts.') : done({ balanceCents });
    },
    balance(request) {
      const account = textField(request, 'account');
      if (account === undefined) return notUnderstood();
      const balanceCents = accounts.balance(account);
      return balanceCents === undefined ? unknownAccount(account) : done({ balanceCents });
    },
    deposit(request) {
      const movement = movementOf(request);
      return movement === undefined ? notUnderstood() : replyOf(accounts.deposit(movement), movement);
    },
    withdraw(request) {
      const movement = movementOf(request);
      return movement === undefined ? notUnderstood() : replyOf(accounts.withdraw(movement), movement);
    },
  };
}

function movementOf(request: unknown): Movement | undefined {
  const account = textField(request, 'account');
  const reference = textField(request, 'reference');
  const amountCents = amountOf(request, 'amountCents');
  if (account === undefined || reference === undefined || amountCents === undefined) return undefined;
  return { account, reference, amountCents };
}

function amountOf(request: unknown, name: string): number | undefined {
  const amountCents = wholeNumberField(request, name);
  return amountCents !== undefined && amountCents <= AMOUNT_CENTS_MAX ? amountCents : undefined;
}

function replyOf(moved: Moved, { account, amountCents, reference }: Movement): Reply {
  switch (moved.kind) {
    case 'moved':
      return done({ balanceCents: moved.balanceCents });
    case 'unknownAccount':
      return unknownAccount(account);
    case 'referenceTaken':
      return plainFault(`${reference} already names another movement.`);
    case 'insufficientFunds':
      return declaredFault('InsufficientFunds', `${account} does not hold that much.`, {
        account,
        balanceCents: moved.balanceCents,
        neededCents: amountCents,
      });
  }
}

function unknownAccount(account: string): Reply {
  return declaredFault('UnknownAccount', `There is no account ${account}.`, { account });
}

function notUnderstood(): Reply {
  return plainFault('A field of the request is missing or out of bounds.');
}
