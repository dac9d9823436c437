/** The prefixes in force, innermost last; the namespaces as written. */
export interface Namespaces {
  readonly prefixes: string[];
  readonly uris: string[];
  readonly depths: number[];
}

/** More declarations than this in force at once are not kept: no real envelope has them. */
const DECLARATIONS_MAX = 256;

const XML = 'http://www.w3.org/XML/1998/namespace';

export const createNamespaces = (): Namespaces => ({ prefixes: [], uris: [], depths: [] });

/** Takes an attribute of a start tag at `depth` if it declares a namespace. */
export function declare(namespaces: Namespaces, attribute: string, value: string, depth: number): void {
  const { prefixes, uris, depths } = namespaces;
  if (!attribute.startsWith('xmlns') || depths.length >= DECLARATIONS_MAX) return;
  if (attribute.length > 5 && attribute.charCodeAt(5) !== 58) return;
  depths.push(depth);
  prefixes.push(attribute.slice(6));
  uris.push(value);
}

/** Whether a declaration may be missing. */
export const isFull = ({ depths }: Namespaces): boolean => depths.length >= DECLARATIONS_MAX;

/** What was declared at `depth` and deeper goes out of force. */
export function leaveTag({ prefixes, uris, depths }: Namespaces, depth: number): void {
  while (depths.length > 0 && (depths[depths.length - 1] ?? 0) >= depth) {
    depths.pop();
    prefixes.pop();
    uris.pop();
  }
}

/** The namespace of a prefix ('' the default one), as written; '' when it is not declared. */
export function namespaceOf(namespaces: Namespaces, prefix: string): string {
  for (let i = namespaces.prefixes.length - 1; i >= 0; i--) {
    if (namespaces.prefixes[i] === prefix) return namespaces.uris[i] ?? '';
  }
  return prefix === 'xml' ? XML : '';
}
