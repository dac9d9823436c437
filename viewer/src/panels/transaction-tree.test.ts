import { describe, expect, it } from 'vitest';
import { exchangeStandIn } from './exchange-stand-in.ts';
import { type TransactionBranch, transactionTree } from './transaction-tree.ts';

const shape = (branches: readonly TransactionBranch[]): string =>
  branches.map(({ exchange, children }) => exchange.id + (children.length > 0 ? `(${shape(children)})` : '')).join(' ');
const made = (id: string, parent: string | null, start: number) => exchangeStandIn(id, { parent, start });

describe('a transaction as a tree', () => {
  it('puts each call under the one that caused it, in order of time', () => {
    const tree = transactionTree([made('pay', 'book', 3), made('book', null, 1), made('check', 'book', 2)]);
    expect(shape(tree)).toBe('book(check pay)');
  });
  it('keeps a call whose parent is not known', () => {
    expect(shape(transactionTree([made('a', 'gone', 2), made('b', null, 1)]))).toBe('b a');
  });
  it('shows each call of a circle once', () => {
    expect(shape(transactionTree([made('a', 'b', 1), made('b', 'a', 2)]))).toBe('a(b)');
    expect(shape(transactionTree([made('a', 'a', 1)]))).toBe('a');
  });
});
