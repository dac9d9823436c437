/** What is written from right to left, and the marks that turn the direction of what follows. */
const TURNING = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const ISOLATES = /[\u2066-\u2069]/g;

/** A name of strangers as a part of a text of ours: it cannot turn round what stands beside it. */
export const isolated = (name: string): string =>
  TURNING.test(name) ? `\u2068${name.replaceAll(ISOLATES, '')}\u2069` : name;
