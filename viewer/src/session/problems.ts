/** What a feed could not do, in words for the user, by what it is about: one that is over takes only its own words back. */
export interface Problems {
  say(about: About, words: string | null): void;
  /** The one that was said first; null: all is well. */
  first(): string | null;
}

type About = 'places' | 'replay' | 'step' | 'missed';

export function createProblems(): Problems {
  const said = new Map<About, string>();
  return {
    say(about, words) {
      if (words === null) said.delete(about);
      else said.set(about, words);
    },
    first: () => [...said.values()][0] ?? null,
  };
}
