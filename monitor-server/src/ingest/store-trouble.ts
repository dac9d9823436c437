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
      trouble = nameOf(error instanceof Error ? error.message : String(error));
      return trouble;
    },
    stored() {
      trouble = null;
    },
  };
}

/** By SQLite's own words: the code of an error does not survive the way from the writer's thread. */
function nameOf(message: string): string {
  return NAMES.find(([words]) => words.test(message))?.[1] ?? 'the store fails: its log says why';
}

const NAMES: readonly (readonly [words: RegExp, name: string])[] = [
  [/is full/i, 'the disk is full'],
  [/readonly|read-only/i, 'the database is read-only'],
  [/locked|busy/i, 'another process holds the database'],
  [/malformed|not a database|corrupt/i, 'the database is damaged: soa-monitor check says where'],
  [/disk i\/o|unable to open/i, 'the disk fails'],
];
