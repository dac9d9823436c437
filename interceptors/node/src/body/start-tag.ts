import { REDACTED, removePatterns } from './patterns.ts';
import { type RedactMarkup, redactValue, type ValueTask } from './redact-value.ts';
import type { RedactionRules } from './redaction-rules.ts';
import { escaped } from './run.ts';
import { type Scope, uriOf } from './scope.ts';
import type { Attribute, StrictReader } from './strict-reader.ts';
import type { Treatment } from './treatment.ts';
import { isConstant } from './well-known.ts';

/** A start tag as it is given out. */
export interface StartTag {
  readonly text: string;
  readonly hits: number;
  /** What its attributes made of the treatment: one may name a secret that stands in the element. */
  readonly treatment: Treatment;
  readonly problem: string | null;
}

/** From here on a name is long enough to hold a card number. */
const NUMBER_LENGTH_MIN = 13;

export function startTag(
  reader: StrictReader,
  scope: Scope,
  namespace: string,
  byName: Treatment,
  task: ValueTask,
  redactMarkup: RedactMarkup,
): StartTag {
  const { rules } = task;
  const { text, attributes, start, end, isEmpty, name } = reader;
  if (holdsNumber(name)) return wrong('a name that holds a number');
  if (attributes.length === 0) return { text: text.slice(start, end), hits: 0, treatment: byName, problem: null };
  const naming = byName === 'shown' ? attributeNamingSecret(attributes, rules) : null;
  const treatment = naming === null ? byName : 'removed';
  let hits = 0;
  let isAsWritten = true;
  let written = `<${name}`;
  for (const attribute of attributes) {
    const colon = attribute.name.indexOf(':');
    const local = attribute.name.slice(colon + 1);
    const isDeclaration = attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:');
    const own = isDeclaration || colon < 0 ? '' : uriOf(scope, attribute.name.slice(0, colon));
    if (own === null) return wrong('a prefix that is not declared');
    if (holdsNumber(attribute.name)) return wrong('a name that holds a number');
    // An attribute without a prefix is in no namespace, but whoever names one by QName means the element's.
    const isHidden =
      treatment === 'shown'
        ? !isDeclaration && (rules.hides(own, local) || (colon < 0 && rules.hides(namespace, local)))
        : attribute !== naming && !isConstant(local, attribute.value);
    const value = isHidden ? hidden(attribute.value) : redactValue(attribute.value, task, redactMarkup);
    hits += value.hits;
    const isSame = value.text === attribute.value;
    if (!isSame) isAsWritten = false;
    const quoted = isSame ? text.slice(attribute.from, attribute.to) : `"${value.text.replace(/[&<>"]/g, escaped)}"`;
    written += ` ${attribute.name}=${quoted}`;
  }
  // As it was written, unless something was taken out.
  const shown = isAsWritten ? text.slice(start, end) : `${written}${isEmpty ? '/>' : '>'}`;
  return { text: shown, hits, treatment, problem: null };
}

const wrong = (problem: string): StartTag => ({ text: '', hits: 0, treatment: 'removed', problem });

const hidden = (value: string): { text: string; hits: number } =>
  value === '' ? { text: '', hits: 0 } : { text: REDACTED, hits: 1 };

const holdsNumber = (name: string): boolean => name.length >= NUMBER_LENGTH_MIN && removePatterns(name, []).hits > 0;

/** `<param name="password">…</param>`, `<property key="db.pwd" value="…"/>` */
const NAMING = /^(?:name|key|param|parameter|property|field)$/i;

function attributeNamingSecret(attributes: readonly Attribute[], rules: RedactionRules): Attribute | null {
  for (const attribute of attributes) {
    const { name, value } = attribute;
    if (!NAMING.test(name.slice(name.indexOf(':') + 1)) || !isName(value)) continue;
    if (rules.hides('', lastStep(value))) return attribute;
  }
  return null;
}

const isName = (value: string): boolean => /^[^\s<>]{1,128}$/.test(value);

const lastStep = (value: string): string => value.slice(Math.max(value.lastIndexOf(':'), value.lastIndexOf('/')) + 1);
