import { expandReferences } from './references.ts';

/** The prefixes in force, innermost last. */
export interface Namespaces {
  readonly prefixes: string[];
  readonly uris: string[];
  readonly depths: number[];
}

/** More declarations than this in force at once are not kept: no real envelope has them. */
const DECLARATIONS_MAX = 256;

export const createNamespaces = (): Namespaces => ({ prefixes: [], uris: [], depths: [] });

/** Takes the xmlns attributes of a start tag at `depth`; what deeper or equal tags declared goes out of force. */
export function enterTag(namespaces: Namespaces, text: string, nameEnd: number, tagEnd: number, depth: number): void {
  const { prefixes, uris, depths } = namespaces;
  while (depths.length > 0 && (depths[depths.length - 1] ?? 0) >= depth) {
    depths.pop();
    prefixes.pop();
    uris.pop();
  }
  // Most tags declare nothing; those that may are read attribute by attribute, since a value could contain the word.
  const attributes = text.slice(nameEnd, tagEnd);
  if (!attributes.includes('xmlns')) return;
  let at = 0;
  while (depths.length < DECLARATIONS_MAX) {
    const equals = attributes.indexOf('=', at);
    if (equals < 0) return;
    const name = attributes.slice(at, equals).trim();
    let quote = equals + 1;
    while (quote < attributes.length && attributes.charCodeAt(quote) <= 32) quote++;
    const close = attributes.indexOf(attributes.charAt(quote), quote + 1);
    if (close < 0 || quote >= attributes.length) return;
    if (name === 'xmlns' || name.startsWith('xmlns:')) {
      depths.push(depth);
      prefixes.push(name === 'xmlns' ? '' : name.slice(6));
      uris.push(expandReferences(attributes.slice(quote + 1, close)));
    }
    at = close + 1;
  }
}

/** The namespace of a prefix ('' the default one); '' when it is not declared. */
export function namespaceOf(namespaces: Namespaces, prefix: string): string {
  for (let i = namespaces.prefixes.length - 1; i >= 0; i--) {
    if (namespaces.prefixes[i] === prefix) return namespaces.uris[i] ?? '';
  }
  return '';
}
