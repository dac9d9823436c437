import type { RedactionRules } from './redaction-rules.ts';
import { isSecurityStructure, SECURITY_HEADERS } from './well-known.ts';

/**
 * `shown`: its values are looked through. `structure`: below a security header, its elements are shown and no value.
 * `removed`: nothing below it is shown.
 */
export type Treatment = 'shown' | 'structure' | 'removed';

/** An element that is open. */
export interface Level {
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly treatment: Treatment;
  /** Its tags are shown: not so below what is removed. */
  readonly isTagShown: boolean;
  /** The mark of what was removed stands there already. */
  isMarked: boolean;
  /** The last child was a key that names a secret. */
  hidesNext: boolean;
}

/** By name and place alone; its attributes may yet turn `shown` into `removed`. */
export function treatmentOf(
  parent: Level | undefined,
  namespace: string,
  local: string,
  rules: RedactionRules,
): Treatment {
  if (parent?.treatment === 'removed' || rules.hides(namespace, local)) return 'removed';
  if (parent?.treatment === 'structure') return isSecurityStructure(namespace) ? 'structure' : 'removed';
  if (parent?.hidesNext && VALUE.test(local)) return 'removed';
  // Whatever its namespace: a stack may know an edition that is not listed here.
  const isSecurity = local === 'Security' && (SECURITY_HEADERS.has(namespace) || parent?.local === 'Header');
  return isSecurity ? 'structure' : 'shown';
}

/** `<key>password</key><value>…</value>`, as maps are written: the value after a key. */
const KEY = /^(?:key|name|param|parameter|property|field|attribute)(?:Name)?$/i;
const VALUE = /(?:value|val|content|data|text)$|^v$/i;
const KEY_LENGTH_MAX = 128;

/** Remembers at the parent whether the child that was just closed is a key that names a secret. */
export function noteKey(parent: Level | undefined, child: Level, text: string, rules: RedactionRules): void {
  if (parent === undefined || !KEY.test(child.local)) return;
  parent.hidesNext = text.length <= KEY_LENGTH_MAX && rules.hides('', text.trim());
}
