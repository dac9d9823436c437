import type { Choice } from './choices.ts';

export type Customer = { readonly account: string; readonly owner: string; readonly openingCents: number };

const OPENING_CENTS = 500_000;

/** Whose account a choice is about: one of the client's own customers, or the one who never has any money. */
export function customerOf(client: string, { wish, customer }: Choice): Customer {
  if (wish === 'bookBroke') return { account: `${client}-broke`, owner: 'A customer without money', openingCents: 0 };
  const number = String(customer + 1).padStart(2, '0');
  return { account: `${client}-${number}`, owner: `Customer ${number} of ${client}`, openingCents: OPENING_CENTS };
}
