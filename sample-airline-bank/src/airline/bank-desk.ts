import type { Call } from '../soap/call.ts';
import { wholeNumberField } from '../soap/fields.ts';
import type { Answer } from '../soap/outcome.ts';

/** What the bank said to an airline. `unreachable`: the request never arrived; `unclear`: it may have been done. */
export type BankAnswer =
  | { readonly kind: 'done'; readonly balanceCents: number }
  | { readonly kind: 'insufficientFunds'; readonly balanceCents: number }
  | { readonly kind: 'unknownAccount' | 'unreachable' | 'unclear' };

export type BankDesk = {
  balance(account: string): Promise<BankAnswer>;
  /** The reference makes a repeat harmless. */
  withdraw(account: string, amountCents: number, reference: string): Promise<BankAnswer>;
  deposit(account: string, amountCents: number, reference: string): Promise<BankAnswer>;
};

export function createBankDesk(call: Call): BankDesk {
  return {
    balance: async (account) => read(await call('balance', { account })),
    withdraw: async (account, amountCents, reference) =>
      read(await call('withdraw', { account, amountCents, reference })),
    deposit: async (account, amountCents, reference) =>
      read(await call('deposit', { account, amountCents, reference })),
  };
}

function read(answer: Answer): BankAnswer {
  switch (answer.kind) {
    case 'ok': {
      const balanceCents = wholeNumberField(answer.body, 'balanceCents');
      return balanceCents === undefined ? { kind: 'unclear' } : { kind: 'done', balanceCents };
    }
    case 'fault':
      if (answer.name === 'UnknownAccount') return { kind: 'unknownAccount' };
      if (answer.name !== 'InsufficientFunds') return { kind: 'unclear' };
      return { kind: 'insufficientFunds', balanceCents: wholeNumberField(answer.detail, 'balanceCents') ?? 0 };
    case 'refused':
      return { kind: 'unreachable' };
    default:
      return { kind: 'unclear' };
  }
}
