import { storeFailure } from '../problem/store-failure.ts';

/** What keeps the store from taking reports, until it takes one again: for /readyz and the answers to reporters. */
export interface StoreTrouble {
  /** In words that may be shown to anybody: no path, nothing of the data. Null: none. */
  current(): string | null;
  /** Names the failure. */
  failed(error: unknown): string;
  stored(): void;
}

export function createStoreTrouble(): StoreTrouble {
  let trouble: string | null = null;
  return {
    current: () => trouble,
    failed(error) {
      trouble = storeFailure(error) ?? 'the store fails: its log says why';
      return trouble;
    },
    stored() {
      trouble = null;
    },
  };
}
