import { createHash } from 'node:crypto';
import { namesSecret } from './secret-names.ts';
import { isAssertion } from './well-known.ts';

/** What is taken out of captured bodies. The rules of WS-Security, card numbers and IBANs always apply. */
export interface RedactionRules {
  /** Name, version, and a fingerprint of what the user added. */
  readonly id: string;
  /** Whether the value of an element or attribute of this name is a secret. */
  hides(namespace: string, local: string): boolean;
  readonly expressions: readonly RegExp[];
}

/** Rises with every change of what the built-in rules remove. */
const VERSION = 'soa-monitor-1';

/** Names as `{namespace}local` or, in any namespace, `local`. Case counts in the namespace alone. */
export interface NamedRules {
  readonly names: readonly string[];
  /** Names that the built-in list would hide and that are no secrets. The user's own `names` win, and WS-Security does. */
  readonly keep: readonly string[];
  readonly expressions: readonly RegExp[];
}

/** A service has few names; a hostile one that makes up new ones pushes the others out now and then. */
const REMEMBERED_MAX = 2_048;

export function createRedactionRules({ names, keep, expressions }: NamedRules): RedactionRules {
  const hidden = new Set(names.map(folded));
  const kept = new Set(keep.map(folded));
  const remembered = new Map<string, boolean>();
  const isBuiltIn = (local: string): boolean => {
    const known = remembered.get(local);
    if (known !== undefined) return known;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    const isSecret = namesSecret(local);
    // Copied: a slice would keep the whole message alive.
    remembered.set(Buffer.from(local).toString(), isSecret);
    return isSecret;
  };
  return {
    id: idOf({ names, keep, expressions }),
    hides: (namespace, local) => {
      if (hasName(hidden, namespace, local) || isAssertion(namespace, local)) return true;
      return isBuiltIn(local) && !hasName(kept, namespace, local);
    },
    expressions: expressions.map((expression) => new RegExp(expression.source, globalFlags(expression))),
  };
}

function hasName(names: ReadonlySet<string>, namespace: string, local: string): boolean {
  if (names.size === 0) return false;
  const name = local.toLowerCase();
  return names.has(name) || names.has(`{${namespace}}${name}`);
}

function folded(name: string): string {
  const brace = name.lastIndexOf('}') + 1;
  return name.slice(0, brace) + name.slice(brace).toLowerCase();
}

/** All matches wherever they stand: sticky would stop at the first that is missing. */
const globalFlags = (expression: RegExp): string => `${expression.flags.replace(/[gy]/g, '')}g`;

function idOf({ names, keep, expressions }: NamedRules): string {
  if (names.length + keep.length + expressions.length === 0) return VERSION;
  const own = JSON.stringify([names, keep, expressions.map(String)]);
  return `${VERSION}+${createHash('sha256').update(own).digest('hex').slice(0, 8)}`;
}
