import { REDACTED, type Removed, removePatterns } from './patterns.ts';
import type { Redaction, RedactionTask } from './redact-markup.ts';

export type RedactMarkup = (task: RedactionTask) => Redaction;
export type ValueTask = Pick<RedactionTask, 'rules' | 'nesting'>;

/** A message in a text in a message: no deeper than this is read; what still looks like markup then is removed whole. */
const NESTING_MAX = 3;

/** A tag, or a reference that whoever reads the text once more will expand. */
const LOOKS_LIKE_MARKUP = /<[A-Za-z_:!?/\u0080-\uffff]|&(?:#\d|#x[\da-f]|lt;|gt;|amp;|quot;|apos;)/i;

/** A text or an attribute's value, as it reads, without its secrets. `redactMarkup` reads what stands in it. */
export function redactValue(value: string, task: ValueTask, redactMarkup: RedactMarkup): Removed {
  const { rules, nesting } = task;
  if (!LOOKS_LIKE_MARKUP.test(value)) return removePatterns(value, rules.expressions);
  if (nesting === NESTING_MAX) return { text: REDACTED, hits: 1 };
  const charsMax = Number.POSITIVE_INFINITY;
  const inner = redactMarkup({ text: value, isWhole: true, isFragment: true, nesting: nesting + 1, rules, charsMax });
  if (inner.kind === 'withheld') return { text: REDACTED, hits: 1 };
  const outer = removePatterns(inner.text, rules.expressions);
  return { text: outer.text, hits: inner.hits + outer.hits };
}
